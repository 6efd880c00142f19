using CPChain.Types;

namespace CPChain.Trie;

/// <summary>
/// Where the nodes of one committed state lie: by owner and path, not by hash, so that a changed node replaces its
/// predecessor and nothing has to be collected later (specs/storage T1).
/// </summary>
public interface ITrieNodeSource
{
    /// <summary>
    /// Reads the RLP of the node at <paramref name="path"/>, one nibble (0 to 15) a byte, the empty path for the root.
    /// The owner is <see cref="TrieOwner.Accounts"/> or the hash of the address whose storage trie it is. The hash is the node's, for a
    /// source that finds it by that; whether it has it is the caller's to check. False where no node is stored: nodes shorter than 32
    /// bytes lie inside their parent, roots excepted. What is returned must not change any more.
    /// </summary>
    bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node);

    /// <summary>The same where the node is at hand without reading a store; false says nothing of whether it is stored.</summary>
    bool TryGetNodeAtHand(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node) =>
        TryGetNode(owner, path, hash, out node);

    /// <summary>Who runs the parts of a large update; a source with others than <see cref="InTurn"/> can be read by several at once.</summary>
    IWorkers Workers => InTurn.Instance;
}

/// <summary>Names of tries within a state.</summary>
public static class TrieOwner
{
    /// <summary>The account trie.</summary>
    public static Hash256 Accounts => Hash256.Zero;
}

/// <summary>A source without nodes: only the empty trie can be opened over it.</summary>
public sealed class EmptyNodeSource : ITrieNodeSource
{
    private EmptyNodeSource()
    {
    }

    /// <summary>The one instance.</summary>
    public static EmptyNodeSource Instance { get; } = new();

    /// <inheritdoc/>
    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node)
    {
        node = default;
        return false;
    }
}
