using System.Numerics;
using CPChain.Evm.Precompiles.Fields;

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
    private static readonly Fp381 Beta = FindBeta();

    internal static bool Contains(in Point<Fp381> p) => IsEigen(p, Beta);

    internal static bool Contains(in Point<Fp2<Fp381>> q) => q.IsInfinity || AreEqual(Psi(q), MultiplyX(q));

    /// <summary>1 - x times the point: the effective cofactor of RFC 9380, 8.8.1.</summary>
    internal static Point<Fp381> ClearCofactor(in Point<Fp381> p) => p.Multiply(1 - X);

    /// <summary>(x^2 - x - 1) Q + (x - 1) psi(Q) + psi^2(2 Q): the effective cofactor of RFC 9380, 8.8.2.</summary>
    internal static Point<Fp2<Fp381>> ClearCofactor(in Point<Fp2<Fp381>> q)
    {
        Point<Fp2<Fp381>> xq = MultiplyX(q);
        Point<Fp2<Fp381>> psi = Psi(q);
        return MultiplyX(xq) + xq.Negate() + q.Negate() + MultiplyX(psi) + psi.Negate() + Psi(Psi(q.Double()));
    }

    private static Point<Fp2<Fp381>> MultiplyX(in Point<Fp2<Fp381>> q) => q.Multiply(-X).Negate();

    private static Point<Fp2<Fp381>> Psi(in Point<Fp2<Fp381>> q) =>
        new(q.X.Conjugate * PsiX, q.Y.Conjugate * PsiY, q.Z.Conjugate);

    private static bool IsEigen(in Point<Fp381> p, in Fp381 beta) =>
        p.IsInfinity || AreEqual(new Point<Fp381>(p.X * beta, p.Y, p.Z), p.Multiply(X * X).Negate());

    private static bool AreEqual<T>(in Point<T> a, in Point<T> b)
        where T : struct, IField<T> => (a + b.Negate()).IsInfinity;

    private static Fp381 FindBeta()
    {
        Fp381 root = Powers.Raise(Fp381.From(2), (Fp381.Prime - 1) / 3);
        return IsEigen(BlsGenerators.G1, root) ? root : root * root;
    }
}
