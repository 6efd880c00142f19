using System.Text;
using CPChain.Crypto;
using CPChain.Crypto.Keccak;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Foundation.Tests.Crypto;

public sealed class KeccakTests
{
    // Digests published with the Keccak team's competition package and in the Ethereum Yellow Paper.
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    [InlineData("Transfer(address,address,uint256)", "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")]
    public void Published_digests_match(string text, string digest) =>
        Assert.Equal(Hash256.Parse(digest), Keccak256.Hash(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void The_constants_of_an_empty_account_are_digests()
    {
        Assert.Equal(Keccak256.Hash([]), Account.EmptyCodeHash);
        var writer = new RlpWriter();
        writer.WriteBytes([]);
        Assert.Equal(Keccak256.Hash(writer.WrittenSpan), Account.EmptyTrieRoot);
    }

    [Fact]
    public void Pieces_give_the_digest_of_the_whole_at_every_split()
    {
        byte[] input = [.. Enumerable.Range(0, 300).Select(i => unchecked((byte)(i * 7)))];
        for (int length = 0; length <= input.Length; length++)
        {
            ReadOnlySpan<byte> whole = input.AsSpan(0, length);
            Hash256 expected = Keccak256.Hash(whole);
            int split = length * 5 / 8;
            Assert.Equal(expected, Keccak256.Hash(whole[..split], whole[split..]));
            var hasher = new KeccakHasher();
            for (int i = 0; i < length; i += 17) hasher.Update(whole[i..Math.Min(length, i + 17)]);
            Assert.Equal(expected, hasher.Finish());
        }
    }

    [Fact]
    public void The_vector_form_of_the_permutation_equals_the_scalar_one()
    {
        ulong[] scalar = new ulong[25];
        ulong[] vector = new ulong[25];
        for (int i = 0; i < 1000; i++)
        {
            scalar[i % 25] ^= (ulong)i;
            vector[i % 25] ^= (ulong)i;
            KeccakPermutation.PermuteScalar(scalar);
            // Without AVX-512VL the program has one form only, which is then compared with itself.
            if (KeccakPermutation.IsVectorSupported) KeccakPermutation.PermuteVector(vector);
            else KeccakPermutation.PermuteScalar(vector);
            Assert.Equal(scalar, vector);
        }
    }

    [Fact]
    public void A_batch_gives_the_digests_of_its_members_for_every_count_and_mix_of_lengths()
    {
        byte[] bytes = [.. Enumerable.Range(0, 2000).Select(i => unchecked((byte)(i * 31)))];
        int[] lengths = [0, 1, 135, 136, 137, 271, 272, 273, 32, 532, 64, 100, 408, 1999, 5, 7, 136, 136, 136, 0];
        for (int count = 0; count <= lengths.Length; count++)
        {
            ReadOnlyMemory<byte>[] inputs = [.. lengths.Take(count).Select((length, i) => bytes.AsMemory(i % (2000 - length), length))];
            var digests = new Hash256[count];
            KeccakBatch.Hash(inputs, digests);
            for (int i = 0; i < count; i++) Assert.Equal(Keccak256.Hash(inputs[i].Span), digests[i]);
        }

        ReadOnlyMemory<byte>[] alike = [.. Enumerable.Range(0, 64).Select(i => bytes.AsMemory(i, 100))];
        var all = new Hash256[64];
        KeccakBatch.Hash(alike, all);
        for (int i = 0; i < 64; i++) Assert.Equal(Keccak256.Hash(alike[i].Span), all[i]);
    }
}
