using CPChain.Data.Erasure;
using CPChain.Types;

namespace CPChain.Data.Tests;

public sealed class ErasureTests
{
    [Theory]
    [InlineData(4, 6, 10_001)]
    [InlineData(1, 3, 77)]
    [InlineData(3, 3, 100)]
    [InlineData(5, 9, 4)]
    [InlineData(10, 14, 100_000)]
    public void D5_1_any_k_of_n_shards_give_the_data_back_and_fewer_do_not(int k, int n, int length)
    {
        byte[] data = MerkleTests.Bytes(length);
        ReedSolomon code = new(k, n);
        byte[][] shards = code.Encode(data);
        foreach (int mask in Enumerable.Range(0, 1 << n).Where(m => int.PopCount(m) == k))
        {
            if (n > 9 && mask % 7 != 0) continue;
            byte[]?[] have = [.. shards.Select((s, i) => (mask >> i & 1) != 0 ? s : null)];
            Assert.True(code.TryDecode(have, length, out byte[] back));
            Assert.Equal(data, back);
            have[Array.FindIndex(have, s => s is not null)] = null;
            Assert.False(code.TryDecode(have, length, out _));
        }
    }

    [Fact]
    public void D5_1_vector_paths_equal_the_scalar_one()
    {
        foreach (int length in (int[])[0, 1, 15, 16, 31, 32, 33, 1000])
            for (int factor = 0; factor < 256; factor++)
            {
                byte[] data = MerkleTests.Bytes(length), start = MerkleTests.Bytes(length).Reverse().ToArray();
                byte[] scalar = start.ToArray(), shuffled = start.ToArray(), affine = start.ToArray(), chosen = start.ToArray();
                GaloisField.MultiplyAddScalar((byte)factor, data, scalar);
                GaloisField.MultiplyAdd((byte)factor, data, chosen);
                Assert.Equal(scalar, chosen);
                int done = GaloisField.Shuffle((byte)factor, data, shuffled);
                Assert.Equal(scalar[..done], shuffled[..done]);
                if (!System.Runtime.Intrinsics.X86.Gfni.V256.IsSupported) continue;
                done = GaloisField.Affine((byte)factor, data, affine);
                Assert.Equal(scalar[..done], affine[..done]);
            }
    }

    [Fact]
    public void D5_1_the_field_has_the_polynomial_0x11D()
    {
        Assert.Equal(0x1d, GaloisField.Multiply(0x80, 2));
        for (int a = 1; a < 256; a++) Assert.Equal(1, GaloisField.Multiply((byte)a, GaloisField.Inverse((byte)a)));
    }

    [Fact]
    public void D5_3_a_flipped_bit_is_found_and_the_block_is_joined_from_the_others()
    {
        byte[] ciphertext = MerkleTests.Bytes(50_000);
        ReedSolomon code = new(4, 6);
        IReadOnlyList<(Hash256 Id, byte[] Bytes)> shards = Shard.Cut(ciphertext, code);
        Hash256[] ids = [.. shards.Select(s => s.Id)];
        for (int bit = 0; bit < shards[2].Bytes.Length * 8; bit += 997)
        {
            byte[]?[] fetched = [.. shards.Select(s => s.Bytes)];
            fetched[2] = fetched[2]!.ToArray();
            fetched[2]![bit / 8] ^= (byte)(1 << bit % 8);
            fetched[5] = null;
            Assert.True(Shard.TryJoin(ids, fetched, code, ciphertext.Length, out byte[] joined, out IReadOnlyList<int> damaged));
            Assert.Equal(ciphertext, joined);
            Assert.Equal([2], damaged);
        }
    }

    [Fact]
    public void D5_2_hostile_shards_are_refused()
    {
        byte[] good = new Shard(4, 6, 1, 10, [1, 2, 3]).Encode();
        Assert.True(Shard.TryDecode(good, out _));
        for (int length = 0; length < good.Length; length++) Assert.False(Shard.TryDecode(good.AsSpan(0, length), out _));
        byte[][] bad = [[2, .. good[1..]], [1, 0, 6, 0, .. good[4..]], [1, 4, 3, 0, .. good[4..]], [1, 4, 6, 6, .. good[4..]], [.. good, 0]];
        foreach (byte[] b in bad) Assert.False(Shard.TryDecode(b, out _));
    }
}
