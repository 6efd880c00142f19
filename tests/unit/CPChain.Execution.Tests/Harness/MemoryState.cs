using CPChain.Chain;
using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution.Tests.Harness;

/// <summary>A committed state in dictionaries: the slow, obvious counterpart of the ledger's.</summary>
internal sealed class MemoryState : IStateView, ITrieNodeSource
{
    private readonly Dictionary<Address, Account> _accounts;
    private readonly Dictionary<(Address, UInt256), UInt256> _storage;
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _codes;
    private readonly Dictionary<(Hash256, string), ReadOnlyMemory<byte>> _nodes;
    private readonly Dictionary<ulong, Hash256> _hashes;

    public MemoryState()
    {
        _accounts = [];
        _storage = [];
        _codes = [];
        _nodes = [];
        _hashes = [];
        StateRoot = Account.EmptyTrieRoot;
    }

    private MemoryState(MemoryState other)
    {
        _accounts = new(other._accounts);
        _storage = new(other._storage);
        _codes = new(other._codes);
        _nodes = new(other._nodes);
        _hashes = new(other._hashes);
        StateRoot = other.StateRoot;
    }

    public Hash256 StateRoot { get; private set; }

    public ITrieNodeSource TrieNodes => this;

    public IReadOnlyDictionary<Address, Account> Accounts => _accounts;

    public IReadOnlyDictionary<(Address Account, UInt256 Slot), UInt256> Storage => _storage;

    /// <summary>A new state; this one stays as it is.</summary>
    public MemoryState After(Block block, BlockResult result) => new MemoryState(this).Become(block, result);

    /// <summary>Becomes the state after a block, for long chains of which nobody looks back.</summary>
    public MemoryState Become(Block block, BlockResult result)
    {
        StateRoot = result.StateRoot;
        _hashes[block.Header.Number] = block.Hash;
        foreach (Address address in result.StateChanges.ClearedStorage)
            ClearStorage(address);
        foreach (AccountChange change in result.StateChanges.Accounts)
        {
            if (change.After is Account after)
            {
                _accounts[change.Address] = after;
            }
            else
            {
                _accounts.Remove(change.Address);
                ClearStorage(change.Address);
            }
        }
        foreach (StorageChange change in result.StateChanges.Storage)
        {
            if (change.Value.IsZero)
                _storage.Remove((change.Address, change.Slot));
            else
                _storage[(change.Address, change.Slot)] = change.Value;
        }
        foreach (CodeChange code in result.StateChanges.Codes)
            _codes[code.CodeHash] = code.Code;
        foreach (TrieNodeChange node in result.TrieChanges.Nodes)
        {
            (Hash256, string) place = (node.Owner, Convert.ToHexString(node.Path.Span));
            if (node.Node is ReadOnlyMemory<byte> bytes)
                _nodes[place] = bytes;
            else
                _nodes.Remove(place);
        }
        return this;
    }

    public UInt256 SumOfBalances() =>
        _accounts.Values.Aggregate(UInt256.Zero, static (sum, account) => sum + account.Balance);

    /// <summary>The root worked out from the flat accounts and slots alone.</summary>
    public Hash256 SlowRoot() => TrieRoot.OfSecureEntries(_accounts.Select(pair =>
    {
        Hash256 storageRoot = TrieRoot.OfSecureEntries(_storage
            .Where(slot => slot.Key.Item1 == pair.Key)
            .Select(slot => KeyValuePair.Create(
                slot.Key.Item2.ToBigEndian(), StateTrieKeys.EncodeSlotValue(slot.Value)!)));
        return KeyValuePair.Create(pair.Key.ToArray(), (pair.Value with { StorageRoot = storageRoot }).Encode());
    }));

    public bool TryGetAccount(in Address address, out Account account) => _accounts.TryGetValue(address, out account);

    public UInt256 GetStorage(in Address address, in UInt256 slot) => _storage.GetValueOrDefault((address, slot));

    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => _codes.GetValueOrDefault(codeHash);

    public Hash256 GetBlockHash(ulong number) => _hashes.GetValueOrDefault(number);

    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node) =>
        _nodes.TryGetValue((owner, Convert.ToHexString(path)), out node);

    private void ClearStorage(Address address)
    {
        foreach ((Address, UInt256) key in _storage.Keys.Where(key => key.Item1 == address).ToList())
            _storage.Remove(key);
    }
}
