using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CPChain.Crypto.Curve;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>
/// An integer modulo the order n of secp256k1. Arithmetic is libsecp256k1's constant-time one, except that whether an
/// operand is zero may show in the time.
/// </summary>
public readonly struct Scalar : IEquatable<Scalar>
{
    public const int Length = 32;

    private readonly UInt256 _value;

    internal Scalar(in UInt256 value) => _value = value;

    public static Scalar Zero => default;

    public static Scalar One => new(UInt256.One);

    public bool IsZero => _value.IsZero;

    public static Scalar FromUlong(ulong value) => new(value);

    /// <summary>Reads 32 big-endian bytes below n.</summary>
    public static bool TryFromBytes32(ReadOnlySpan<byte> bytes, out Scalar scalar)
    {
        scalar = default;
        if (bytes.Length != Length) return false;
        UInt256 value = UInt256.FromBigEndian(bytes);
        if (value >= Signature.GroupOrder) return false;
        scalar = new Scalar(value);
        return true;
    }

    /// <summary>Reduces 64 big-endian bytes modulo n; uniform but for 2^-256 when the bytes are.</summary>
    public static Scalar FromWideHash(ReadOnlySpan<byte> bytes64)
    {
        if (bytes64.Length != 64) throw new ArgumentException("Not 64 bytes.", nameof(bytes64));
        Scalar high = ScalarArithmetic.ReduceOnce(UInt256.FromBigEndian(bytes64[..32]));
        Scalar low = ScalarArithmetic.ReduceOnce(UInt256.FromBigEndian(bytes64[32..]));
        return (high * ScalarArithmetic.TwoTo256) + low;
    }

    /// <summary>A uniform scalar in 1..n-1.</summary>
    public static Scalar Random(EntropySource entropy)
    {
        Span<byte> bytes = stackalloc byte[64];
        Scalar scalar;
        do
        {
            entropy(bytes);
            scalar = FromWideHash(bytes);
        }
        while (scalar.IsZero);

        CryptographicOperations.ZeroMemory(bytes);
        return scalar;
    }

    public static Scalar operator +(in Scalar a, in Scalar b) => ScalarArithmetic.Add(a, b);

    public static Scalar operator -(in Scalar a, in Scalar b) => ScalarArithmetic.Add(a, b.Negate());

    public static Scalar operator *(in Scalar a, in Scalar b) => ScalarArithmetic.Multiply(a, b);

    public Scalar Negate() => ScalarArithmetic.Negate(this);

    /// <summary>The inverse by Fermat's theorem, value^(n-2): the sequence of operations does not depend on the value. Zero has none.</summary>
    public Scalar Inverse() => ScalarArithmetic.Invert(this);

    public void CopyTo(Span<byte> destination32) => _value.WriteBigEndian(destination32[..Length]);

    public byte[] ToArray() => _value.ToBigEndian();

    public bool Equals(Scalar other) => _value == other._value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Scalar other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();

    public static bool operator ==(in Scalar left, in Scalar right) => left.Equals(right);

    public static bool operator !=(in Scalar left, in Scalar right) => !left.Equals(right);

    /// <summary>Says only that it is a scalar: most scalars are secrets.</summary>
    public override string ToString() => "scalar";
}
