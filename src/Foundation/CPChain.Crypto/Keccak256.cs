using CPChain.Crypto.Keccak;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>Keccak-256 with the original padding 0x01, as Ethereum uses it; not SHA3-256.</summary>
public static class Keccak256
{
    public static Hash256 Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Hash(input, digest);
        return Hash256.FromBytes(digest);
    }

    /// <summary>The digest of both inputs, one after the other.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var hasher = new KeccakHasher();
        hasher.Update(first);
        hasher.Update(second);
        return hasher.Finish();
    }

    public static void Hash(ReadOnlySpan<byte> input, Span<byte> out32)
    {
        Span<ulong> state = stackalloc ulong[KeccakPermutation.Lanes];
        state.Clear();
        while (input.Length >= KeccakSponge.RateBytes)
        {
            KeccakSponge.Absorb(state, input[..KeccakSponge.RateBytes]);
            input = input[KeccakSponge.RateBytes..];
        }

        KeccakSponge.Finish(state, input, out32);
    }
}
