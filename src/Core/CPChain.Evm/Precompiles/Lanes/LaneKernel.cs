namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Sums of products in eight lanes, divided by R = 2^(28 limbs) modulo the prime (Montgomery 1985, limb by
/// limb of the left factors). One reduction serves a whole sum, and no product needs a carry: with at most
/// <see cref="TermsMax"/> terms every column stays below 2^64. Limbs lie in rows of eight lanes.</summary>
/// <remarks>The result is below (sum of a b) / R + p, its limbs below 2^28. Written out limb by limb, for the columns must stay in
/// registers.</remarks>
internal static partial class LaneKernel
{
    /// <summary>Elements that are worked on at a time.</summary>
    internal const int Lanes = 8;

    /// <summary>Terms of one sum: 15 limbs times (12 + 1) products of 56 bits are below 2^64.</summary>
    internal const int TermsMax = 12;
}
