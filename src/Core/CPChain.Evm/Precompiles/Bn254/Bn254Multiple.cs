using System.Numerics;
using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bn254;

/// <summary>Multiples on alt_bn128, cut into two of half the length by the endomorphism (x, y) -> (beta x, y), which is the
/// multiple by lambda (Gallant, Lambert, Vanstone 2001). All points of the curve have prime order.</summary>
internal static class Bn254Multiple
{
    /// <summary>A primitive cube root of unity modulo the order.</summary>
    private static readonly BigInteger Lambda = BigInteger.ModPow(5, (Bn254Pairing.Order - 1) / 3, Bn254Pairing.Order);

    private static readonly Fp254 Beta = FindBeta();

    /// <summary>Two short vectors (a, b) with a + b lambda divisible by the order.</summary>
    private static readonly (BigInteger A1, BigInteger B1, BigInteger A2, BigInteger B2) Lattice = FindLattice();

    internal static Point<Fp254> Of(in Point<Fp254> p, BigInteger scalar)
    {
        (HalfScalar first, HalfScalar second) = Split(scalar % Bn254Pairing.Order);
        return TwoMultiples.Sum(p, first, new Point<Fp254>(p.X * Beta, p.Y, p.Z), second);
    }

    /// <summary>k1 and k2 with k1 + k2 lambda = k (Hankerson, Menezes, Vanstone, algorithm 3.74).</summary>
    internal static (HalfScalar First, HalfScalar Second) Split(BigInteger k)
    {
        (BigInteger a1, BigInteger b1, BigInteger a2, BigInteger b2) = Lattice;
        BigInteger c1 = Round(b2 * k);
        BigInteger c2 = Round(-b1 * k);
        return (Half(k - (c1 * a1) - (c2 * a2)), Half(-(c1 * b1) - (c2 * b2)));
    }

    private static HalfScalar Half(BigInteger number) => new((UInt128)BigInteger.Abs(number), number.Sign < 0);

    /// <summary>Divided by the order, to the nearest.</summary>
    private static BigInteger Round(BigInteger number)
    {
        BigInteger doubled = (2 * number) + Bn254Pairing.Order;
        BigInteger quotient = BigInteger.DivRem(doubled, 2 * Bn254Pairing.Order, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static Fp254 FindBeta()
    {
        Point<Fp254> generator = Point<Fp254>.FromAffine(Fp254.One, Fp254.From(2));
        Fp254 image = generator.Multiply(Lambda).ToAffine().X;

        // The generator's x is 1, so its image is beta itself.
        Types.Invariant.Check(image != Fp254.One && image * image * image == Fp254.One, "lambda stands for a cube root of unity");
        return image;
    }

    private static (BigInteger A1, BigInteger B1, BigInteger A2, BigInteger B2) FindLattice()
    {
        // Remainders of Euclid's algorithm: each is something times the order plus t lambda.
        List<(BigInteger Remainder, BigInteger T)> steps = [(Bn254Pairing.Order, 0), (Lambda, 1)];
        while (!steps[^1].Remainder.IsZero)
        {
            BigInteger quotient = steps[^2].Remainder / steps[^1].Remainder;
            steps.Add((steps[^2].Remainder - (quotient * steps[^1].Remainder), steps[^2].T - (quotient * steps[^1].T)));
        }

        int last = steps.FindLastIndex(static step => step.Remainder * step.Remainder >= Bn254Pairing.Order);
        (BigInteger Remainder, BigInteger T) before = steps[last];
        (BigInteger Remainder, BigInteger T) after = steps[last + 2];
        bool isBeforeShorter = Norm(before) <= Norm(after);
        (BigInteger Remainder, BigInteger T) second = isBeforeShorter ? before : after;
        return (steps[last + 1].Remainder, -steps[last + 1].T, second.Remainder, -second.T);

        static BigInteger Norm((BigInteger Remainder, BigInteger T) step) => (step.Remainder * step.Remainder) + (step.T * step.T);
    }
}
