using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>Points of BLS12-381 as bytes: padded coordinates of EIP-2537, compressed ones of EIP-4844.</summary>
internal static class BlsPoints
{
    internal const int FieldLength = 64;
    internal const int G1Length = 2 * FieldLength;
    internal const int G2Length = 4 * FieldLength;

    /// <summary>64 bytes: 16 zeros, then a number below the prime.</summary>
    internal static bool TryReadField(ReadOnlySpan<byte> bytes, out Fp381 element)
    {
        element = default;
        return !bytes[..16].ContainsAnyExcept((byte)0) && Fp381.TryFrom(bytes[16..FieldLength], out element);
    }

    internal static bool TryReadField2(ReadOnlySpan<byte> bytes, out Fp2<Fp381> element)
    {
        element = default;
        if (!TryReadField(bytes, out Fp381 c0) || !TryReadField(bytes[FieldLength..], out Fp381 c1)) return false;
        element = new Fp2<Fp381>(c0, c1);
        return true;
    }

    /// <summary>A point of the curve, of the subgroup where asked.</summary>
    internal static bool TryReadG1(ReadOnlySpan<byte> bytes, bool inSubgroup, out Point<Fp381> point)
    {
        point = Point<Fp381>.Infinity;
        if (!TryReadField(bytes, out Fp381 x) || !TryReadField(bytes[FieldLength..], out Fp381 y)) return false;
        if (x.IsZero && y.IsZero) return true;
        point = Point<Fp381>.FromAffine(x, y);
        return Point<Fp381>.IsOnCurve(x, y, BlsPairing.B) && (!inSubgroup || BlsSubgroups.Contains(point));
    }

    internal static bool TryReadG2(ReadOnlySpan<byte> bytes, bool inSubgroup, out Point<Fp2<Fp381>> point)
    {
        point = Point<Fp2<Fp381>>.Infinity;
        if (!TryReadField2(bytes, out Fp2<Fp381> x) || !TryReadField2(bytes[(2 * FieldLength)..], out Fp2<Fp381> y))
        {
            return false;
        }

        if (x.IsZero && y.IsZero) return true;
        point = Point<Fp2<Fp381>>.FromAffine(x, y);
        return Point<Fp2<Fp381>>.IsOnCurve(x, y, BlsPairing.TwistB) && (!inSubgroup || BlsSubgroups.Contains(point));
    }

    internal static void WriteG1(in Point<Fp381> point, Span<byte> output)
    {
        (Fp381 x, Fp381 y) = point.ToAffine();
        WriteField(x, output);
        WriteField(y, output[FieldLength..]);
    }

    internal static void WriteG2(in Point<Fp2<Fp381>> point, Span<byte> output)
    {
        (Fp2<Fp381> x, Fp2<Fp381> y) = point.ToAffine();
        WriteField(x.C0, output);
        WriteField(x.C1, output[FieldLength..]);
        WriteField(y.C0, output[(2 * FieldLength)..]);
        WriteField(y.C1, output[(3 * FieldLength)..]);
    }

    /// <summary>48 bytes: flags for compressed, infinity and the upper y in the first three bits, then x. The point is on the curve,
    /// its group is not looked at.</summary>
    internal static bool TryDecompressG1(ReadOnlySpan<byte> bytes, out Point<Fp381> point)
    {
        point = Point<Fp381>.Infinity;
        int flags = bytes[0] >> 5;
        Span<byte> number = stackalloc byte[Fp381.Length];
        bytes[..Fp381.Length].CopyTo(number);
        number[0] &= 0x1f;
        if ((flags & 4) == 0) return false;
        if ((flags & 2) != 0) return flags == 6 && !number.ContainsAnyExcept((byte)0);
        if (!Fp381.TryFrom(number, out Fp381 x) || !Fp381.TrySqrt((x * x * x) + BlsPairing.B, out Fp381 y)) return false;
        point = Point<Fp381>.FromAffine(x, y.IsUpper == ((flags & 1) != 0) ? y : -y);
        return true;
    }

    private static void WriteField(in Fp381 element, Span<byte> output)
    {
        output[..16].Clear();
        element.WriteBigEndian(output[16..FieldLength]);
    }
}
