using System.Numerics;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;
using G1Sum = CPChain.Evm.Precompiles.Lanes.MultipleSum<
    CPChain.Evm.Precompiles.Lanes.Octet<CPChain.Evm.Precompiles.Bls.BlsLanes>,
    CPChain.Evm.Precompiles.Fields.Fp381,
    CPChain.Evm.Precompiles.Lanes.SingleCodec<CPChain.Evm.Precompiles.Bls.BlsLanes, CPChain.Evm.Precompiles.Fields.Fp381>>;
using G2Sum = CPChain.Evm.Precompiles.Lanes.MultipleSum<
    CPChain.Evm.Precompiles.Lanes.ComplexOctet<CPChain.Evm.Precompiles.Bls.BlsLanes>,
    CPChain.Evm.Precompiles.Fields.Fp2<CPChain.Evm.Precompiles.Fields.Fp381>,
    CPChain.Evm.Precompiles.Lanes.ComplexCodec<CPChain.Evm.Precompiles.Bls.BlsLanes, CPChain.Evm.Precompiles.Fields.Fp381>>;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>Sums of multiples. Endomorphisms cut each multiple into short ones (Gallant, Lambert, Vanstone 2001; Galbraith, Lin,
/// Scott 2009): two of 128 bits in the first group, four of 64 in the second.</summary>
internal static class BlsSums
{
    private const int G1Bits = 128;
    private const int G2Bits = 64;
    private const int G2Parts = 4;

    /// <summary>x^2: in the first group x^2 (x, y) = (beta x, -y).</summary>
    private static readonly BigInteger Square = (BigInteger)BlsPairing.MinusX * BlsPairing.MinusX;

    /// <summary>The sum of affine points and infinities, each times its number; false if a point of the curve is not in the group.</summary>
    internal static bool TrySum(
        ReadOnlySpan<Point<Fp381>> points, ReadOnlySpan<BigInteger> scalars, out Point<Fp381> sum)
    {
        G1Sum multiples = new(G1Bits, static (p, multiple) => BlsSubgroups.IsSquareMultiple(p, multiple));
        for (int i = 0; i < points.Length; i++)
        {
            if (points[i].IsInfinity) continue;
            (Fp381 x, Fp381 y) = (points[i].X, points[i].Y);
            (BigInteger high, BigInteger low) = BigInteger.DivRem(scalars[i] % BlsPairing.Order, Square);
            multiples.Check(x, y, (UInt128)Square);
            multiples.Add(x, y, (UInt128)low);
            multiples.Add(BlsSubgroups.Beta * x, -y, (UInt128)high);
        }

        return multiples.TryRun(out sum);
    }

    /// <summary>The same in the second group, where -x Q = -psi(Q).</summary>
    internal static bool TrySum(
        ReadOnlySpan<Point<Fp2<Fp381>>> points, ReadOnlySpan<BigInteger> scalars, out Point<Fp2<Fp381>> sum)
    {
        G2Sum multiples = new(G2Bits, static (q, multiple) => BlsSubgroups.IsXMultiple(q, multiple));
        for (int i = 0; i < points.Length; i++)
        {
            if (points[i].IsInfinity) continue;
            Point<Fp2<Fp381>> q = points[i];
            BigInteger rest = scalars[i] % BlsPairing.Order;
            multiples.Check(q.X, q.Y, BlsPairing.MinusX);
            for (int part = 0; part < G2Parts; part++)
            {
                (rest, BigInteger digits) = BigInteger.DivRem(rest, BlsPairing.MinusX);
                multiples.Add(q.X, q.Y, (UInt128)digits);
                q = BlsSubgroups.Psi(q).Negate();
            }
        }

        return multiples.TryRun(out sum);
    }
}
