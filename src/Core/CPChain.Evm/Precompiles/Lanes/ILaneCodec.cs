using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Between single elements and eight in lanes.</summary>
internal interface ILaneCodec<E, T>
    where E : struct
    where T : unmanaged
{
    /// <summary>At most eight elements; the lanes behind are zero.</summary>
    static abstract E Pack(ReadOnlySpan<T> elements);

    /// <summary>The first elements.</summary>
    static abstract void Unpack(in E lanes, Span<T> elements);
}

/// <summary>Elements of Fp.</summary>
internal readonly struct SingleCodec<F, T> : ILaneCodec<Octet<F>, T>
    where F : struct, ILaneField
    where T : unmanaged, IWords<T>
{
    public static Octet<F> Pack(ReadOnlySpan<T> elements) => OctetCodec<F, T>.Pack(elements);

    public static void Unpack(in Octet<F> lanes, Span<T> elements) => OctetCodec<F, T>.Unpack(lanes, elements);
}

/// <summary>Elements of Fp2.</summary>
internal readonly struct ComplexCodec<F, T> : ILaneCodec<ComplexOctet<F>, Fp2<T>>
    where F : struct, ILaneField
    where T : unmanaged, IField<T>, IWords<T>
{
    public static ComplexOctet<F> Pack(ReadOnlySpan<Fp2<T>> elements)
    {
        Span<T> re = stackalloc T[elements.Length];
        Span<T> im = stackalloc T[elements.Length];
        for (int i = 0; i < elements.Length; i++) (re[i], im[i]) = (elements[i].C0, elements[i].C1);
        return new(OctetCodec<F, T>.Pack(re), OctetCodec<F, T>.Pack(im));
    }

    public static void Unpack(in ComplexOctet<F> lanes, Span<Fp2<T>> elements)
    {
        Span<T> re = stackalloc T[elements.Length];
        Span<T> im = stackalloc T[elements.Length];
        OctetCodec<F, T>.Unpack(lanes.Re, re);
        OctetCodec<F, T>.Unpack(lanes.Im, im);
        for (int i = 0; i < elements.Length; i++) elements[i] = new(re[i], im[i]);
    }
}
