namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>A prime field whose elements are worked on eight at a time.</summary>
internal interface ILaneField
{
    /// <summary>Limbs of <see cref="LaneConstants.LimbBits"/> bits of one element.</summary>
    static abstract int Limbs { get; }

    static abstract LaneConstants Constants { get; }

    /// <summary>n, where w^6 = xi = n + u: the extension Fp2[w] is that of the pairing values.</summary>
    static abstract ulong XiReal { get; }

    /// <summary>Montgomery's reduction of a sum of products; see <see cref="LaneKernel"/>.</summary>
    static abstract void SumOfProducts<V, TMultipliers>(
        ref ulong a, ReadOnlySpan<int> aOffsets, ref ulong b, ReadOnlySpan<int> bOffsets, ref ulong result)
        where V : struct, ILaneVector<V>
        where TMultipliers : struct, IMultipliers;
}
