using System.Security.Cryptography;
using CPChain.Types;

namespace CPChain.Data.Merkle;

/// <summary>Domain bytes that keep leaves, nodes and roots of different trees apart (rule D4.1).</summary>
internal static class MerkleDomain
{
    public const byte Leaf = 0;
    public const byte Node = 1;
    public const byte Root = 2;
    public const byte SaltedLeaf = 3;
    public const byte List = 4;
}

/// <summary>A binary SHA-256 tree over leaf hashes; an odd node at the end of a level rises unchanged.</summary>
public static class MerkleTree
{
    private const int HashBytes = 32;

    /// <summary>Longest path that <see cref="VerifyPath"/> reads.</summary>
    public const int PathMax = 40;

    /// <summary>Root of a list of hashes; it binds their number.</summary>
    public static Hash256 OfList(IReadOnlyList<Hash256> items)
    {
        byte[] level = new byte[items.Count * HashBytes];
        for (int i = 0; i < items.Count; i++) items[i].CopyTo(level.AsSpan(i * HashBytes));
        Span<byte> bound = stackalloc byte[1 + 8 + HashBytes];
        bound[0] = MerkleDomain.List;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bound[1..], (ulong)items.Count);
        Top(level).CopyTo(bound[9..]);
        return Hash256.FromBytes(SHA256.HashData(bound));
    }

    /// <summary>Reduces leaf hashes, laid out one behind the other, to the top node; zeros for none. Destroys the
    /// input.</summary>
    internal static byte[] Top(Span<byte> level)
    {
        if (level.IsEmpty) return new byte[HashBytes];
        Span<byte> pair = stackalloc byte[1 + 2 * HashBytes];
        pair[0] = MerkleDomain.Node;
        while (level.Length > HashBytes)
        {
            int nodes = level.Length / HashBytes;
            for (int i = 0; i + 1 < nodes; i += 2)
            {
                level.Slice(i * HashBytes, 2 * HashBytes).CopyTo(pair[1..]);
                SHA256.HashData(pair, level[(i / 2 * HashBytes)..]);
            }
            if (nodes % 2 == 1) level[^HashBytes..].CopyTo(level[(nodes / 2 * HashBytes)..]);
            level = level[..((nodes + 1) / 2 * HashBytes)];
        }
        return level.ToArray();
    }

    /// <summary>The siblings from leaf <paramref name="index"/> up to the top.</summary>
    internal static IReadOnlyList<Hash256> Path(byte[] leaves, int index)
    {
        List<Hash256> path = [];
        byte[] level = leaves.ToArray();
        Span<byte> pair = stackalloc byte[1 + 2 * HashBytes];
        pair[0] = MerkleDomain.Node;
        for (int nodes = level.Length / HashBytes; nodes > 1; nodes = (nodes + 1) / 2, index /= 2)
        {
            int sibling = index ^ 1;
            if (sibling < nodes) path.Add(Hash256.FromBytes(level.AsSpan(sibling * HashBytes, HashBytes)));
            for (int i = 0; i < nodes; i += 2)
            {
                if (i + 1 == nodes)
                {
                    level.AsSpan(i * HashBytes, HashBytes).CopyTo(level.AsSpan(i / 2 * HashBytes));
                    continue;
                }
                level.AsSpan(i * HashBytes, 2 * HashBytes).CopyTo(pair[1..]);
                SHA256.HashData(pair, level.AsSpan(i / 2 * HashBytes));
            }
        }
        return path;
    }

    /// <summary>Folds a leaf and its path to the top node; false when the path has the wrong length.</summary>
    internal static bool VerifyPath(ReadOnlySpan<byte> leaf, long index, long count, IReadOnlyList<Hash256> path, Span<byte> top)
    {
        if (index < 0 || index >= count || path.Count > PathMax) return false;
        Span<byte> pair = stackalloc byte[1 + 2 * HashBytes];
        pair[0] = MerkleDomain.Node;
        leaf.CopyTo(top);
        int step = 0;
        for (long nodes = count; nodes > 1; nodes = (nodes + 1) / 2, index /= 2)
        {
            if ((index ^ 1) >= nodes) continue;
            if (step >= path.Count) return false;
            top.CopyTo(pair[(index % 2 == 0 ? 1 : 1 + HashBytes)..]);
            path[step++].CopyTo(pair[(index % 2 == 0 ? 1 + HashBytes : 1)..]);
            SHA256.HashData(pair, top);
        }
        return step == path.Count;
    }
}
