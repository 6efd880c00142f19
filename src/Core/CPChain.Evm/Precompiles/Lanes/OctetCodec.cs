using System.Runtime.InteropServices;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Between single elements and octets: words of 64 bits become limbs of 28, and one Montgomery factor the other.</summary>
internal static class OctetCodec<F, T>
    where F : struct, ILaneField
    where T : unmanaged, IWords<T>
{
    private const int WordBits = 64;

    private static readonly int Shift = WordBits * T.Words;

    /// <summary>2^(2 * 28 limbs - 64 words): times a 2^(64 words), divided by R, this makes a R.</summary>
    private static readonly Octet<F> Entry = Everywhere(
        F.Constants.PowerOfTwo((2 * LaneConstants.LimbBits * F.Limbs) - Shift));

    private static readonly Octet<F> Exit = Everywhere(F.Constants.PowerOfTwo(Shift));

    /// <summary>At most eight elements; the lanes behind are zero.</summary>
    internal static Octet<F> Pack(ReadOnlySpan<T> elements)
    {
        Octet<F> raw = default;
        Span<ulong> words = stackalloc ulong[T.Words + 1];
        words.Clear();
        for (int lane = 0; lane < elements.Length; lane++)
        {
            elements[lane].CopyTo(words);
            for (int limb = 0; limb < F.Limbs; limb++)
            {
                int bit = limb * LaneConstants.LimbBits;
                if (bit >= Shift) break;
                ulong low = words[bit / WordBits] >> (bit % WordBits);
                ulong high = words[(bit / WordBits) + 1] << 1 << (WordBits - 1 - (bit % WordBits));
                raw[(limb * LaneKernel.Lanes) + lane] = (low | high) & LaneConstants.LimbMask;
            }
        }

        return raw * Entry;
    }

    /// <summary>One element in every lane.</summary>
    internal static Octet<F> Repeat(in T element)
    {
        Span<T> elements = stackalloc T[LaneKernel.Lanes];
        elements.Fill(element);
        return Pack(elements);
    }

    /// <summary>The first elements.</summary>
    internal static void Unpack(in Octet<F> octet, Span<T> elements)
    {
        Octet<F> raw = octet * Exit;
        Span<ulong> words = stackalloc ulong[T.Words];
        for (int lane = 0; lane < elements.Length; lane++)
        {
            words.Clear();
            TakePrimeAway(ref raw, lane);
            for (int limb = 0; limb < F.Limbs; limb++)
            {
                int bit = limb * LaneConstants.LimbBits;
                if (bit >= Shift) break;
                ulong value = raw[(limb * LaneKernel.Lanes) + lane];
                words[bit / WordBits] |= value << (bit % WordBits);
                int over = (bit % WordBits) + LaneConstants.LimbBits - WordBits;
                if (over > 0 && (bit / WordBits) + 1 < words.Length) words[(bit / WordBits) + 1] |= value >> (LaneConstants.LimbBits - over);
            }

            elements[lane] = T.FromWords(words);
        }
    }

    /// <summary>Brings one lane of a product, which is below 2 p, below p.</summary>
    private static void TakePrimeAway(ref Octet<F> raw, int lane)
    {
        ulong[] prime = F.Constants.Prime;
        Span<ulong> less = stackalloc ulong[F.Limbs];
        long borrow = 0;
        for (int limb = 0; limb < less.Length; limb++)
        {
            borrow += (long)raw[(limb * LaneKernel.Lanes) + lane] - (long)prime[limb];
            less[limb] = unchecked((ulong)borrow) & LaneConstants.LimbMask;
            borrow >>= LaneConstants.LimbBits;
        }

        if (borrow < 0) return;
        for (int limb = 0; limb < less.Length; limb++) raw[(limb * LaneKernel.Lanes) + lane] = less[limb];
    }

    private static Octet<F> Everywhere(System.Numerics.BigInteger number)
    {
        Octet<F> octet = default;
        ulong[] limbs = LaneConstants.Split(number, F.Limbs);
        for (int i = 0; i < limbs.Length; i++) MemoryMarshal.CreateSpan(ref octet.First, Octet<F>.Size).Slice(8 * i, 8).Fill(limbs[i]);
        return octet;
    }
}
