namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Fp6[w] / (w^2 - v): the field of pairing values.</summary>
internal readonly struct Fp12<F, TTower>(Fp6<F, TTower> c0, Fp6<F, TTower> c1)
    : IField<Fp12<F, TTower>>, IEquatable<Fp12<F, TTower>>
    where F : struct, IField<F>
    where TTower : ITower<F>
{
    internal readonly Fp6<F, TTower> C0 = c0;
    internal readonly Fp6<F, TTower> C1 = c1;

    public static Fp12<F, TTower> Zero => default;

    public static Fp12<F, TTower> One => new(Fp6<F, TTower>.One, default);

    public bool IsZero => C0.IsZero && C1.IsZero;

    /// <summary>The power p^6; the inverse of an element of norm 1.</summary>
    internal Fp12<F, TTower> Conjugate => new(C0, -C1);

    public static Fp12<F, TTower> operator +(in Fp12<F, TTower> a, in Fp12<F, TTower> b) => new(a.C0 + b.C0, a.C1 + b.C1);

    public static Fp12<F, TTower> operator -(in Fp12<F, TTower> a, in Fp12<F, TTower> b) => new(a.C0 - b.C0, a.C1 - b.C1);

    public static Fp12<F, TTower> operator -(in Fp12<F, TTower> a) => new(-a.C0, -a.C1);

    public static Fp12<F, TTower> operator *(in Fp12<F, TTower> a, in Fp12<F, TTower> b)
    {
        Fp6<F, TTower> low = a.C0 * b.C0;
        Fp6<F, TTower> high = a.C1 * b.C1;
        return new(low + high.TimesV, ((a.C0 + a.C1) * (b.C0 + b.C1)) - low - high);
    }

    public static bool operator ==(in Fp12<F, TTower> a, in Fp12<F, TTower> b) => a.C0 == b.C0 && a.C1 == b.C1;

    public static bool operator !=(in Fp12<F, TTower> a, in Fp12<F, TTower> b) => !(a == b);

    /// <summary>The square, by two products in Fp6.</summary>
    public static Fp12<F, TTower> Square(in Fp12<F, TTower> a)
    {
        Fp6<F, TTower> cross = a.C0 * a.C1;
        Fp6<F, TTower> rest = ((a.C0 + a.C1) * (a.C0 + a.C1.TimesV)) - cross - cross.TimesV;
        return new(rest, cross + cross);
    }

    public static Fp12<F, TTower> Invert(in Fp12<F, TTower> a)
    {
        Fp6<F, TTower> norm = Fp6<F, TTower>.Invert((a.C0 * a.C0) - (a.C1 * a.C1).TimesV);
        return new(a.C0 * norm, -(a.C1 * norm));
    }

    /// <summary>The power p.</summary>
    internal Fp12<F, TTower> Frobenius()
    {
        ReadOnlySpan<Fp2<F>> factor = TTower.FrobeniusFactors;
        return new(
            new(C0.C0.Conjugate, C0.C1.Conjugate * factor[2], C0.C2.Conjugate * factor[4]),
            new(C1.C0.Conjugate * factor[1], C1.C1.Conjugate * factor[3], C1.C2.Conjugate * factor[5]));
    }

    public bool Equals(Fp12<F, TTower> other) => this == other;

    public override bool Equals(object? obj) => obj is Fp12<F, TTower> other && this == other;

    public override int GetHashCode() => HashCode.Combine(C0, C1);
}
