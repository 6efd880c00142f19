using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>Maps from the fields to the curves: the simplified SWU map to an isogenous curve, then the isogeny
/// (RFC 9380, 6.6.3, 8.8; EIP-2537). The result is on the curve, not yet in the group.</summary>
internal static class BlsMaps
{
    private static readonly Fp381 A1 = BlsIsogenies.A1;
    private static readonly Fp381 B1 = BlsIsogenies.B1;
    private static readonly Fp381 Z1 = Fp381.From(11);
    private static readonly Fp2<Fp381> A2 = new(Fp381.Zero, Fp381.From(240));
    private static readonly Fp2<Fp381> B2 = new(Fp381.From(1012), Fp381.From(1012));
    private static readonly Fp2<Fp381> Z2 = -new Fp2<Fp381>(Fp381.From(2), Fp381.One);

    internal static Point<Fp381> ToCurve(in Fp381 u)
    {
        (Fp381 x1, Fp381 x2) = Candidates(u, A1, B1, Z1);
        Fp381 x = x1;
        if (!Fp381.TrySqrt((x1 * x1 * x1) + (A1 * x1) + B1, out Fp381 y))
        {
            x = x2;
            Types.Invariant.Check(Fp381.TrySqrt((x2 * x2 * x2) + (A1 * x2) + B1, out y), "one candidate has a square");
        }

        return Isogeny(x, u.IsOdd == y.IsOdd ? y : -y, BlsIsogenies.G1);
    }

    internal static Point<Fp2<Fp381>> ToTwist(in Fp2<Fp381> u)
    {
        (Fp2<Fp381> x1, Fp2<Fp381> x2) = Candidates(u, A2, B2, Z2);
        Fp2<Fp381> x = x1;
        if (!BlsRoots.TrySqrt((x1 * x1 * x1) + (A2 * x1) + B2, out Fp2<Fp381> y))
        {
            x = x2;
            Types.Invariant.Check(BlsRoots.TrySqrt((x2 * x2 * x2) + (A2 * x2) + B2, out y), "one candidate has a square");
        }

        return Isogeny(x, IsOdd(u) == IsOdd(y) ? y : -y, BlsIsogenies.G2);
    }

    /// <summary>The sign of RFC 9380, 4.1, for the extension.</summary>
    private static bool IsOdd(in Fp2<Fp381> a) => a.C0.IsZero ? a.C1.IsOdd : a.C0.IsOdd;

    /// <summary>Two abscissas, of which at least one lies on y^2 = x^3 + a x + b.</summary>
    private static (T First, T Second) Candidates<T>(in T u, in T a, in T b, in T z)
        where T : struct, IField<T>
    {
        T zu2 = z * u * u;
        T inverse = T.Invert((zu2 * zu2) + zu2);
        T first = inverse.IsZero ? b * T.Invert(z * a) : -b * T.Invert(a) * (T.One + inverse);
        return (first, zu2 * first);
    }

    private static Point<T> Isogeny<T>(in T x, in T y, T[][] map)
        where T : struct, IField<T>
    {
        T xDenominator = Evaluate(map[1], x);
        T yDenominator = Evaluate(map[3], x);
        if (xDenominator.IsZero || yDenominator.IsZero) return Point<T>.Infinity;
        return Point<T>.FromAffine(
            Evaluate(map[0], x) * T.Invert(xDenominator),
            y * Evaluate(map[2], x) * T.Invert(yDenominator));
    }

    /// <summary>A polynomial given from its constant on.</summary>
    private static T Evaluate<T>(T[] coefficients, in T x)
        where T : struct, IField<T>
    {
        T value = T.Zero;
        for (int i = coefficients.Length - 1; i >= 0; i--) value = (value * x) + coefficients[i];
        return value;
    }
}
