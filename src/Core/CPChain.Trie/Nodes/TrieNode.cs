namespace CPChain.Trie.Nodes;

/// <summary>A node in memory. <see cref="Reference"/> is how its parent names it, null while it is new or changed.</summary>
internal abstract class TrieNode
{
    /// <summary>RLP of the node when shorter than 32 bytes, else RLP of its hash (33 bytes); null when dirty.</summary>
    public byte[]? Reference { get; set; }

    /// <summary>RLP of the node, from when it was given its reference by <see cref="TrieHashing"/>.</summary>
    public byte[]? Encoded { get; set; }

    public bool IsDirty => Reference is null;

    /// <summary>Whether a parent holds the node itself rather than its hash.</summary>
    public bool IsInline => Reference is { Length: < 33 };
}

/// <summary>Known by its hash only.</summary>
internal sealed class UnresolvedNode : TrieNode
{
    public ReadOnlySpan<byte> Hash => Reference.AsSpan(1);
}

/// <summary>The end of a key, with its value.</summary>
internal sealed class LeafNode(byte[] path, byte[] value) : TrieNode
{
    public byte[] Path { get; } = path;

    public byte[] Value { get; set; } = value;
}

/// <summary>Nibbles that all keys below share. The child is a branch, perhaps unresolved.</summary>
internal sealed class ExtensionNode(byte[] path, TrieNode child) : TrieNode
{
    public byte[] Path { get; } = path;

    public TrieNode Child { get; set; } = child;
}
