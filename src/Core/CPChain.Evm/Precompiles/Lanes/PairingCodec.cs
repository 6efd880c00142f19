using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Between the tower Fp2, Fp6, Fp12 and the lanes: w^2 = v, so even powers of w are the lower half.</summary>
internal static class PairingCodec<F, T, TTower>
    where F : struct, ILaneField
    where T : unmanaged, IField<T>, IWords<T>
    where TTower : ITower<T>
{
    private const int Degree = 6;

    internal static PairingValue<F> Pack(in Fp12<T, TTower> value) => Pack(
        [value.C0.C0, value.C1.C0, value.C0.C1, value.C1.C1, value.C0.C2, value.C1.C2]);

    /// <summary>Six coefficients by powers of w.</summary>
    internal static PairingValue<F> Pack(ReadOnlySpan<Fp2<T>> coefficients)
    {
        Span<T> re = stackalloc T[Degree];
        Span<T> im = stackalloc T[Degree];
        for (int k = 0; k < Degree; k++)
        {
            re[k] = coefficients[k].C0;
            im[k] = coefficients[k].C1;
        }

        return new(OctetCodec<F, T>.Pack(re), OctetCodec<F, T>.Pack(im));
    }

    internal static Fp12<T, TTower> Unpack(in PairingValue<F> value)
    {
        Span<T> re = stackalloc T[Degree];
        Span<T> im = stackalloc T[Degree];
        OctetCodec<F, T>.Unpack(value.Re, re);
        OctetCodec<F, T>.Unpack(value.Im, im);
        return new(
            new(new(re[0], im[0]), new(re[2], im[2]), new(re[4], im[4])),
            new(new(re[1], im[1]), new(re[3], im[3]), new(re[5], im[5])));
    }

    internal static PairingValue<F> Invert(in PairingValue<F> value) => Pack(Fp12<T, TTower>.Invert(Unpack(value)));
}
