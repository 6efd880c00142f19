using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>The prime of BLS12-381 in lanes: 420 bits leave 39 for sums.</summary>
internal readonly struct BlsLanes : ILaneField
{
    private const int SubtractionBits = 13;

    private static readonly LaneConstants Field = new(Fp381.Prime, 15, SubtractionBits);

    public static int Limbs => 15;

    public static LaneConstants Constants => Field;

    public static ulong XiReal => 1;

    public static void SumOfProducts<V, TMultipliers>(
        ref ulong a, ReadOnlySpan<int> aOffsets, ref ulong b, ReadOnlySpan<int> bOffsets, ref ulong result)
        where V : struct, ILaneVector<V>
        where TMultipliers : struct, IMultipliers =>
        LaneKernel.Sum15<V, TMultipliers>(ref a, aOffsets, ref b, bOffsets, Field, ref result);
}
