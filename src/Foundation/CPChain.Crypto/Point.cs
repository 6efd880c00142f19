using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using CPChain.Crypto.Curve;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>A point of secp256k1, the one at infinity included.</summary>
public readonly struct Point : IEquatable<Point>
{
    public const int CompressedLength = 33;

    internal Point(in CurvePoint coordinates) => Coordinates = coordinates;

    internal readonly CurvePoint Coordinates;

    /// <summary>The neutral element; it has no encoding.</summary>
    public static Point Infinity => default;

    /// <summary>The generator G of SEC 2.</summary>
    public static Point Generator { get; } = new(CurvePoint.FromCoordinates(
        UInt256.Parse("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
        UInt256.Parse("0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")));

    public bool IsInfinity => Coordinates.IsZero;

    public static Point operator +(in Point a, in Point b) => PointArithmetic.Sum([a, b]);

    public static Point operator -(in Point a, in Point b) => PointArithmetic.Sum([a, b.Negate()]);

    /// <summary>The sum of any number of points.</summary>
    public static Point Sum(ReadOnlySpan<Point> points) => PointArithmetic.Sum(points);

    public Point Negate() => PointArithmetic.Negate(this);

    /// <summary>The multiple by a scalar that may be secret: constant time, except for zero.</summary>
    public Point Multiply(in Scalar scalar) => PointArithmetic.MultiplySecret(this, scalar);

    /// <summary>The multiple by a scalar that everybody may know; faster, its time depends on the scalar.</summary>
    public Point MultiplyPublic(in Scalar scalar) => PointArithmetic.MultiplyPublic(this, scalar);

    /// <summary>The multiple of the generator by a scalar that may be secret: constant time, except for zero.</summary>
    public static Point MultiplyGenerator(in Scalar scalar) => PointArithmetic.MultiplyGenerator(scalar);

    /// <summary>Reads 33 bytes, prefix 2 or 3; infinity is refused.</summary>
    public static bool TryFromCompressed(ReadOnlySpan<byte> bytes33, out Point point)
    {
        point = default;
        if (bytes33.Length != CompressedLength || !CurvePoint.TryParse(bytes33, out CurvePoint coordinates)) return false;
        point = new Point(coordinates);
        return true;
    }

    /// <summary>33 bytes; infinity has no encoding and breaks an invariant.</summary>
    public byte[] ToCompressed()
    {
        byte[] bytes = new byte[CompressedLength];
        WriteCompressed(bytes);
        return bytes;
    }

    public void WriteCompressed(Span<byte> destination33)
    {
        Invariant.Check(!IsInfinity, "Infinity has no encoding.");
        Coordinates.WriteCompressed(destination33);
    }

    /// <summary>
    /// A point whose discrete logarithm nobody knows: the first counter c from 0 for which
    /// SHA-256("CPChain hash to point v1" || 0 || domain || 0 || c as 4 big-endian bytes) is the x of a point; y is even.
    /// </summary>
    public static Point HashToPoint(string domain)
    {
        byte[] input = [.. Encoding.UTF8.GetBytes("CPChain hash to point v1\0" + domain + "\0"), 0, 0, 0, 0];
        Span<byte> candidate = stackalloc byte[CompressedLength];
        candidate[0] = 2;
        for (uint counter = 0; ; counter++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(input.Length - 4), counter);
            SHA256.HashData(input, candidate[1..]);
            if (TryFromCompressed(candidate, out Point point)) return point;
        }
    }

    public bool Equals(Point other) => Coordinates.Span.SequenceEqual(other.Coordinates.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Point other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Coordinates.Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(in Point left, in Point right) => left.Equals(right);

    public static bool operator !=(in Point left, in Point right) => !left.Equals(right);

    public override string ToString() => IsInfinity ? "infinity" : Hex.Encode(ToCompressed());
}
