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
    /// The owner is <see cref="TrieOwner.Accounts"/> or the hash of the address whose storage trie it is. False where
    /// no node is stored: nodes shorter than 32 bytes lie inside their parent, roots excepted.
    /// </summary>
    bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, out ReadOnlyMemory<byte> node);
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
    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, out ReadOnlyMemory<byte> node)
    {
        node = default;
        return false;
    }
}
