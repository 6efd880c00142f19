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
        G1Sum multiples = NewG1Sum();
        for (int i = 0; i < points.Length; i++)
        {
            if (points[i].IsInfinity) continue;
            multiples.Check(points[i].X, points[i].Y, (UInt128)Square);
            Add(multiples, points[i], scalars[i]);
        }

        return multiples.TryRun(out sum);
    }

    /// <summary>C - y G1 + z proof, by which a commitment is opened; false if C or the proof is not in the group.</summary>
    internal static bool TryOpen(
        in Point<Fp381> commitment, BigInteger y, in Point<Fp381> proof, BigInteger z, out Point<Fp381> sum)
    {
        G1Sum multiples = NewG1Sum();
        if (!commitment.IsInfinity) multiples.Check(commitment.X, commitment.Y, (UInt128)Square);
        if (!proof.IsInfinity)
        {
            multiples.Check(proof.X, proof.Y, (UInt128)Square);
            Add(multiples, proof, z);
        }

        Add(multiples, BlsGenerators.G1, BlsPairing.Order - y);
        bool areMembers = multiples.TryRun(out sum);
        sum += commitment;
        return areMembers;
    }

    private static G1Sum NewG1Sum() => new(G1Bits, static (p, multiple) => BlsSubgroups.IsSquareMultiple(p, multiple));

    private static void Add(G1Sum multiples, in Point<Fp381> p, BigInteger scalar)
    {
        (BigInteger high, BigInteger low) = BigInteger.DivRem(scalar % BlsPairing.Order, Square);
        multiples.Add(p.X, p.Y, (UInt128)low);
        multiples.Add(BlsSubgroups.Beta * p.X, -p.Y, (UInt128)high);
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
