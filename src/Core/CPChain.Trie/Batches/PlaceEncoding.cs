using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Trie.Batches;

/// <summary>RLP of the nodes of an update, each written once, into memory that many share (Yellow Paper, appendix D).</summary>
internal static class PlaceEncoding
{
    private const byte EmptyItem = 0x80;
    private const byte ListItem = 0xc0;
    private const int HashItemBytes = 1 + Hash256.Length;
    private const int Width = 16;

    /// <summary>The node from its former RLP, where there is one, and the hashes of the places below.</summary>
    public static ReadOnlyMemory<byte> Branch(in BatchPlace branch, ReadOnlySpan<BatchPlace> below, ByteChunks room)
    {
        int payload = Width + 1 + (Hash256.Length * int.PopCount(branch.Former | branch.Reached));
        int header = RlpWriter.HeaderLength(payload);
        Memory<byte> node = room.Take(header + payload);
        Span<byte> rest = node.Span;
        WriteHeader(rest, ListItem, payload, header);
        rest = rest[header..];
        ReadOnlySpan<byte> old = branch.Old.Span;
        int oldAt = old.IsEmpty ? 0 : RlpStart(old);
        int child = 0;
        for (int i = 0; i < Width; i++)
        {
            bool isReached = (branch.Reached & (1 << i)) != 0;
            bool wasThere = (branch.Former & (1 << i)) != 0;
            if (isReached)
            {
                WriteHash(rest, below[child++].Hash);
            }
            else if (wasThere)
            {
                old.Slice(oldAt, HashItemBytes).CopyTo(rest);
            }
            else
            {
                rest[0] = EmptyItem;
            }

            oldAt += wasThere ? HashItemBytes : 1;
            rest = rest[(isReached || wasThere ? HashItemBytes : 1)..];
        }

        rest[0] = EmptyItem;
        return node;
    }

    /// <summary>The end of <paramref name="key"/> below <paramref name="depth"/> nibbles.</summary>
    public static ReadOnlyMemory<byte> Leaf(ReadOnlySpan<byte> key, int depth, ReadOnlySpan<byte> value, ByteChunks room)
    {
        bool isOneByte = value.Length == 1 && value[0] < EmptyItem;
        int valueHeader = isOneByte ? 0 : RlpWriter.HeaderLength(value.Length);
        Memory<byte> node = Begin(key, depth, SortedUpdates.Depth, isLeaf: true, valueHeader + value.Length, room, out int at);
        Span<byte> rest = node.Span[at..];
        if (!isOneByte)
        {
            WriteHeader(rest, EmptyItem, value.Length, valueHeader);
        }

        value.CopyTo(rest[valueHeader..]);
        return node;
    }

    /// <summary>The nibbles of <paramref name="key"/> from <paramref name="depth"/> to before <paramref name="end"/>, and what lies under them.</summary>
    public static ReadOnlyMemory<byte> Extension(ReadOnlySpan<byte> key, int depth, int end, in Hash256 child, ByteChunks room)
    {
        Memory<byte> node = Begin(key, depth, end, isLeaf: false, HashItemBytes, room, out int at);
        WriteHash(node.Span[at..], child);
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

        int path = Nibbles.WriteCompact(nibbles[..(end - depth)], isLeaf, compact);

        // The first byte of a compact path is below 0x80.
        int pathHeader = path == 1 ? 0 : 1;
        int payload = pathHeader + path + itemBytes;
        int header = RlpWriter.HeaderLength(payload);
        Memory<byte> node = room.Take(header + payload);
        Span<byte> rest = node.Span;
        WriteHeader(rest, ListItem, payload, header);
        if (pathHeader != 0)
        {
            rest[header] = (byte)(EmptyItem + path);
        }

        at = header + pathHeader;
        compact[..path].CopyTo(rest[at..]);
        at += path;
        return node;
    }

    private static int RlpStart(ReadOnlySpan<byte> list) => list[0] <= 0xf7 ? 1 : 1 + list[0] - 0xf7;

    private static void WriteHash(Span<byte> to, in Hash256 hash)
    {
        to[0] = EmptyItem + Hash256.Length;
        hash.CopyTo(to.Slice(1, Hash256.Length));
    }

    private static void WriteHeader(Span<byte> to, byte offset, int length, int header)
    {
        to[0] = (byte)(header == 1 ? offset + length : offset + 55 + header - 1);
        for (int i = header - 1, rest = length; i > 0; i--, rest >>= 8)
        {
            to[i] = (byte)(rest & 0xff);
        }
    }
}
