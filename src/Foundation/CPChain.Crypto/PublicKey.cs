using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto.Curve;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>A point of secp256k1 that is the public half of a key pair. The default value is no key and verifies nothing.</summary>
public readonly struct PublicKey : IEquatable<PublicKey>
{
    public const int CompressedLength = 33;
    public const int UncompressedLength = 64;

    internal PublicKey(in CurvePoint point) => Coordinates = point;

    internal readonly CurvePoint Coordinates;

    /// <summary>Reads 33 bytes (prefix 2 or 3), 65 (prefix 4) or 64 (no prefix).</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out PublicKey key)
    {
        bool valid = CurvePoint.TryParse(bytes, out CurvePoint point);
        key = new PublicKey(point);
        return valid;
    }

    public bool IsDefault => Coordinates.IsZero;

    /// <summary>The last 20 bytes of the Keccak-256 of the 64 coordinate bytes.</summary>
    public Address Address
    {
        get
        {
            Span<byte> digest = stackalloc byte[Hash256.Length];
            Keccak256.Hash(Coordinates.Span, digest);
            return Address.FromBytes(digest[12..]);
        }
    }

    /// <summary>33 bytes.</summary>
    public byte[] ToCompressed()
    {
        byte[] bytes = new byte[CompressedLength];
        Coordinates.WriteCompressed(bytes);
        return bytes;
    }

    /// <summary>64 bytes without a prefix.</summary>
    public byte[] ToUncompressed() => Coordinates.Span.ToArray();

    public void CopyTo(Span<byte> destination64) => Coordinates.Span.CopyTo(destination64);

    public Point ToPoint() => new(Coordinates);

    /// <summary>False for the point at infinity, which is no key.</summary>
    public static bool TryFromPoint(in Point point, out PublicKey key)
    {
        key = new PublicKey(point.Coordinates);
        return !point.IsInfinity;
    }

    public bool Equals(PublicKey other) => Coordinates.Span.SequenceEqual(other.Coordinates.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PublicKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Coordinates.Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(in PublicKey left, in PublicKey right) => left.Equals(right);

    public static bool operator !=(in PublicKey left, in PublicKey right) => !left.Equals(right);

    /// <summary>The compressed form in hexadecimal.</summary>
    public override string ToString() => Hex.Encode(ToCompressed());
}
