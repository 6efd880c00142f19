using System.Security.Cryptography;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Data.Tests;

public sealed class MerkleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(28_000)]
    [InlineData(70_000)]
    public void D4_2_every_segment_proves_itself_and_no_other_content(int length)
    {
        byte[] content = Bytes(length);
        byte[] salt = new byte[32];
        Hash256 root = SegmentTree.Root(content), salted = SegmentTree.SaltedRoot(content, salt);
        if (length > 0) Assert.NotEqual(root, salted);
        for (int i = 0; i < (length + 4095) / 4096; i++)
        {
            SegmentProof proof = SegmentTree.Prove(content, i);
            Assert.True(SegmentTree.Verify(root, proof));
            Assert.False(SegmentTree.Verify(salted, proof));
            Assert.True(SegmentTree.Verify(salted, SegmentTree.Prove(content, i, salt)));
            byte[] flipped = proof.Segment.ToArray();
            flipped[^1] ^= 1;
            Assert.False(SegmentTree.Verify(root, proof with { Segment = flipped }));
            Assert.False(SegmentTree.Verify(root, proof with { Index = i + 1 }));
            Assert.False(SegmentTree.Verify(root, proof with { ContentBytes = length + 1 }));
            Assert.False(SegmentTree.Verify(root, proof with { Path = [.. proof.Path, Hash256.Zero] }));
        }
    }

    [Fact]
    public void D4_2_the_root_of_two_segments_is_the_written_formula()
    {
        byte[] content = Bytes(5000);
        byte[] Leaf(int index, ReadOnlySpan<byte> s) =>
            SHA256.HashData([0, 0, 0, 0, 0, 0, 0, 0, (byte)index, 0, 0, (byte)(s.Length >> 8), (byte)(s.Length & 255), .. s]);
        byte[] top = SHA256.HashData([1, .. Leaf(0, content.AsSpan(0, 4096)), .. Leaf(1, content.AsSpan(4096))]);
        byte[] root = SHA256.HashData([2, 0, 0, 0, 0, 0, 0, 5000 >> 8, 5000 & 255, .. top]);
        Assert.Equal(Hash256.FromBytes(root), SegmentTree.Root(content));
    }

    [Fact]
    public void D4_2_a_longer_content_with_the_same_leaves_has_another_root()
    {
        byte[] zeros = new byte[8192];
        Assert.NotEqual(SegmentTree.Root(zeros), SegmentTree.Root(zeros.AsSpan(0, 8191)));
        Assert.NotEqual(MerkleTree.OfList([Hash256.Zero]), MerkleTree.OfList([Hash256.Zero, Hash256.Zero]));
        Assert.NotEqual(MerkleTree.OfList([]), MerkleTree.OfList([Hash256.Zero]));
    }

    internal static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        uint x = 2463534242;
        for (int i = 0; i < length; i++)
        {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            bytes[i] = (byte)(x & 255);
        }
        return bytes;
    }
}
