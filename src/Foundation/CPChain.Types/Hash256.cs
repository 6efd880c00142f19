using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CPChain.Types;

/// <summary>A 32-byte digest, ordered as bytes.</summary>
public readonly struct Hash256 : IEquatable<Hash256>, IComparable<Hash256>
{
    public const int Length = 32;

    private readonly UInt256 _word;

    private Hash256(in UInt256 word) => _word = word;

    public static Hash256 Zero => default;

    public bool IsZero => _word.IsZero;

    /// <summary>Reads exactly 32 bytes; another length throws <see cref="ArgumentException"/>.</summary>
    public static Hash256 FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException("Not 32 bytes.", nameof(bytes));
        return new Hash256(UInt256.FromBigEndian(bytes));
    }

    /// <summary>The big-endian bytes of a word.</summary>
    public static Hash256 FromUInt256(in UInt256 word) => new(word);

    public UInt256 ToUInt256() => _word;

    public void CopyTo(Span<byte> destination) => _word.WriteBigEndian(destination[..Length]);

    public byte[] ToArray() => _word.ToBigEndian();

    /// <summary>Reads 64 hexadecimal digits after 0x; throws <see cref="FormatException"/>.</summary>
    public static Hash256 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Hash256 hash) ? hash : throw new FormatException($"'{text}' is no 32-byte hash.");

    public static bool TryParse(ReadOnlySpan<char> text, out Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        hash = default;
        if (!text.StartsWith("0x", StringComparison.Ordinal) || !Hex.TryDecode(text, bytes)) return false;
        hash = FromBytes(bytes);
        return true;
    }

    public bool Equals(Hash256 other) => _word == other._word;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Hash256 other && Equals(other);

    public override int GetHashCode() => _word.GetHashCode();

    public int CompareTo(Hash256 other) => _word.CompareTo(other._word);

    public static bool operator ==(in Hash256 left, in Hash256 right) => left._word == right._word;

    public static bool operator !=(in Hash256 left, in Hash256 right) => left._word != right._word;

    public static bool operator <(in Hash256 left, in Hash256 right) => left._word < right._word;

    public static bool operator >(in Hash256 left, in Hash256 right) => left._word > right._word;

    public static bool operator <=(in Hash256 left, in Hash256 right) => left._word <= right._word;

    public static bool operator >=(in Hash256 left, in Hash256 right) => left._word >= right._word;

    /// <summary>Lower-case hexadecimal after 0x.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Hex.Encode(bytes);
    }
}
