using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.EvmTools.StateTests;

/// <summary>The state before a case, with all nodes of its tries.</summary>
public sealed class MemoryStateView : IStateView, ITrieNodeSource
{
    private readonly Dictionary<Address, Account> _accounts = [];
    private readonly Dictionary<(Address, UInt256), UInt256> _storage = [];
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _codes = [];
    private readonly Dictionary<(Hash256, string), ReadOnlyMemory<byte>> _nodes = [];

    /// <summary>The state that consists of these accounts.</summary>
    public MemoryStateView(ImmutableArray<GenesisAccount> accounts)
    {
        ImmutableArray<StorageChange>.Builder storage = ImmutableArray.CreateBuilder<StorageChange>();
        ImmutableArray<AccountChange>.Builder changes = ImmutableArray.CreateBuilder<AccountChange>();
        foreach (GenesisAccount account in accounts.OrderBy(static a => a.Address))
        {
            Hash256 codeHash = Keccak256.Hash(account.Code.Span);
            _codes[codeHash] = account.Code;
            changes.Add(new(account.Address, new(account.Nonce, account.Balance, codeHash, Account.EmptyTrieRoot)));
            foreach ((UInt256 slot, UInt256 value) in account.Storage.OrderBy(static s => s.Key))
            {
                _storage[(account.Address, slot)] = value;
                storage.Add(new(account.Address, slot, value));
            }
        }

        CommittedState committed = StateRootCalculator.Apply(
            EmptyState.Instance, new StateChanges(changes.ToImmutable(), storage.ToImmutable(), [], []));
        StateRoot = committed.Root;
        foreach (AccountChange change in committed.Changes.Accounts) _accounts[change.Address] = change.After!.Value;
        foreach (TrieNodeChange node in committed.Tries.Nodes)
        {
            if (node.Node is { } bytes) _nodes[(node.Owner, Convert.ToHexString(node.Path.Span))] = bytes;
        }
    }

    /// <inheritdoc/>
    public Hash256 StateRoot { get; }

    /// <inheritdoc/>
    public ITrieNodeSource TrieNodes => this;

    /// <inheritdoc/>
    public Hash256 GetBlockHash(ulong number) => Hash256.Zero;

    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account) => _accounts.TryGetValue(address, out account);

    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot) => _storage.GetValueOrDefault((address, slot));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => _codes.GetValueOrDefault(codeHash);

    /// <inheritdoc/>
    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node) =>
        _nodes.TryGetValue((owner, Convert.ToHexString(path)), out node);
}
