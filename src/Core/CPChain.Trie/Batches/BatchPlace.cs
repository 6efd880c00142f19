using CPChain.Types;

namespace CPChain.Trie.Batches;

/// <summary>What stands at a place after the update.</summary>
internal enum PlaceKind : byte
{
    /// <summary>The node that was there before, which nothing touched.</summary>
    Same,

    /// <summary>The end of a key.</summary>
    Leaf,

    /// <summary>Nibbles that all keys below share.</summary>
    Extension,

    /// <summary>Sixteen ways on.</summary>
    Branch,
}

/// <summary>
/// A place of a trie that an update reaches: first what it was and which updates lie below it, then its new node. Places lie in arrays
/// of many thousands, so they are structs that hold their children by number.
/// </summary>
internal struct BatchPlace
{
    /// <summary>The updates below: from this one ...</summary>
    public int From;

    /// <summary>... to before this one. None where only what was there before has moved here.</summary>
    public int To;

    /// <summary>The first of the children that are places; the others follow.</summary>
    public int FirstChild;

    /// <summary>Nibbles above it.</summary>
    public int Depth;

    /// <summary>Nibbles of an extension.</summary>
    public int PathLength;

    /// <summary>Children of a branch that are places, a bit each.</summary>
    public int Reached;

    /// <summary>Children that the former branch had, a bit each.</summary>
    public int Former;

    public PlaceKind Kind;

    public bool IsChanged;

    /// <summary>RLP of the node that was here; empty where none was, or where it became another kind of node.</summary>
    public ReadOnlyMemory<byte> Old;

    /// <summary>What was here and goes below this place.</summary>
    public MovedNode? Moved;

    /// <summary>Hash of the node that was here, zero for none; in the end of the one that is.</summary>
    public Hash256 Hash;

    /// <summary>RLP of the node, where it changed.</summary>
    public ReadOnlyMemory<byte> Encoded;
}

/// <summary>
/// What a new branch pushes further down: a leaf, whose key has all nibbles, or what lies under the end of an extension.
/// </summary>
/// <param name="Key">Nibbles from the root, two a byte.</param>
/// <param name="Length">How many of them count.</param>
/// <param name="Value">The value of a leaf.</param>
/// <param name="Child">Hash of the child of an extension.</param>
internal sealed record MovedNode(byte[] Key, int Length, ReadOnlyMemory<byte> Value, Hash256 Child)
{
    public bool IsLeaf => !Value.IsEmpty;
}
