using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;

namespace CPChain.Evm.Precompiles.Bn254;

/// <summary>The prime of alt_bn128 in lanes: 280 bits leave 26 for sums.</summary>
internal readonly struct Bn254Lanes : ILaneField
{
    private const int SubtractionBits = 10;

    private static readonly LaneConstants Field = new(Fp254.Prime.ToBigInteger(), 10, SubtractionBits);

    public static int Limbs => 10;

    public static LaneConstants Constants => Field;

    public static ulong XiReal => 9;

    public static void SumOfProducts<V, TMultipliers>(
        ref ulong a, ReadOnlySpan<int> aOffsets, ref ulong b, ReadOnlySpan<int> bOffsets, ref ulong result)
        where V : struct, ILaneVector<V>
        where TMultipliers : struct, IMultipliers =>
        LaneKernel.Sum10<V, TMultipliers>(ref a, aOffsets, ref b, bOffsets, Field, ref result);
}
