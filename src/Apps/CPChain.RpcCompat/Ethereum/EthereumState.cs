using System.Collections.Immutable;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>The state after one block, with all nodes of its tries; the states of a chain share what did not change.</summary>
internal sealed class EthereumState : IStateView, ITrieNodeSource
{
    private readonly Func<ulong, Hash256> _hashOf;

    private EthereumState(Func<ulong, Hash256> hashOf) => _hashOf = hashOf;

    private ImmutableDictionary<Address, Account> Accounts { get; init; } = ImmutableDictionary<Address, Account>.Empty;

    private ImmutableDictionary<Address, ImmutableDictionary<UInt256, UInt256>> Storage { get; init; } =
        ImmutableDictionary<Address, ImmutableDictionary<UInt256, UInt256>>.Empty;

    private ImmutableDictionary<Hash256, ReadOnlyMemory<byte>> Codes { get; init; } =
        ImmutableDictionary<Hash256, ReadOnlyMemory<byte>>.Empty;

    private ImmutableDictionary<(Hash256, string), ReadOnlyMemory<byte>> Nodes { get; init; } =
        ImmutableDictionary<(Hash256, string), ReadOnlyMemory<byte>>.Empty;

    /// <inheritdoc/>
    public Hash256 StateRoot { get; private init; } = Account.EmptyTrieRoot;

    /// <inheritdoc/>
    public ITrieNodeSource TrieNodes => this;

    /// <summary>No account at all; hashes of blocks come from <paramref name="hashOf"/>.</summary>
    public static EthereumState Empty(Func<ulong, Hash256> hashOf) => new(hashOf);

    /// <summary>This state with changes.</summary>
    public EthereumState With(CommittedState committed)
    {
        StateChanges changes = committed.Changes;
        var storage = Storage.ToBuilder();
        foreach (Address cleared in changes.ClearedStorage) storage.Remove(cleared);
        foreach (var slots in changes.Storage.GroupBy(static change => change.Address))
        {
            storage[slots.Key] = Merge(storage.GetValueOrDefault(slots.Key, ImmutableDictionary<UInt256, UInt256>.Empty), slots);
        }
        var accounts = Accounts.ToBuilder();
        foreach (AccountChange change in changes.Accounts)
        {
            if (change.After is { } account)
            {
                accounts[change.Address] = account;
                continue;
            }
            accounts.Remove(change.Address);
            storage.Remove(change.Address);
        }
        var nodes = Nodes.ToBuilder();
        foreach (TrieNodeChange node in committed.Tries.Nodes)
        {
            (Hash256, string) key = (node.Owner, Convert.ToHexString(node.Path.Span));
            if (node.Node is { } bytes) nodes[key] = bytes;
            else nodes.Remove(key);
        }
        return new EthereumState(_hashOf)
        {
            Accounts = accounts.ToImmutable(),
            Storage = storage.ToImmutable(),
            Codes = Codes.SetItems(changes.Codes.Select(static code => KeyValuePair.Create(code.CodeHash, code.Code))),
            Nodes = nodes.ToImmutable(),
            StateRoot = committed.Root,
        };
    }

    /// <inheritdoc/>
    public Hash256 GetBlockHash(ulong number) => _hashOf(number);

    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account) => Accounts.TryGetValue(address, out account);

    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot) =>
        Storage.TryGetValue(address, out ImmutableDictionary<UInt256, UInt256>? slots) ? slots.GetValueOrDefault(slot) : UInt256.Zero;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => Codes.GetValueOrDefault(codeHash);

    /// <inheritdoc/>
    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node) =>
        Nodes.TryGetValue((owner, Convert.ToHexString(path)), out node);

    private static ImmutableDictionary<UInt256, UInt256> Merge(
        ImmutableDictionary<UInt256, UInt256> slots, IEnumerable<StorageChange> changes)
    {
        var merged = slots.ToBuilder();
        foreach (StorageChange change in changes)
        {
            if (change.Value.IsZero) merged.Remove(change.Slot);
            else merged[change.Slot] = change.Value;
        }
        return merged.ToImmutable();
    }
}
