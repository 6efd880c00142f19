using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CPChain.Evm.Interpreter;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Types;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>0x0a: checks that a committed polynomial has a value at a point (EIP-4844, KZG).</summary>
internal static class PointEvaluation
{
    private const int InputLength = 192;

    private static readonly BigInteger FieldElementsPerBlob = 4096;

    /// <summary>The secret times G2, from Ethereum's ceremony (consensus specification, trusted setup, second G2 point).</summary>
    private static readonly Point<Fp2<Fp381>> SecretG2 = Decompress(
        "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72",
        "185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2");

    private static readonly PreparedLines SecretG2Lines = new(SecretG2);

    private static readonly PreparedLines MinusG2Lines = new(BlsGenerators.G2.Negate());

    /// <summary>versioned hash, z, y (32 bytes each), commitment, proof (48 each).</summary>
    internal static bool Run(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        if (input.Length != InputLength) return false;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input.Slice(96, 48), hash);
        hash[0] = 1;
        BigInteger z = new(input.Slice(32, 32), isUnsigned: true, isBigEndian: true);
        BigInteger y = new(input.Slice(64, 32), isUnsigned: true, isBigEndian: true);
        if (!hash.SequenceEqual(input[..32]) || z >= BlsPairing.Order || y >= BlsPairing.Order
            || !BlsPoints.TryDecompressG1(input.Slice(96, 48), out Point<Fp381> commitment)
            || !BlsPoints.TryDecompressG1(input.Slice(144, 48), out Point<Fp381> proof)
            || !Verify(commitment, z, y, proof))
        {
            return false;
        }

        Span<byte> answer = output.Prepare(64);
        answer.Clear();
        FieldElementsPerBlob.TryWriteBytes(answer[30..], out _, isUnsigned: true, isBigEndian: true);
        BlsPairing.Order.TryWriteBytes(answer[32..], out _, isUnsigned: true, isBigEndian: true);
        return true;
    }

    /// <summary>e(C - y G1 + z proof, -G2) e(proof, s G2) = 1, which is the check e(C - y G1, G2) = e(proof, (s - z) G2) with both
    /// points of the second group known beforehand.</summary>
    private static bool Verify(in Point<Fp381> commitment, BigInteger z, BigInteger y, in Point<Fp381> proof)
    {
        if (!BlsSums.TryOpen(commitment, y, proof, z, out Point<Fp381> left)) return false;
        List<Point<Fp381>> points = [];
        List<PreparedLines> lines = [];
        if (!left.IsInfinity)
        {
            (Fp381 leftX, Fp381 leftY) = left.ToAffine();
            points.Add(Point<Fp381>.FromAffine(leftX, leftY));
            lines.Add(MinusG2Lines);
        }

        if (!proof.IsInfinity)
        {
            points.Add(proof);
            lines.Add(SecretG2Lines);
        }

        return BlsPairing.IsProductOne(CollectionsMarshal.AsSpan(points), CollectionsMarshal.AsSpan(lines));
    }

    /// <summary>A compressed point of G2 with the lower y bit clear or set in its first bits: x1, then x0.</summary>
    private static Point<Fp2<Fp381>> Decompress(string x1WithFlags, string x0)
    {
        byte[] head = Convert.FromHexString(x1WithFlags);
        bool upper = (head[0] & 0x20) != 0;
        head[0] &= 0x1f;
        Fp2<Fp381> x = new(BlsGenerators.Element(x0), BlsGenerators.Element(Convert.ToHexStringLower(head)));
        Invariant.Check(BlsRoots.TrySqrt((x * x * x) + BlsPairing.TwistB, out Fp2<Fp381> y), "a point of the twist");
        bool isUpper = y.C1.IsZero ? y.C0.IsUpper : y.C1.IsUpper;
        return Point<Fp2<Fp381>>.FromAffine(x, isUpper == upper ? y : -y);
    }
}
