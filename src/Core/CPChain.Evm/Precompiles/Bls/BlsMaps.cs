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

    private static readonly Fp381 MinusBOverA1 = -B1 * Fp381.Invert(A1);
    private static readonly Fp381 BOverZA1 = B1 * Fp381.Invert(Z1 * A1);
    private static readonly Fp2<Fp381> MinusBOverA2 = -B2 * Fp2<Fp381>.Invert(A2);
    private static readonly Fp2<Fp381> BOverZA2 = B2 * Fp2<Fp381>.Invert(Z2 * A2);

    /// <summary>z root(-z), where z is no square and so -z is one.</summary>
    private static readonly Fp381 ZRootOfMinusZ1 = MakeZRootOfMinusZ();

    internal static Point<Fp381> ToCurve(in Fp381 u)
    {
        (Fp381 x1, Fp381 x2) = Candidates(u, MinusBOverA1, BOverZA1, Z1);
        if (Fp381.TrySqrt((x1 * x1 * x1) + (A1 * x1) + B1, out Fp381 y)) return Isogeny(x1, WithSign(u, y), BlsIsogenies.G1);

        // The second candidate's right side is z^3 u^6 times that of the first, of whose negative y is a root.
        return Isogeny(x2, WithSign(u, ZRootOfMinusZ1 * u * u * u * y), BlsIsogenies.G1);
    }

    internal static Point<Fp2<Fp381>> ToTwist(in Fp2<Fp381> u)
    {
        (Fp2<Fp381> x1, Fp2<Fp381> x2) = Candidates(u, MinusBOverA2, BOverZA2, Z2);
        Fp2<Fp381> x = x1;
        if (!BlsRoots.TrySqrt((x1 * x1 * x1) + (A2 * x1) + B2, out Fp2<Fp381> y))
        {
            x = x2;
            Types.Invariant.Check(BlsRoots.TrySqrt((x2 * x2 * x2) + (A2 * x2) + B2, out y), "one candidate has a square");
        }

        return Isogeny(x, IsOdd(u) == IsOdd(y) ? y : -y, BlsIsogenies.G2);
    }

    private static Fp381 WithSign(in Fp381 u, in Fp381 y) => u.IsOdd == y.IsOdd ? y : -y;

    private static Fp381 MakeZRootOfMinusZ()
    {
        Types.Invariant.Check(Fp381.TrySqrt(-Z1, out Fp381 root), "minus z is a square");
        return Z1 * root;
    }

    /// <summary>The sign of RFC 9380, 4.1, for the extension.</summary>
    private static bool IsOdd(in Fp2<Fp381> a) => a.C0.IsZero ? a.C1.IsOdd : a.C0.IsOdd;

    /// <summary>Two abscissas, of which at least one lies on y^2 = x^3 + a x + b.</summary>
    private static (T First, T Second) Candidates<T>(in T u, in T minusBOverA, in T bOverZA, in T z)
        where T : struct, IField<T>
    {
        T zu2 = z * u * u;
        T inverse = T.Invert((zu2 * zu2) + zu2);
        T first = inverse.IsZero ? bOverZA : minusBOverA * (T.One + inverse);
        return (first, zu2 * first);
    }

    private static Point<T> Isogeny<T>(in T x, in T y, T[][] map)
        where T : struct, IField<T>
    {
        T xDenominator = Evaluate(map[1], x);
        T yDenominator = Evaluate(map[3], x);
        T inverse = T.Invert(xDenominator * yDenominator);
        if (inverse.IsZero) return Point<T>.Infinity;
        return Point<T>.FromAffine(
            Evaluate(map[0], x) * inverse * yDenominator, y * Evaluate(map[2], x) * inverse * xDenominator);
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
