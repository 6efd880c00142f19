using System.Numerics;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>What arithmetic modulo one prime needs, as limbs of 28 bits: a product of two has 56, and 255 such products
/// fit into 64 bits without a carry.</summary>
internal sealed class LaneConstants
{
    /// <summary>Bits of a limb.</summary>
    internal const int LimbBits = 28;

    internal const ulong LimbMask = (1UL << LimbBits) - 1;

    /// <summary>Bits of the number by which quotients are estimated.</summary>
    private const int HeadBits = 16;

    /// <summary>Bits behind the point of <see cref="HeadInverseRow"/>.</summary>
    internal const int QuotientShift = 44;

    internal LaneConstants(BigInteger prime, int limbs, int subtractionBits)
    {
        PrimeNumber = prime;
        Limbs = limbs;
        BigInteger r = BigInteger.One << (LimbBits * limbs);
        Prime = Split(prime, limbs);
        PrimeRows = Rows(Prime);
        ComplementRows = Rows(Split(r - prime, limbs));
        BigInteger word = BigInteger.One << LimbBits;
        NegativeInverseRow = Rows([(ulong)(word - Inverse(prime % word, word))]);

        // A multiple of the prime with limbs so large that no limb of a subtrahend exceeds them.
        ulong[] multiple = Split(prime << subtractionBits, limbs);
        for (int i = 0; i < limbs; i++)
        {
            if (i < limbs - 1) multiple[i] += 2UL << LimbBits;
            if (i > 0) multiple[i] -= 2;
        }

        MultipleRows = Rows(multiple);

        int headAt = (int)prime.GetBitLength() - HeadBits;
        HeadShift = headAt - (LimbBits * (limbs - 2));
        HeadInverseRow = Rows([(ulong)((BigInteger.One << QuotientShift) / ((prime >> headAt) + 1))]);
    }

    internal BigInteger PrimeNumber { get; }

    internal int Limbs { get; }

    internal ulong[] Prime { get; }

    /// <summary>The prime in every lane.</summary>
    /// <remarks>Rows of equal numbers stand in memory because the compiler of .NET 10.0 reads a number that is to be spread over the lanes of a
    /// multiplication (vpmuludq with an embedded broadcast) from a wrong address.</remarks>
    internal ulong[] PrimeRows { get; }

    /// <summary>R - p, R being 2^(28 limbs).</summary>
    internal ulong[] ComplementRows { get; }

    /// <summary>-1/p modulo 2^28.</summary>
    internal ulong[] NegativeInverseRow { get; }

    /// <summary>A multiple of the prime from which any element below 512 p is taken limb by limb without a borrow.</summary>
    internal ulong[] MultipleRows { get; }

    /// <summary>Where in the last limb but one the head of a number begins.</summary>
    internal int HeadShift { get; }

    /// <summary>2^44 divided by the head of the prime, so that products are quotients and never too large.</summary>
    internal ulong[] HeadInverseRow { get; }

    /// <summary>2^bits modulo the prime.</summary>
    internal BigInteger PowerOfTwo(int bits) => BigInteger.ModPow(2, bits, PrimeNumber);

    internal static ulong[] Split(BigInteger number, int limbs)
    {
        var split = new ulong[limbs];
        for (int i = 0; i < limbs; i++) split[i] = (ulong)((number >> (LimbBits * i)) & LimbMask);
        return split;
    }

    /// <summary>Each limb in eight lanes.</summary>
    private static ulong[] Rows(ulong[] limbs) =>
        [.. limbs.SelectMany(static limb => Enumerable.Repeat(limb, LaneKernel.Lanes))];

    /// <summary>The inverse of an odd number modulo a power of two, by Newton's iteration.</summary>
    private static BigInteger Inverse(BigInteger odd, BigInteger modulus)
    {
        BigInteger inverse = 1;
        for (int bits = 1; bits < LimbBits; bits *= 2)
        {
            inverse = inverse * (2 + modulus - (odd * inverse % modulus)) % modulus;
        }

        return inverse;
    }
}
