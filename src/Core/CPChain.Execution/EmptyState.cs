using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>The state before genesis: no account at all.</summary>
public sealed class EmptyState : IStateView
{
    private EmptyState()
    {
    }

    /// <summary>The one instance.</summary>
    public static EmptyState Instance { get; } = new();

    /// <inheritdoc/>
    public Hash256 StateRoot => Account.EmptyTrieRoot;

    /// <inheritdoc/>
    public ITrieNodeSource TrieNodes => EmptyNodeSource.Instance;

    /// <inheritdoc/>
    public Hash256 GetBlockHash(ulong number) => Hash256.Zero;

    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account)
    {
        account = default;
        return false;
    }

    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot) => UInt256.Zero;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => default;
}
