using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>Square roots in the quadratic extension.</summary>
internal static class BlsRoots
{
    private static readonly Fp381 Half = Fp381.Invert(Fp381.From(2));

    /// <summary>A root of a, by the norm: with n^2 = a0^2 + a1^2, c0^2 = (a0 ± n) / 2 and c1 = a1 / (2 c0).</summary>
    internal static bool TrySqrt(in Fp2<Fp381> a, out Fp2<Fp381> root)
    {
        root = default;
        if (a.C1.IsZero)
        {
            if (Fp381.TrySqrt(a.C0, out Fp381 real)) root = new(real, Fp381.Zero);
            else if (Fp381.TrySqrt(-a.C0, out Fp381 imaginary)) root = new(Fp381.Zero, imaginary);
            else return false;
            return true;
        }

        if (!Fp381.TrySqrt((a.C0 * a.C0) + (a.C1 * a.C1), out Fp381 norm)) return false;
        if (!Fp381.TrySqrt((a.C0 + norm) * Half, out Fp381 c0) && !Fp381.TrySqrt((a.C0 - norm) * Half, out c0)) return false;
        root = new(c0, a.C1 * Half * Fp381.Invert(c0));
        return root * root == a;
    }
}
