using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CPChain.Types;

/// <summary>The 20 bytes that name an account: the end of the Keccak-256 of its public key.</summary>
public readonly struct Address : IEquatable<Address>, IComparable<Address>
{
    public const int Length = 20;

    // Big-endian words, so that comparing numbers compares bytes.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly uint _c;

    private Address(ulong a, ulong b, uint c)
    {
        _a = a;
        _b = b;
        _c = c;
    }

    public static Address Zero => default;

    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>Reads exactly 20 bytes; another length throws <see cref="ArgumentException"/>.</summary>
    public static Address FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException("Not 20 bytes.", nameof(bytes));
        return new Address(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));
    }

    /// <summary>The low 160 bits of a word, as the EVM reads addresses.</summary>
    public static Address FromUInt256(in UInt256 word) => unchecked(new(
        (word.U2 << 32) | (word.U1 >> 32), (word.U1 << 32) | (word.U0 >> 32), (uint)word.U0));

    public UInt256 ToUInt256() => unchecked(new(_c | (_b << 32), (_b >> 32) | (_a << 32), _a >> 32));

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 40 hexadecimal digits after 0x, letter case ignored; throws <see cref="FormatException"/>.</summary>
    public static Address Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Address address) ? address : throw new FormatException($"'{text}' is no address.");

    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Length];
        address = default;
        if (!text.StartsWith("0x", StringComparison.Ordinal) || !Hex.TryDecode(text, bytes)) return false;
        address = FromBytes(bytes);
        return true;
    }

    public bool Equals(Address other) => _a == other._a && _b == other._b && _c == other._c;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Address other && Equals(other);

    public override int GetHashCode() => KeyedHash.Of(_a, _b, _c);

    public int CompareTo(Address other)
    {
        if (_a != other._a) return _a.CompareTo(other._a);
        return _b != other._b ? _b.CompareTo(other._b) : _c.CompareTo(other._c);
    }

    public static bool operator ==(in Address left, in Address right) => left.Equals(right);

    public static bool operator !=(in Address left, in Address right) => !left.Equals(right);

    public static bool operator <(in Address left, in Address right) => left.CompareTo(right) < 0;

    public static bool operator >(in Address left, in Address right) => left.CompareTo(right) > 0;

    public static bool operator <=(in Address left, in Address right) => left.CompareTo(right) <= 0;

    public static bool operator >=(in Address left, in Address right) => left.CompareTo(right) >= 0;

    /// <summary>Lower-case hexadecimal after 0x.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Hex.Encode(bytes);
    }
}
