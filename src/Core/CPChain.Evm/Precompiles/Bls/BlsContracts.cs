using System.Numerics;
using System.Runtime.InteropServices;
using CPChain.Evm.Interpreter;
using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>0x0b to 0x11 (EIP-2537): sums, sums of multiples, pairing check and maps on BLS12-381.</summary>
internal static class BlsContracts
{
    private const int ScalarLength = 32;
    private const int G1ItemLength = BlsPoints.G1Length + ScalarLength;
    private const int G2ItemLength = BlsPoints.G2Length + ScalarLength;
    private const int PairLength = BlsPoints.G1Length + BlsPoints.G2Length;

    internal static ulong G1SumGas(ReadOnlySpan<byte> input) =>
        BlsDiscounts.Price(12_000, BlsDiscounts.G1, input.Length / G1ItemLength);

    internal static ulong G2SumGas(ReadOnlySpan<byte> input) =>
        BlsDiscounts.Price(22_500, BlsDiscounts.G2, input.Length / G2ItemLength);

    internal static ulong PairingGas(ReadOnlySpan<byte> input) => 37_700 + (32_600 * (ulong)(input.Length / PairLength));

    internal static bool G1Add(ReadOnlySpan<byte> input, ByteBuffer output) =>
        input.Length == 2 * BlsPoints.G1Length
        && BlsPoints.TryReadG1(input, inSubgroup: false, out Point<Fp381> p)
        && BlsPoints.TryReadG1(input[BlsPoints.G1Length..], inSubgroup: false, out Point<Fp381> q)
        && Write(p + q, output);

    internal static bool G2Add(ReadOnlySpan<byte> input, ByteBuffer output) =>
        input.Length == 2 * BlsPoints.G2Length
        && BlsPoints.TryReadG2(input, inSubgroup: false, out Point<Fp2<Fp381>> p)
        && BlsPoints.TryReadG2(input[BlsPoints.G2Length..], inSubgroup: false, out Point<Fp2<Fp381>> q)
        && Write(p + q, output);

    internal static bool G1Sum(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        if (input.Length == 0 || input.Length % G1ItemLength != 0) return false;
        var points = new Point<Fp381>[input.Length / G1ItemLength];
        var scalars = new BigInteger[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            ReadOnlySpan<byte> item = input.Slice(i * G1ItemLength, G1ItemLength);
            if (!BlsPoints.TryReadG1(item, inSubgroup: false, out points[i])) return false;
            scalars[i] = Scalar(item[BlsPoints.G1Length..]);
        }

        return BlsSums.TrySum(points, scalars, out Point<Fp381> sum) && Write(sum, output);
    }

    internal static bool G2Sum(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        if (input.Length == 0 || input.Length % G2ItemLength != 0) return false;
        var points = new Point<Fp2<Fp381>>[input.Length / G2ItemLength];
        var scalars = new BigInteger[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            ReadOnlySpan<byte> item = input.Slice(i * G2ItemLength, G2ItemLength);
            if (!BlsPoints.TryReadG2(item, inSubgroup: false, out points[i])) return false;
            scalars[i] = Scalar(item[BlsPoints.G2Length..]);
        }

        return BlsSums.TrySum(points, scalars, out Point<Fp2<Fp381>> sum) && Write(sum, output);
    }

    internal static bool Pairing(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        if (input.Length == 0 || input.Length % PairLength != 0) return false;
        List<(Point<Fp381>, Point<Fp2<Fp381>>)> pairs = [];
        List<Point<Fp381>> first = [];
        for (int at = 0; at < input.Length; at += PairLength)
        {
            // The pairing itself finds out whether a point is in the second group, unless its partner is infinity.
            if (!BlsPoints.TryReadG1(input[at..], inSubgroup: false, out Point<Fp381> p)
                || !BlsPoints.TryReadG2(input[(at + BlsPoints.G1Length)..], inSubgroup: p.IsInfinity, out Point<Fp2<Fp381>> q))
            {
                return false;
            }

            if (!p.IsInfinity) first.Add(p);
            if (!p.IsInfinity && !q.IsInfinity) pairs.Add((p, q));
        }

        if (!BlsSubgroups.ContainAll(CollectionsMarshal.AsSpan(first))
            || !BlsPairing.TryCheck(CollectionsMarshal.AsSpan(pairs), out bool isOne))
        {
            return false;
        }

        Span<byte> answer = output.Prepare(32);
        answer.Clear();
        answer[31] = isOne ? (byte)1 : (byte)0;
        return true;
    }

    internal static bool MapToG1(ReadOnlySpan<byte> input, ByteBuffer output) =>
        input.Length == BlsPoints.FieldLength
        && BlsPoints.TryReadField(input, out Fp381 element)
        && Write(BlsSubgroups.ClearCofactor(BlsMaps.ToCurve(element)), output);

    internal static bool MapToG2(ReadOnlySpan<byte> input, ByteBuffer output) =>
        input.Length == 2 * BlsPoints.FieldLength
        && BlsPoints.TryReadField2(input, out Fp2<Fp381> element)
        && Write(BlsSubgroups.ClearCofactor(BlsMaps.ToTwist(element)), output);

    private static BigInteger Scalar(ReadOnlySpan<byte> bytes) => new(bytes[..ScalarLength], isUnsigned: true, isBigEndian: true);

    private static bool Write(in Point<Fp381> point, ByteBuffer output)
    {
        BlsPoints.WriteG1(point, output.Prepare(BlsPoints.G1Length));
        return true;
    }

    private static bool Write(in Point<Fp2<Fp381>> point, ByteBuffer output)
    {
        BlsPoints.WriteG2(point, output.Prepare(BlsPoints.G2Length));
        return true;
    }
}
