using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Trie.Nodes;

/// <summary>RLP of nodes (Yellow Paper, appendix D). Reading accepts the canonical form only and never throws.</summary>
internal static class TrieNodeCodec
{
    /// <summary>Longest value that a node read from outside may carry.</summary>
    public const int ValueBytesMax = 16 << 20;

    private const int HashReferenceBytes = 33;

    /// <summary>RLP of a node whose children all have references.</summary>
    public static byte[] Encode(TrieNode node)
    {
        RlpWriter writer = new(node is BranchNode ? 544 : 128);
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
            case BranchNode branch:
                foreach (TrieNode? child in branch.Children)
                {
                    if (child is null)
                    {
                        writer.WriteBytes([]);
                    }
                    else
                    {
                        writer.WriteRaw(child.Reference);
                    }
                }

                writer.WriteBytes(branch.Value);
                break;
            default:
                Invariant.Check(false, "an unresolved trie node has no encoding");
                break;
        }

        writer.EndList();
        return writer.ToArray();
    }

    /// <summary>How a parent names a node with this RLP.</summary>
    public static byte[] ReferenceTo(byte[] node)
    {
        if (node.Length < Hash256.Length)
        {
            return node;
        }

        byte[] reference = new byte[HashReferenceBytes];
        reference[0] = 0x80 + Hash256.Length;
        Keccak256.Hash(node, reference.AsSpan(1));
        return reference;
    }

    /// <summary>Reads one whole node.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out TrieNode? node)
    {
        node = null;
        RlpReader outer = new(encoded);
        if (!outer.TryReadList(out RlpReader items) || !outer.AtEnd)
        {
            return false;
        }

        bool read = CountItems(items) switch
        {
            2 => TryReadShort(ref items, out node),
            17 => TryReadBranch(ref items, out node),
            _ => false,
        };
        return read && items.AtEnd;
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

    private static bool TryReadShort(ref RlpReader items, out TrieNode? node)
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

        if (path.Length == 0 || !TryReadChild(ref items, out TrieNode? child) || child is null or LeafNode or ExtensionNode)
        {
            return false;
        }

        node = new ExtensionNode(path, child);
        return true;
    }

    private static bool TryReadBranch(ref RlpReader items, out TrieNode? node)
    {
        node = null;
        BranchNode branch = new();
        int taken = 0;
        for (int i = 0; i < 16; i++)
        {
            if (!TryReadChild(ref items, out TrieNode? child))
            {
                return false;
            }

            branch.Children[i] = child;
            taken += child is null ? 0 : 1;
        }

        if (!items.TryReadBytes(out ReadOnlySpan<byte> value, ValueBytesMax))
        {
            return false;
        }

        branch.Value = value.IsEmpty ? null : value.ToArray();
        node = branch;
        return taken + (value.IsEmpty ? 0 : 1) >= 2;
    }

    private static bool TryReadChild(ref RlpReader items, out TrieNode? child)
    {
        child = null;
        if (!items.TryPeekIsList(out bool isList) || !items.TryReadRaw(out ReadOnlySpan<byte> raw))
        {
            return false;
        }

        if (isList)
        {
            // A node this long is named by its hash.
            if (raw.Length >= Hash256.Length || !TryDecode(raw, out child) || child is null)
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

        return raw.Length == 1 && raw[0] == 0x80;
    }

    private static void WritePath(RlpWriter writer, byte[] path, bool isLeaf)
    {
        Span<byte> compact = stackalloc byte[Nibbles.KeyBytesMax + 1];
        int length = Nibbles.WriteCompact(path, isLeaf, compact);
        writer.WriteBytes(compact[..length]);
    }
}
