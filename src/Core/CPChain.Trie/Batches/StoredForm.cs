using CPChain.Trie.Nodes;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Trie.Batches;

/// <summary>
/// The parts of a stored node in its RLP, found without making anything. Only nodes whose children all have hashes of their own and
/// whose branches have no value: keys of one length and nodes of 32 bytes and more have no others.
/// </summary>
internal readonly ref struct StoredForm
{
    private const byte HashItem = TrieNodeCodec.EmptyItem + Hash256.Length;

    private StoredForm(int start, int children, ReadOnlySpan<byte> compact, ReadOnlySpan<byte> rest)
    {
        Start = start;
        Children = children;
        Compact = compact;
        Rest = rest;
    }

    /// <summary>Bytes before the first item.</summary>
    public int Start { get; }

    /// <summary>Children of a branch, a bit each; 0 for the other kinds.</summary>
    public int Children { get; }

    /// <summary>The path of a leaf or an extension in its compact form.</summary>
    public ReadOnlySpan<byte> Compact { get; }

    /// <summary>The value of a leaf, or the hash of an extension's child.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    public bool IsBranch => Children != 0;

    public bool IsLeaf => (Compact[0] & 0x20) != 0;

    /// <summary>Nibbles of <see cref="Compact"/>.</summary>
    public int PathLength => (2 * (Compact.Length - 1)) + ((Compact[0] >> 4) & 1);

    /// <summary>One nibble of <see cref="Compact"/>.</summary>
    public int PathNibble(int index) => SortedUpdates.NibbleOf(Compact, index + 2 - ((Compact[0] >> 4) & 1));

    /// <summary>False for any other form, damage included: who asked then reads the node the strict way.</summary>
    public static bool TryFind(ReadOnlySpan<byte> node, out StoredForm form)
    {
        form = default;
        if (node.IsEmpty || node[0] < 0xc0)
        {
            return false;
        }

        int start = TrieNodeCodec.ListHeaderBytes(node[0]);
        return TryFindBranch(node, start, out form) || TryFindShort(node, start, out form);
    }

    /// <summary>The hash of a child in the RLP of a branch with these children; zero for none.</summary>
    public static Hash256 ChildOf(ReadOnlySpan<byte> node, int start, int children, int nibble) =>
        (children & (1 << nibble)) == 0
            ? Hash256.Zero
            : Hash256.FromBytes(node.Slice(
                start + nibble + (Hash256.Length * int.PopCount(children & ((1 << nibble) - 1))) + 1, Hash256.Length));

    private static bool TryFindBranch(ReadOnlySpan<byte> node, int start, out StoredForm form)
    {
        form = default;
        int at = start;
        int children = 0;
        for (int i = 0; i < BranchNode.Width; i++)
        {
            if (at >= node.Length)
            {
                return false;
            }

            if (node[at] == HashItem)
            {
                children |= 1 << i;
                at += TrieNodeCodec.HashReferenceBytes;
            }
            else if (node[at] == TrieNodeCodec.EmptyItem)
            {
                at++;
            }
            else
            {
                return false;
            }
        }

        if (at + 1 != node.Length || node[at] != TrieNodeCodec.EmptyItem || children == 0)
        {
            return false;
        }

        form = new StoredForm(start, children, default, default);
        return true;
    }

    private static bool TryFindShort(ReadOnlySpan<byte> node, int start, out StoredForm form)
    {
        form = default;
        RlpReader outer = new(node);
        if (!outer.TryReadList(out RlpReader items) || !outer.AtEnd || !items.TryReadBytes(out ReadOnlySpan<byte> compact)
            || !items.TryReadBytes(out ReadOnlySpan<byte> rest) || !items.AtEnd || compact.IsEmpty || compact[0] >> 4 > 3)
        {
            return false;
        }

        form = new StoredForm(start, 0, compact, rest);
        return form.IsLeaf ? !rest.IsEmpty : rest.Length == Hash256.Length && form.PathLength > 0;
    }
}
