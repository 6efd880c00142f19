using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>
/// A state on which simulated blocks are put one after another. It holds what differs from the real one under it. Safe for one thread.
/// </summary>
internal sealed class SimulatedState(IStateView real, ulong realNumber, bool hasTrie) : IStateView, ITrieNodeSource
{
    private readonly Dictionary<Address, Account?> _accounts = [];
    private readonly Dictionary<Address, Dictionary<UInt256, UInt256>> _storage = [];
    private readonly HashSet<Address> _cleared = [];
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _codes = [];
    private readonly Dictionary<(Hash256 Owner, string Path), ReadOnlyMemory<byte>?> _nodes = [];
    private readonly Dictionary<ulong, Hash256> _hashes = [];

    public Hash256 StateRoot { get; private set; } = hasTrie ? real.StateRoot : Hash256.Zero;

    public ITrieNodeSource TrieNodes => this;

    public Hash256 GetBlockHash(ulong number)
    {
        if (_hashes.TryGetValue(number, out Hash256 hash))
            return hash;
        return number <= realNumber ? real.GetBlockHash(number) : Hash256.Zero;
    }

    public bool TryGetAccount(in Address address, out Account account)
    {
        if (!_accounts.TryGetValue(address, out Account? known))
            return real.TryGetAccount(address, out account);
        account = known ?? Account.Empty;
        return known is not null;
    }

    public UInt256 GetStorage(in Address address, in UInt256 slot)
    {
        if (_storage.TryGetValue(address, out Dictionary<UInt256, UInt256>? slots) && slots.TryGetValue(slot, out UInt256 word))
            return word;
        return _cleared.Contains(address) ? UInt256.Zero : real.GetStorage(address, slot);
    }

    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) =>
        _codes.TryGetValue(codeHash, out ReadOnlyMemory<byte> code) ? code : real.GetCode(codeHash);

    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node)
    {
        if (!_nodes.TryGetValue((owner, KeyOf(path)), out ReadOnlyMemory<byte>? known))
            return real.TrieNodes.TryGetNode(owner, path, hash, out node);
        node = known ?? default;
        return known is not null;
    }

    /// <summary>Puts what a block changed on top, and works out the root where there is a trie.</summary>
    public void Apply(StateChanges changes)
    {
        if (hasTrie)
        {
            CommittedState committed = StateRootCalculator.Apply(this, changes);
            changes = committed.Changes;
            StateRoot = committed.Root;
            foreach (TrieNodeChange change in committed.Tries.Nodes)
                _nodes[(change.Owner, KeyOf(change.Path.Span))] = change.Node;
        }
        foreach (Address address in changes.ClearedStorage)
        {
            _cleared.Add(address);
            _storage.Remove(address);
        }
        foreach (AccountChange change in changes.Accounts)
            Set(change);
        foreach (StorageChange change in changes.Storage)
            SlotsOf(change.Address)[change.Slot] = change.Value;
        foreach (CodeChange change in changes.Codes)
            _codes[change.CodeHash] = change.Code;
    }

    /// <summary>Remembers the hash of a simulated block, for BLOCKHASH.</summary>
    public void Remember(ulong number, in Hash256 hash) => _hashes[number] = hash;

    private void Set(AccountChange change)
    {
        _accounts[change.Address] = change.After;
        if (change.After is not null)
            return;
        _cleared.Add(change.Address);
        _storage.Remove(change.Address);
    }

    private Dictionary<UInt256, UInt256> SlotsOf(in Address address)
    {
        if (!_storage.TryGetValue(address, out Dictionary<UInt256, UInt256>? slots))
            _storage.Add(address, slots = []);
        return slots;
    }

    // One nibble a byte: as text it is a key that compares by content.
    private static string KeyOf(ReadOnlySpan<byte> path) =>
        string.Create(path.Length, path, static (text, nibbles) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = (char)nibbles[i];
        });
}
