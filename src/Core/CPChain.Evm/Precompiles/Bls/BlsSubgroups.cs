using System.Numerics;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;
using Codec = CPChain.Evm.Precompiles.Lanes.OctetCodec<CPChain.Evm.Precompiles.Bls.BlsLanes, CPChain.Evm.Precompiles.Fields.Fp381>;
using G1Lanes = CPChain.Evm.Precompiles.Lanes.LanePoints<
    CPChain.Evm.Precompiles.Lanes.Octet<CPChain.Evm.Precompiles.Bls.BlsLanes>>;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>Membership in the groups of prime order, and the way into them, by endomorphisms (Scott, eprint 2021/1130;
/// Budroni and Pintore, eprint 2017/419): both groups' eigenvalues are short powers of the curve's parameter x.</summary>
internal static class BlsSubgroups
{
    private static readonly BigInteger X = -(BigInteger)BlsPairing.MinusX;

    /// <summary>1 / xi^((p - 1) / 3) and 1 / xi^((p - 1) / 2): the Frobenius map seen on the twist.</summary>
    private static readonly Fp2<Fp381> PsiX = Fp2<Fp381>.Invert(BlsTower.FrobeniusFactors[2]);
    private static readonly Fp2<Fp381> PsiY = Fp2<Fp381>.Invert(BlsTower.FrobeniusFactors[3]);

    /// <summary>The cube root of unity for which (beta x, y) = -x^2 (x, y) in the group.</summary>
    internal static readonly Fp381 Beta = FindBeta();

    /// <summary>Whether all affine points of the curve are in the first group: [x^2] (x, y) = (beta x, -y).</summary>
    internal static bool ContainAll(ReadOnlySpan<Point<Fp381>> points)
    {
        for (int at = 0; at < points.Length; at += LaneKernel.Lanes)
        {
            if (!ContainEach(points[at..Math.Min(points.Length, at + LaneKernel.Lanes)])) return false;
        }

        return true;
    }

    internal static bool Contains(in Point<Fp381> p) => p.IsInfinity || ContainAll([Affine(p)]);

    internal static bool Contains(in Point<Fp2<Fp381>> q) => q.IsInfinity || AreEqual(Psi(q).Negate(), MultiplyX(q));

    /// <summary>Whether a Miller loop over Q in the second group has ended where it must: [-x] Q = -psi(Q).</summary>
    internal static bool IsEnd(in MillerPair<BlsLanes> pair, in Point<Fp2<Fp381>> q) =>
        pair.HasReached(q.X.Conjugate * PsiX, -(q.Y.Conjugate * PsiY));

    /// <summary>Whether a multiple of an affine point is the one by x^2 that a point of the first group has.</summary>
    internal static bool IsSquareMultiple(in Point<Fp381> p, in Point<Fp381> multiple) =>
        IsMultiple(new Point<Fp381>(p.X * Beta, -p.Y, p.Z), multiple);

    /// <summary>Whether a multiple of an affine point is the one by -x that a point of the second group has.</summary>
    internal static bool IsXMultiple(in Point<Fp2<Fp381>> q, in Point<Fp2<Fp381>> multiple) => IsMultiple(Psi(q).Negate(), multiple);

    private static bool IsMultiple<T>(in Point<T> affine, in Point<T> multiple)
        where T : struct, IField<T>
    {
        T zz = T.Square(multiple.Z);
        return !multiple.IsInfinity && multiple.X == affine.X * zz && multiple.Y == affine.Y * zz * multiple.Z;
    }

    private static bool ContainEach(ReadOnlySpan<Point<Fp381>> points)
    {
        Span<Fp381> x = stackalloc Fp381[points.Length];
        Span<Fp381> y = stackalloc Fp381[points.Length];
        Span<Fp381> z = stackalloc Fp381[points.Length];
        for (int i = 0; i < points.Length; i++) (x[i], y[i], z[i]) = (points[i].X, points[i].Y, Fp381.One);
        G1Lanes lanes = new(Codec.Pack(x), Codec.Pack(y), Codec.Pack(z));
        lanes = MultiplyX(MultiplyX(lanes));
        Codec.Unpack(lanes.X, x);
        Codec.Unpack(lanes.Y, y);
        Codec.Unpack(lanes.Z, z);
        for (int i = 0; i < points.Length; i++)
        {
            if (!IsSquareMultiple(points[i], new Point<Fp381>(x[i], y[i], z[i]))) return false;
        }

        return true;
    }

    /// <summary>-x times the points. A point of the group never meets itself or infinity on the way.</summary>
    private static G1Lanes MultiplyX(in G1Lanes points)
    {
        G1Lanes multiple = points;
        for (int bit = BlsPairing.TopBit; bit >= 0; bit--)
        {
            multiple = multiple.Double();
            if (BlsPairing.Adds(bit)) multiple = multiple.Add(points);
        }

        return multiple;
    }

    private static Point<Fp381> Affine(in Point<Fp381> p)
    {
        (Fp381 x, Fp381 y) = p.ToAffine();
        return Point<Fp381>.FromAffine(x, y);
    }

    /// <summary>1 - x times the point: the effective cofactor of RFC 9380, 8.8.1.</summary>
    internal static Point<Fp381> ClearCofactor(in Point<Fp381> p) => MultiplyX(p) + p;

    /// <summary>(x^2 - x - 1) Q + (x - 1) psi(Q) + psi^2(2 Q), the effective cofactor of RFC 9380, 8.8.2, as
    /// x (x Q + psi(Q)) - x Q - Q - psi(Q) + psi^2(2 Q).</summary>
    internal static Point<Fp2<Fp381>> ClearCofactor(in Point<Fp2<Fp381>> q)
    {
        Point<Fp2<Fp381>> minusXq = MultiplyX(q);
        Point<Fp2<Fp381>> psi = Psi(q);
        return MultiplyX(minusXq + psi.Negate()) + minusXq + q.Negate() + psi.Negate() + Psi(Psi(q.Double()));
    }

    /// <summary>-x times the point.</summary>
    private static Point<T> MultiplyX<T>(in Point<T> p)
        where T : struct, IField<T>
    {
        Point<T> multiple = p;
        for (int bit = BlsPairing.TopBit; bit >= 0; bit--)
        {
            multiple = multiple.Double();
            if (BlsPairing.Adds(bit)) multiple += p;
        }

        return multiple;
    }

    internal static Point<Fp2<Fp381>> Psi(in Point<Fp2<Fp381>> q) =>
        new(q.X.Conjugate * PsiX, q.Y.Conjugate * PsiY, q.Z.Conjugate);

    private static bool AreEqual<T>(in Point<T> a, in Point<T> b)
        where T : struct, IField<T> => (a + b.Negate()).IsInfinity;

    private static Fp381 FindBeta()
    {
        // Of the two roots the one for which x^2 (x, y) = (beta x, -y).
        Fp381 root = Powers.Raise(Fp381.From(2), (Fp381.Prime - 1) / 3);
        Fp381 image = BlsGenerators.G1.Multiply(X * X).ToAffine().X;
        return image == BlsGenerators.G1.X * root ? root : root * root;
    }
}
