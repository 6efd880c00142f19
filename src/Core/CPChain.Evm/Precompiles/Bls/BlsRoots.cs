using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>Square roots in the quadratic extension.</summary>
internal static class BlsRoots
{
    private static readonly Fp381 Half = Fp381.Invert(Fp381.From(2));

    /// <summary>A root of a, by the norm: with n^2 = a0^2 + a1^2 it is c0 = root((a0 + n) / 2) and c1 = a1 / (2 c0). If not
    /// (a0 + n) / 2 but its negative is a square t^2, then c1 = t and c0 = a1 / (2 t), for both halves' product is -(a1 / 2)^2.</summary>
    internal static bool TrySqrt(in Fp2<Fp381> a, out Fp2<Fp381> root)
    {
        root = default;
        if (a.C1.IsZero)
        {
            // The prime is 3 modulo 4: a number or its negative is a square.
            root = Fp381.TrySqrt(a.C0, out Fp381 real) ? new(real, Fp381.Zero) : new(Fp381.Zero, real);
            return true;
        }

        if (!Fp381.TrySqrt((a.C0 * a.C0) + (a.C1 * a.C1), out Fp381 norm)) return false;
        bool isReal = Fp381.TrySqrt((a.C0 + norm) * Half, out Fp381 part);
        Fp381 other = a.C1 * Half * Fp381.Invert(part);
        root = isReal ? new(part, other) : new(other, part);
        return root * root == a;
    }
}
