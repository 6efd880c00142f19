using System.Buffers.Binary;
using System.Security.Cryptography;
using CPChain.Types;

namespace CPChain.Data.Merkle;

/// <summary>Root and inclusion proofs over 4 KiB segments of some bytes; the root binds index and length (rule D4.2).</summary>
/// <remarks>The root of stored content (shard, manifest, record) is its content id.</remarks>
public static class SegmentTree
{
    /// <summary>Bytes of a segment; the last one may be shorter.</summary>
    public const int SegmentBytes = 4096;

    private const int HashBytes = 32;
    private const int PrefixBytes = 1 + 8 + 4;

    /// <summary>Content id of <paramref name="content"/>.</summary>
    public static Hash256 Root(ReadOnlySpan<byte> content) => Bind(content.Length, MerkleTree.Top(Leaves(content, [])));

    /// <summary>Root over segments that are each salted, so that the root tells nothing of the content (rule D4.3).</summary>
    public static Hash256 SaltedRoot(ReadOnlySpan<byte> content, ReadOnlySpan<byte> saltKey) =>
        Bind(content.Length, MerkleTree.Top(Leaves(content, saltKey)));

    /// <summary>Proves that segment <paramref name="index"/> belongs to the content.</summary>
    public static SegmentProof Prove(ReadOnlySpan<byte> content, int index, ReadOnlySpan<byte> saltKey = default)
    {
        byte[] salt = saltKey.IsEmpty ? [] : Salt(saltKey, index);
        byte[] segment = Segment(content, index).ToArray();
        return new SegmentProof(index, content.Length, segment, salt, MerkleTree.Path(Leaves(content, saltKey), index));
    }

    /// <summary>Whether the proof leads to <paramref name="root"/>.</summary>
    public static bool Verify(in Hash256 root, SegmentProof proof)
    {
        long count = SegmentCount(proof.ContentBytes);
        long expected = proof.Index == count - 1 ? proof.ContentBytes - proof.Index * (long)SegmentBytes : SegmentBytes;
        if (proof.ContentBytes < 0 || proof.Index < 0 || proof.Index >= count || proof.Segment.Length != expected) return false;
        if (proof.Salt.Length is not (0 or HashBytes)) return false;
        Span<byte> top = stackalloc byte[HashBytes];
        Span<byte> leaf = stackalloc byte[HashBytes];
        byte[] room = new byte[PrefixBytes + HashBytes + SegmentBytes];
        HashLeaf(proof.Segment, proof.Index, proof.Salt, room, leaf);
        return MerkleTree.VerifyPath(leaf, proof.Index, count, proof.Path, top) && Bind(proof.ContentBytes, top) == root;
    }

    private static byte[] Leaves(ReadOnlySpan<byte> content, ReadOnlySpan<byte> saltKey)
    {
        int count = (int)SegmentCount(content.Length);
        byte[] leaves = new byte[count * HashBytes];
        byte[] room = new byte[PrefixBytes + HashBytes + SegmentBytes];
        for (int i = 0; i < count; i++)
            HashLeaf(Segment(content, i), i, saltKey.IsEmpty ? [] : Salt(saltKey, i), room, leaves.AsSpan(i * HashBytes));
        CryptographicOperations.ZeroMemory(room);
        return leaves;
    }

    private static void HashLeaf(ReadOnlySpan<byte> segment, long index, ReadOnlySpan<byte> salt, byte[] room, Span<byte> leaf)
    {
        room[0] = salt.IsEmpty ? MerkleDomain.Leaf : MerkleDomain.SaltedLeaf;
        BinaryPrimitives.WriteUInt64BigEndian(room.AsSpan(1), (ulong)index);
        BinaryPrimitives.WriteUInt32BigEndian(room.AsSpan(9), (uint)segment.Length);
        salt.CopyTo(room.AsSpan(PrefixBytes));
        segment.CopyTo(room.AsSpan(PrefixBytes + salt.Length));
        SHA256.HashData(room.AsSpan(0, PrefixBytes + salt.Length + segment.Length), leaf);
    }

    private static byte[] Salt(ReadOnlySpan<byte> saltKey, int index)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, (ulong)index);
        return HMACSHA256.HashData(saltKey, number);
    }

    private static Hash256 Bind(long length, ReadOnlySpan<byte> top)
    {
        Span<byte> bound = stackalloc byte[1 + 8 + HashBytes];
        bound[0] = MerkleDomain.Root;
        BinaryPrimitives.WriteUInt64BigEndian(bound[1..], (ulong)length);
        top.CopyTo(bound[9..]);
        Span<byte> root = stackalloc byte[HashBytes];
        SHA256.HashData(bound, root);
        return Hash256.FromBytes(root);
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> content, int index)
    {
        int start = index * SegmentBytes;
        return content.Slice(start, Math.Min(SegmentBytes, content.Length - start));
    }

    private static long SegmentCount(long bytes) => (bytes + SegmentBytes - 1) / SegmentBytes;
}

/// <summary>A segment with its siblings up to the root.</summary>
/// <param name="Index">Number of the segment, from 0.</param>
/// <param name="ContentBytes">Length of the whole content.</param>
/// <param name="Segment">The segment's bytes.</param>
/// <param name="Salt">32 bytes in a salted tree, none otherwise.</param>
/// <param name="Path">Sibling hashes, lowest first.</param>
public sealed record SegmentProof(int Index, long ContentBytes, byte[] Segment, byte[] Salt, IReadOnlyList<Hash256> Path);
