using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Pre.Format;

/// <summary>What all encodings of this project share: one version byte, then fixed fields or one RLP list (rule P20).</summary>
public static class PreFormat
{
    public const byte Version = 1;

    internal static byte[] WithVersion(RlpWriter writer) => [Version, .. writer.WrittenSpan];

    internal static bool TryBegin(ReadOnlySpan<byte> encoded, int bytesMax, out ReadOnlySpan<byte> body, out DecodeFault fault)
    {
        body = default;
        fault = DecodeFault.None;
        if (encoded.IsEmpty) fault = new DecodeFault(DecodeError.Malformed, 0);
        else if (encoded[0] != Version) fault = new DecodeFault(DecodeError.UnknownVersion, encoded[0]);
        else if (encoded.Length > bytesMax) fault = new DecodeFault(DecodeError.TooLong, Version);
        if (fault != DecodeFault.None) return false;
        body = encoded[1..];
        return true;
    }

    internal static bool Malformed(out DecodeFault fault)
    {
        fault = new DecodeFault(DecodeError.Malformed, Version);
        return false;
    }

    internal static void WritePoint(this RlpWriter writer, in Point point)
    {
        Span<byte> bytes = stackalloc byte[Point.CompressedLength];
        point.WriteCompressed(bytes);
        writer.WriteBytes(bytes);
    }

    internal static void WriteScalar(this RlpWriter writer, in Scalar scalar)
    {
        Span<byte> bytes = stackalloc byte[Scalar.Length];
        scalar.CopyTo(bytes);
        writer.WriteBytes(bytes);
    }

    internal static void WriteSignature(this RlpWriter writer, in Signature signature)
    {
        Span<byte> bytes = stackalloc byte[Signature.Length];
        signature.CopyTo(bytes);
        writer.WriteBytes(bytes);
    }

    internal static bool TryReadPoint(this ref RlpReader reader, out Point point)
    {
        point = default;
        return reader.TryReadExactly(Point.CompressedLength, out ReadOnlySpan<byte> bytes)
            && Point.TryFromCompressed(bytes, out point);
    }

    internal static bool TryReadScalar(this ref RlpReader reader, out Scalar scalar)
    {
        scalar = default;
        return reader.TryReadExactly(Scalar.Length, out ReadOnlySpan<byte> bytes)
            && Scalar.TryFromBytes32(bytes, out scalar)
            && !scalar.IsZero;
    }

    internal static bool TryReadSignature(this ref RlpReader reader, out Signature signature)
    {
        signature = default;
        return reader.TryReadExactly(Signature.Length, out ReadOnlySpan<byte> bytes)
            && Signature.TryFromBytes(bytes, out signature);
    }
}
