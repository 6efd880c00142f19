using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Trie.Nodes;

/// <summary>RLP of nodes (Yellow Paper, appendix D). Reading accepts the canonical form only and never throws.</summary>
internal static class TrieNodeCodec
{
    /// <summary>Longest value that a node read from outside may carry.</summary>
    public const int ValueBytesMax = 16 << 20;

    /// <summary>RLP of nothing: a branch without a child there.</summary>
    public const byte EmptyItem = 0x80;

    /// <summary>Bytes by which a parent names a node of 32 bytes or more.</summary>
    public const int HashReferenceBytes = 1 + Hash256.Length;

    public static ReadOnlySpan<byte> EmptyItems => [EmptyItem];

    /// <summary>RLP of a node whose children all have references.</summary>
    public static byte[] Encode(TrieNode node)
    {
        if (node is BranchNode branch)
        {
            return EncodeBranch(branch);
        }

        RlpWriter writer = new(128);
        writer.BeginList();
        switch (node)
        {
            case LeafNode leaf:
                WritePath(writer, leaf.Path, isLeaf: true);
                writer.WriteBytes(leaf.Value);
                break;
            case ExtensionNode extension:
                WritePath(writer, extension.Path, isLeaf: false);
                writer.WriteRaw(extension.Child.Reference);
                break;
            default:
                Invariant.Check(false, "an unresolved trie node has no encoding");
                break;
        }

        writer.EndList();
        return writer.ToArray();
    }

    /// <summary>How a parent names a node with this RLP and, where that is 32 bytes or more, this hash.</summary>
    public static byte[] ReferenceTo(byte[] node, in Hash256 hash)
    {
        if (node.Length < Hash256.Length)
        {
            return node;
        }

        byte[] reference = new byte[HashReferenceBytes];
        WriteHashReference(reference, hash);
        return reference;
    }

    /// <summary>Writes how a parent names a node with this hash.</summary>
    public static void WriteHashReference(Span<byte> to, in Hash256 hash)
    {
        to[0] = EmptyItem + Hash256.Length;
        hash.CopyTo(to[1..]);
    }

    /// <summary>Reads one whole node. A branch keeps the bytes, which must not change any more.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, out TrieNode? node)
    {
        node = null;
        RlpReader outer = new(encoded.Span);
        if (!outer.TryReadList(out RlpReader items) || !outer.AtEnd)
        {
            return false;
        }

        bool read = CountItems(items) switch
        {
            2 => TryReadShort(ref items, encoded, out node),
            17 => TryReadBranch(ref items, encoded, out node),
            _ => false,
        };
        return read && items.AtEnd;
    }

    /// <summary>The child that an item of a branch names, which has been checked; null for none.</summary>
    public static TrieNode? ReadChild(ReadOnlyMemory<byte> item)
    {
        TryMakeChild(item, out TrieNode? child);
        return child;
    }

    /// <summary>Bytes before the first item of a list that is there whole.</summary>
    public static int ListHeaderBytes(byte first) => first <= 0xf7 ? 1 : 1 + first - 0xf7;

    /// <summary>Bytes of an item that names a child, its first byte included.</summary>
    public static int ChildItemBytes(byte first) => first < 0xc0 ? 1 + first - EmptyItem : 1 + first - 0xc0;

    private static byte[] EncodeBranch(BranchNode branch)
    {
        ReadOnlySpan<byte> value = branch.Value;
        int payload = RlpWriter.StringLength(value);
        for (int i = 0; i < BranchNode.Width; i++)
        {
            payload += branch.ItemOf(i).Length;
        }

        byte[] encoded = new byte[RlpWriter.HeaderLength(payload) + payload];
        Span<byte> rest = encoded.AsSpan(RlpWriter.WriteListHeader(encoded, payload));
        for (int i = 0; i < BranchNode.Width; i++)
        {
            ReadOnlySpan<byte> item = branch.ItemOf(i);
            item.CopyTo(rest);
            rest = rest[item.Length..];
        }

        RlpWriter.WriteString(rest, value);
        return encoded;
    }

    private static int CountItems(RlpReader items)
    {
        int count = 0;
        while (count < 18 && !items.AtEnd)
        {
            if (!items.TryReadRaw(out _))
            {
                return 0;
            }

            count++;
        }

        return count;
    }

    private static bool TryReadShort(ref RlpReader items, ReadOnlyMemory<byte> encoded, out TrieNode? node)
    {
        node = null;
        if (!items.TryReadBytes(out ReadOnlySpan<byte> compact)
            || !Nibbles.TryReadCompact(compact, out byte[] path, out bool isLeaf))
        {
            return false;
        }

        if (isLeaf)
        {
            if (!items.TryReadBytes(out ReadOnlySpan<byte> value, ValueBytesMax) || value.IsEmpty)
            {
                return false;
            }

            node = new LeafNode(path, value.ToArray());
            return true;
        }

        if (path.Length == 0 || !items.TryReadRaw(out ReadOnlySpan<byte> raw)
            || !TryMakeChild(encoded[^raw.Length..], out TrieNode? child) || child is null or LeafNode or ExtensionNode)
        {
            return false;
        }

        node = new ExtensionNode(path, child);
        return true;
    }

    private static bool TryReadBranch(ref RlpReader items, ReadOnlyMemory<byte> encoded, out TrieNode? node)
    {
        node = null;
        int taken = 0;
        int at = ListHeaderBytes(encoded.Span[0]);
        for (int i = 0; i < BranchNode.Width; i++)
        {
            if (!items.TryReadRaw(out ReadOnlySpan<byte> raw) || !IsChild(encoded.Slice(at, raw.Length)))
            {
                return false;
            }

            at += raw.Length;
            taken += raw.Length > 1 ? 1 : 0;
        }

        if (!items.TryReadBytes(out ReadOnlySpan<byte> value, ValueBytesMax))
        {
            return false;
        }

        node = new BranchNode(encoded, value.IsEmpty ? null : value.ToArray());
        return taken + (value.IsEmpty ? 0 : 1) >= 2;
    }

    // The common cases cost nothing: no child, or one named by its hash.
    private static bool IsChild(ReadOnlyMemory<byte> item)
    {
        byte first = item.Span[0];
        return (first == EmptyItem && item.Length == 1) || (first == EmptyItem + Hash256.Length && item.Length == HashReferenceBytes)
            || TryMakeChild(item, out _);
    }

    private static bool TryMakeChild(ReadOnlyMemory<byte> item, out TrieNode? child)
    {
        child = null;
        ReadOnlySpan<byte> raw = item.Span;
        if (raw[0] >= 0xc0)
        {
            // A node this long is named by its hash.
            if (raw.Length >= Hash256.Length || !TryDecode(item, out child) || child is null)
            {
                return false;
            }

            child.Reference = raw.ToArray();
            return true;
        }

        if (raw.Length == HashReferenceBytes)
        {
            child = new UnresolvedNode { Reference = raw.ToArray() };
            return true;
        }

        return raw.Length == 1 && raw[0] == EmptyItem;
    }

    private static void WritePath(RlpWriter writer, byte[] path, bool isLeaf)
    {
        Span<byte> compact = stackalloc byte[Nibbles.KeyBytesMax + 1];
        int length = Nibbles.WriteCompact(path, isLeaf, compact);
        writer.WriteBytes(compact[..length]);
    }
}
