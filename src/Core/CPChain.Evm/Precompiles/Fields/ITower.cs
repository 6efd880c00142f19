namespace CPChain.Evm.Precompiles.Fields;

/// <summary>What distinguishes the towers of two pairing curves: the element xi of Fp2 with v^3 = xi, w^2 = v.</summary>
internal interface ITower<F>
    where F : struct, IField<F>
{
    /// <summary>xi times an element.</summary>
    static abstract Fp2<F> MultiplyByXi(in Fp2<F> a);

    /// <summary>xi^(i (p - 1) / 6) for i from 0 to 5: what the Frobenius map multiplies w^i by.</summary>
    static abstract ReadOnlySpan<Fp2<F>> FrobeniusFactors { get; }
}
