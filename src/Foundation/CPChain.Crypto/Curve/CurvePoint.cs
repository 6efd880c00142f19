using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CPChain.Crypto.Native;
using CPChain.Types;

namespace CPChain.Crypto.Curve;

/// <summary>The affine coordinates of a point as 64 big-endian bytes; all zero stands for no point.</summary>
[InlineArray(Length)]
internal struct CurvePoint
{
    public const int Length = 64;

    private byte _first;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => MemoryMarshal.CreateReadOnlySpan(in _first, Length);

    public readonly bool IsZero => Span.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>A point that is known to lie on the curve.</summary>
    public static CurvePoint FromCoordinates(in UInt256 x, in UInt256 y)
    {
        CurvePoint point = default;
        Span<byte> bytes = point;
        x.WriteBigEndian(bytes[..32]);
        y.WriteBigEndian(bytes[32..]);
        return point;
    }

    /// <summary>Reads 33, 64 or 65 bytes; false when they are no point of the curve in its one accepted form.</summary>
    public static unsafe bool TryParse(ReadOnlySpan<byte> bytes, out CurvePoint point)
    {
        point = default;
        byte* key = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        return TryLoad(bytes, key) && Store(key, out point);
    }

    /// <summary>Loads the point in the library's own form.</summary>
    public readonly unsafe bool Load(byte* key) => TryLoad(Span, key);

    public static unsafe bool Store(byte* key, out CurvePoint point)
    {
        Span<byte> serialized = stackalloc byte[65];
        nuint length = 65;
        point = default;
        fixed (byte* output = serialized)
        {
            if (Secp256k1Native.secp256k1_ec_pubkey_serialize(
                Secp256k1Native.Context, output, &length, key, Secp256k1Native.Uncompressed) != 1) return false;
        }

        serialized[1..].CopyTo(point);
        return true;
    }

    public readonly void WriteCompressed(Span<byte> destination33)
    {
        destination33[0] = (byte)(2 | (this[Length - 1] & 1));
        Span[..32].CopyTo(destination33[1..]);
    }

    private static unsafe bool TryLoad(scoped ReadOnlySpan<byte> bytes, byte* key)
    {
        // The hybrid prefixes 6 and 7 are a second encoding of the same point.
        if (bytes.Length is 33 or 65 && bytes[0] is not (2 or 3 or 4)) return false;
        scoped Span<byte> prefixed = stackalloc byte[65];
        if (bytes.Length == 64)
        {
            prefixed[0] = 4;
            bytes.CopyTo(prefixed[1..]);
            bytes = prefixed;
        }

        if (bytes.Length is not (33 or 65)) return false;
        fixed (byte* input = bytes)
        {
            return Secp256k1Native.secp256k1_ec_pubkey_parse(
                Secp256k1Native.Context, key, input, (nuint)bytes.Length) == 1;
        }
    }
}
