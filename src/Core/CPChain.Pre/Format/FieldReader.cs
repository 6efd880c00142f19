using CPChain.Crypto;

namespace CPChain.Pre.Format;

/// <summary>Reads fields of fixed length one after the other; the whole length was checked before.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public bool TryPoint(out Point point) => Point.TryFromCompressed(Take(Point.CompressedLength), out point);

    /// <summary>Reads a scalar in 1..n-1.</summary>
    public bool TryScalar(out Scalar scalar) => Scalar.TryFromBytes32(Take(Scalar.Length), out scalar) && !scalar.IsZero;

    public bool TrySignature(out Signature signature) => Signature.TryFromBytes(Take(Signature.Length), out signature);

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> field = _rest[..length];
        _rest = _rest[length..];
        return field;
    }
}
