namespace CPChain.Evm.Precompiles.Fields;

/// <summary>F[u] / (u^2 + 1): the quadratic extension of both pairing curves.</summary>
internal readonly struct Fp2<F>(F c0, F c1) : IField<Fp2<F>>, IEquatable<Fp2<F>>
    where F : struct, IField<F>
{
    internal readonly F C0 = c0;
    internal readonly F C1 = c1;

    public static Fp2<F> Zero => default;

    public static Fp2<F> One => new(F.One, F.Zero);

    public bool IsZero => C0.IsZero && C1.IsZero;

    internal Fp2<F> Conjugate => new(C0, -C1);

    public static Fp2<F> operator +(in Fp2<F> a, in Fp2<F> b) => new(a.C0 + b.C0, a.C1 + b.C1);

    public static Fp2<F> operator -(in Fp2<F> a, in Fp2<F> b) => new(a.C0 - b.C0, a.C1 - b.C1);

    public static Fp2<F> operator -(in Fp2<F> a) => new(-a.C0, -a.C1);

    public static Fp2<F> operator *(in Fp2<F> a, in Fp2<F> b)
    {
        F low = a.C0 * b.C0;
        F high = a.C1 * b.C1;
        return new(low - high, ((a.C0 + a.C1) * (b.C0 + b.C1)) - low - high);
    }

    public static bool operator ==(in Fp2<F> a, in Fp2<F> b) => a.C0 == b.C0 && a.C1 == b.C1;

    public static bool operator !=(in Fp2<F> a, in Fp2<F> b) => !(a == b);

    public static Fp2<F> Square(in Fp2<F> a)
    {
        F cross = a.C0 * a.C1;
        return new((a.C0 + a.C1) * (a.C0 - a.C1), cross + cross);
    }

    public static Fp2<F> Invert(in Fp2<F> a)
    {
        F norm = F.Invert(F.Square(a.C0) + F.Square(a.C1));
        return new(a.C0 * norm, -(a.C1 * norm));
    }

    internal Fp2<F> Scale(in F factor) => new(C0 * factor, C1 * factor);

    public bool Equals(Fp2<F> other) => this == other;

    public override bool Equals(object? obj) => obj is Fp2<F> other && this == other;

    public override int GetHashCode() => HashCode.Combine(C0, C1);
}
