using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>Storage and balances in memory, as a node's state would hold them; remembers what a block changes.</summary>
internal sealed class MemoryWords : IWordState
{
    private readonly Dictionary<(Address Contract, UInt256 Slot), UInt256> _words = [];
    private readonly Dictionary<Address, UInt256> _balances = [];
    private readonly Dictionary<Address, UInt256> _before = [];

    /// <summary>All balances together, base units.</summary>
    public UInt256 Supply => _balances.Values.Aggregate(UInt256.Zero, static (sum, balance) => sum + balance);

    public UInt256 Load(Address contract, UInt256 slot) => _words.GetValueOrDefault((contract, slot));

    public UInt256 BalanceOf(Address account) => _balances.GetValueOrDefault(account);

    public void Store(Address contract, UInt256 slot, UInt256 word)
    {
        if (word.IsZero)
            _words.Remove((contract, slot));
        else
            _words[(contract, slot)] = word;
    }

    public void Mint(Address account, UInt256 amount) => _balances[account] = BalanceOf(account) + amount;

    public void Move(Address from, Address to, in UInt256 amount)
    {
        Set(from, BalanceOf(from) - amount);
        Set(to, BalanceOf(to) + amount);
    }

    /// <summary>What changed since the last call, without what came back to where it was; by address.</summary>
    public IEnumerable<BalanceChange> TakeChanges()
    {
        BalanceChange[] changes =
        [
            .. _before.Select(pair => new BalanceChange(pair.Key, pair.Value, BalanceOf(pair.Key)))
                .Where(static change => change.Before != change.After).OrderBy(static change => change.Account),
        ];
        _before.Clear();
        return changes;
    }

    private void Set(Address account, UInt256 balance)
    {
        _before.TryAdd(account, BalanceOf(account));
        _balances[account] = balance;
    }
}
