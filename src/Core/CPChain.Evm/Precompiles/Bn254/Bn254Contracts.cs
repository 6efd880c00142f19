using System.Runtime.InteropServices;
using CPChain.Evm.Interpreter;
using CPChain.Evm.Precompiles.Bn254;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Types;

namespace CPChain.Evm.Precompiles;

/// <summary>0x06, 0x07 (EIP-196) and 0x08 (EIP-197): addition, multiplication and pairing check on alt_bn128.</summary>
internal static class Bn254Contracts
{
    private const int PairLength = 192;

    private static readonly Fp254 B = Fp254.From(3);

    /// <summary>A partner for a point that is only looked at.</summary>
    private static readonly Point<Fp254> AnyG1 = Point<Fp254>.FromAffine(Fp254.One, Fp254.From(2));

    internal static bool Add(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        Span<byte> padded = stackalloc byte[128];
        Pad(input, padded);
        return TryReadG1(padded, out Point<Fp254> p) && TryReadG1(padded[64..], out Point<Fp254> q) && Write(p + q, output);
    }

    internal static bool Multiply(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        Span<byte> padded = stackalloc byte[96];
        Pad(input, padded);
        return TryReadG1(padded, out Point<Fp254> p)
            && Write(Bn254Multiple.Of(p, UInt256.FromBigEndian(padded[64..]).ToBigInteger()), output);
    }

    internal static bool Pairing(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        if (input.Length % PairLength != 0) return false;
        List<(Point<Fp254>, Point<Fp2<Fp254>>)> pairs = [];
        for (int at = 0; at < input.Length; at += PairLength)
        {
            ReadOnlySpan<byte> pair = input.Slice(at, PairLength);
            if (!TryReadG1(pair, out Point<Fp254> p) || !TryReadG2(pair[64..], p.IsInfinity, out Point<Fp2<Fp254>> q)) return false;
            if (!p.IsInfinity && !q.IsInfinity) pairs.Add((p, q));
        }

        if (!Bn254Pairing.TryCheck(CollectionsMarshal.AsSpan(pairs), out bool isOne)) return false;
        Span<byte> answer = output.Prepare(32);
        answer.Clear();
        answer[31] = isOne ? (byte)1 : (byte)0;
        return true;
    }

    private static void Pad(ReadOnlySpan<byte> input, Span<byte> padded)
    {
        padded.Clear();
        input[..Math.Min(input.Length, padded.Length)].CopyTo(padded);
    }

    private static bool TryReadG1(ReadOnlySpan<byte> bytes, out Point<Fp254> point)
    {
        point = Point<Fp254>.Infinity;
        if (!TryReadField(bytes, out Fp254 x) || !TryReadField(bytes[32..], out Fp254 y)) return false;
        if (x.IsZero && y.IsZero) return true;
        point = Point<Fp254>.FromAffine(x, y);
        return Point<Fp254>.IsOnCurve(x, y, B);
    }

    /// <summary>A point of the twist, of the second group where asked; the imaginary parts come first. Otherwise the pairing
    /// finds that out.</summary>
    private static bool TryReadG2(ReadOnlySpan<byte> bytes, bool inSubgroup, out Point<Fp2<Fp254>> point)
    {
        point = Point<Fp2<Fp254>>.Infinity;
        if (!TryReadField(bytes, out Fp254 x1) || !TryReadField(bytes[32..], out Fp254 x0)
            || !TryReadField(bytes[64..], out Fp254 y1) || !TryReadField(bytes[96..], out Fp254 y0))
        {
            return false;
        }

        Fp2<Fp254> x = new(x0, x1);
        Fp2<Fp254> y = new(y0, y1);
        if (x.IsZero && y.IsZero) return true;
        point = Point<Fp2<Fp254>>.FromAffine(x, y);
        return Point<Fp2<Fp254>>.IsOnCurve(x, y, Bn254Pairing.TwistB)
            && (!inSubgroup || Bn254Pairing.TryMillerLoop([(AnyG1, point)], out _));
    }

    private static bool TryReadField(ReadOnlySpan<byte> bytes, out Fp254 element) =>
        Fp254.TryFrom(UInt256.FromBigEndian(bytes[..32]), out element);

    private static bool Write(in Point<Fp254> point, ByteBuffer output)
    {
        (Fp254 x, Fp254 y) = point.ToAffine();
        Span<byte> answer = output.Prepare(64);
        x.ToUInt256().WriteBigEndian(answer[..32]);
        y.ToUInt256().WriteBigEndian(answer[32..]);
        return true;
    }
}
