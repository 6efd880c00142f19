using CPChain.Trie.Nodes;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Trie.Batches;

/// <summary>RLP of the nodes of an update, each written once, into memory that many share (Yellow Paper, appendix D).</summary>
internal static class PlaceEncoding
{
    /// <summary>The node from its former RLP, where there is one, and the hashes of the places below.</summary>
    public static ReadOnlyMemory<byte> Branch(in BatchPlace branch, ReadOnlySpan<BatchPlace> below, ByteChunks room)
    {
        int payload = BranchNode.Width + 1 + (Hash256.Length * int.PopCount(branch.Former | branch.Reached));
        Memory<byte> node = room.Take(RlpWriter.HeaderLength(payload) + payload);
        Span<byte> rest = node.Span;
        rest = rest[RlpWriter.WriteListHeader(rest, payload)..];
        ReadOnlySpan<byte> old = branch.Old.Span;
        int oldAt = old.IsEmpty ? 0 : TrieNodeCodec.ListHeaderBytes(old[0]);
        int child = 0;
        for (int i = 0; i < BranchNode.Width; i++)
        {
            bool isReached = (branch.Reached & (1 << i)) != 0;
            bool wasThere = (branch.Former & (1 << i)) != 0;
            if (isReached)
            {
                TrieNodeCodec.WriteHashReference(rest, below[child++].Hash);
            }
            else if (wasThere)
            {
                old.Slice(oldAt, TrieNodeCodec.HashReferenceBytes).CopyTo(rest);
            }
            else
            {
                rest[0] = TrieNodeCodec.EmptyItem;
            }

            oldAt += wasThere ? TrieNodeCodec.HashReferenceBytes : 1;
            rest = rest[(isReached || wasThere ? TrieNodeCodec.HashReferenceBytes : 1)..];
        }

        rest[0] = TrieNodeCodec.EmptyItem;
        return node;
    }

    /// <summary>The end of <paramref name="key"/> below <paramref name="depth"/> nibbles.</summary>
    public static ReadOnlyMemory<byte> Leaf(ReadOnlySpan<byte> key, int depth, ReadOnlySpan<byte> value, ByteChunks room)
    {
        Memory<byte> node = Begin(key, depth, SortedUpdates.Depth, isLeaf: true, RlpWriter.StringLength(value), room, out int at);
        RlpWriter.WriteString(node.Span[at..], value);
        return node;
    }

    /// <summary>The nibbles of <paramref name="key"/> from <paramref name="depth"/> to before <paramref name="end"/>, and what lies under them.</summary>
    public static ReadOnlyMemory<byte> Extension(ReadOnlySpan<byte> key, int depth, int end, in Hash256 child, ByteChunks room)
    {
        Memory<byte> node = Begin(key, depth, end, isLeaf: false, TrieNodeCodec.HashReferenceBytes, room, out int at);
        TrieNodeCodec.WriteHashReference(node.Span[at..], child);
        return node;
    }

    /// <summary>List header and path, and room for an item of so many bytes.</summary>
    private static Memory<byte> Begin(
        ReadOnlySpan<byte> key, int depth, int end, bool isLeaf, int itemBytes, ByteChunks room, out int at)
    {
        Span<byte> nibbles = stackalloc byte[SortedUpdates.Depth];
        Span<byte> compact = stackalloc byte[SortedUpdates.KeyBytes + 1];
        for (int i = depth; i < end; i++)
        {
            nibbles[i - depth] = (byte)SortedUpdates.NibbleOf(key, i);
        }

        compact = compact[..Nibbles.WriteCompact(nibbles[..(end - depth)], isLeaf, compact)];
        int payload = RlpWriter.StringLength(compact) + itemBytes;
        Memory<byte> node = room.Take(RlpWriter.HeaderLength(payload) + payload);
        at = RlpWriter.WriteListHeader(node.Span, payload);
        at += RlpWriter.WriteString(node.Span[at..], compact);
        return node;
    }
}
