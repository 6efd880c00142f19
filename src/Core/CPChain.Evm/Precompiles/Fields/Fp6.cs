namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Fp2[v] / (v^3 - xi).</summary>
internal readonly struct Fp6<F, TTower>(Fp2<F> c0, Fp2<F> c1, Fp2<F> c2) : IField<Fp6<F, TTower>>, IEquatable<Fp6<F, TTower>>
    where F : struct, IField<F>
    where TTower : ITower<F>
{
    internal readonly Fp2<F> C0 = c0;
    internal readonly Fp2<F> C1 = c1;
    internal readonly Fp2<F> C2 = c2;

    public static Fp6<F, TTower> Zero => default;

    public static Fp6<F, TTower> One => new(Fp2<F>.One, default, default);

    public bool IsZero => C0.IsZero && C1.IsZero && C2.IsZero;

    /// <summary>This times v.</summary>
    internal Fp6<F, TTower> TimesV => new(TTower.MultiplyByXi(C2), C0, C1);

    public static Fp6<F, TTower> operator +(in Fp6<F, TTower> a, in Fp6<F, TTower> b) =>
        new(a.C0 + b.C0, a.C1 + b.C1, a.C2 + b.C2);

    public static Fp6<F, TTower> operator -(in Fp6<F, TTower> a, in Fp6<F, TTower> b) =>
        new(a.C0 - b.C0, a.C1 - b.C1, a.C2 - b.C2);

    public static Fp6<F, TTower> operator -(in Fp6<F, TTower> a) => new(-a.C0, -a.C1, -a.C2);

    public static Fp6<F, TTower> operator *(in Fp6<F, TTower> a, in Fp6<F, TTower> b)
    {
        Fp2<F> t0 = a.C0 * b.C0;
        Fp2<F> t1 = a.C1 * b.C1;
        Fp2<F> t2 = a.C2 * b.C2;
        return new(
            t0 + TTower.MultiplyByXi(((a.C1 + a.C2) * (b.C1 + b.C2)) - t1 - t2),
            ((a.C0 + a.C1) * (b.C0 + b.C1)) - t0 - t1 + TTower.MultiplyByXi(t2),
            ((a.C0 + a.C2) * (b.C0 + b.C2)) - t0 - t2 + t1);
    }

    public static bool operator ==(in Fp6<F, TTower> a, in Fp6<F, TTower> b) =>
        a.C0 == b.C0 && a.C1 == b.C1 && a.C2 == b.C2;

    public static bool operator !=(in Fp6<F, TTower> a, in Fp6<F, TTower> b) => !(a == b);

    public static Fp6<F, TTower> Square(in Fp6<F, TTower> a) => a * a;

    public static Fp6<F, TTower> Invert(in Fp6<F, TTower> a)
    {
        Fp2<F> t0 = (a.C0 * a.C0) - TTower.MultiplyByXi(a.C1 * a.C2);
        Fp2<F> t1 = TTower.MultiplyByXi(a.C2 * a.C2) - (a.C0 * a.C1);
        Fp2<F> t2 = (a.C1 * a.C1) - (a.C0 * a.C2);
        Fp2<F> norm = (a.C0 * t0) + TTower.MultiplyByXi((a.C2 * t1) + (a.C1 * t2));
        Fp2<F> inverse = Fp2<F>.Invert(norm);
        return new(t0 * inverse, t1 * inverse, t2 * inverse);
    }

    public bool Equals(Fp6<F, TTower> other) => this == other;

    public override bool Equals(object? obj) => obj is Fp6<F, TTower> other && this == other;

    public override int GetHashCode() => HashCode.Combine(C0, C1, C2);
}
