using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>
/// Words and balances that have been proven. What is not there yet reads as zero and is noted, so that a rule can run, what it missed be
/// fetched at once, and the rule run again: a result counts when it missed nothing.
/// </summary>
internal sealed class ProvenWords : IWordView
{
    private readonly Dictionary<(Address Contract, UInt256 Slot), UInt256> _words = [];
    private readonly Dictionary<Address, UInt256> _balances = [];

    // In the order of asking: equal states ask equal questions.
    private readonly Dictionary<Address, List<UInt256>> _missingWords = [];
    private readonly HashSet<(Address, UInt256)> _noted = [];
    private readonly List<Address> _missingBalances = [];
    private readonly HashSet<Address> _notedAccounts = [];

    /// <summary>Slots that were read and are not there, by contract.</summary>
    public IReadOnlyDictionary<Address, List<UInt256>> MissingWords => _missingWords;

    /// <summary>Accounts whose balances were read and are not there.</summary>
    public IReadOnlyList<Address> MissingBalances => _missingBalances;

    /// <summary>Whether nothing was missed since <see cref="ForgetMissing"/>.</summary>
    public bool IsComplete => _missingWords.Count == 0 && _missingBalances.Count == 0;

    /// <summary>Words and balances that are there.</summary>
    public int Count => _words.Count + _balances.Count;

    /// <inheritdoc/>
    public UInt256 Load(Address contract, UInt256 slot)
    {
        if (_words.TryGetValue((contract, slot), out UInt256 word)) return word;
        if (_noted.Add((contract, slot)))
        {
            if (!_missingWords.TryGetValue(contract, out List<UInt256>? slots)) _missingWords[contract] = slots = [];
            slots.Add(slot);
        }
        return UInt256.Zero;
    }

    /// <inheritdoc/>
    public UInt256 BalanceOf(Address account)
    {
        if (_balances.TryGetValue(account, out UInt256 balance)) return balance;
        if (_notedAccounts.Add(account)) _missingBalances.Add(account);
        return UInt256.Zero;
    }

    public void Put(in Address contract, in UInt256 slot, in UInt256 word) => _words[(contract, slot)] = word;

    public void PutBalance(in Address account, in UInt256 balance) => _balances[account] = balance;

    public void ForgetMissing()
    {
        _missingWords.Clear();
        _missingBalances.Clear();
        _noted.Clear();
        _notedAccounts.Clear();
    }
}
