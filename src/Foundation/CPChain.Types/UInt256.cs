using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace CPChain.Types;

/// <summary>
/// An unsigned integer of 256 bits. Arithmetic throws <see cref="OverflowException"/> in a checked context and wraps
/// modulo 2^256 in an unchecked one.
/// </summary>
/// <remarks>Limbs are read and written as scalars: a vector move over four freshly stored limbs stalls.</remarks>
public readonly partial struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>, IComparable, ISpanFormattable
{
    public const int Length = 32;

    /// <summary>The least significant 64 bits.</summary>
    public readonly ulong U0;

    public readonly ulong U1;

    public readonly ulong U2;

    /// <summary>The most significant 64 bits.</summary>
    public readonly ulong U3;

    public UInt256(ulong u0, ulong u1 = 0, ulong u2 = 0, ulong u3 = 0)
    {
        U0 = u0;
        U1 = u1;
        U2 = u2;
        U3 = u3;
    }

    public static UInt256 Zero => default;

    public static UInt256 One => new(1);

    public static UInt256 MaxValue => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    public bool IsZero => (U0 | U1 | U2 | U3) == 0;

    public bool IsOne => U0 == 1 && (U1 | U2 | U3) == 0;

    public bool FitsUlong => (U1 | U2 | U3) == 0;

    /// <summary>The number of bits without leading zeros, 0 for zero and at most 256.</summary>
    public int BitLength
    {
        get
        {
            if (U3 != 0) return 256 - BitOperations.LeadingZeroCount(U3);
            if (U2 != 0) return 192 - BitOperations.LeadingZeroCount(U2);
            if (U1 != 0) return 128 - BitOperations.LeadingZeroCount(U1);
            return 64 - BitOperations.LeadingZeroCount(U0);
        }
    }

    /// <summary>The number of bytes without leading zeros, 0 for zero and at most 32.</summary>
    public int ByteLength => (BitLength + 7) >> 3;

    /// <summary>The value as a ulong, or <see cref="ulong.MaxValue"/> when it is larger.</summary>
    public ulong ToUlongSaturating() => FitsUlong ? U0 : ulong.MaxValue;

    public bool TryToUlong(out ulong value)
    {
        value = U0;
        return FitsUlong;
    }

    /// <summary>Reads a big-endian number of at most 32 bytes.</summary>
    public static UInt256 FromBigEndian(ReadOnlySpan<byte> atMost32)
    {
        if (atMost32.Length == 32)
        {
            return new UInt256(
                BinaryPrimitives.ReadUInt64BigEndian(atMost32[24..]),
                BinaryPrimitives.ReadUInt64BigEndian(atMost32[16..]),
                BinaryPrimitives.ReadUInt64BigEndian(atMost32[8..]),
                BinaryPrimitives.ReadUInt64BigEndian(atMost32));
        }

        if (atMost32.Length > 32) throw new ArgumentException("More than 32 bytes.", nameof(atMost32));
        Span<byte> padded = stackalloc byte[32];
        padded.Clear();
        atMost32.CopyTo(padded[(32 - atMost32.Length)..]);
        return FromBigEndian(padded);
    }

    public void WriteBigEndian(Span<byte> exactly32)
    {
        if (exactly32.Length != 32) throw new ArgumentException("Not 32 bytes.", nameof(exactly32));
        BinaryPrimitives.WriteUInt64BigEndian(exactly32, U3);
        BinaryPrimitives.WriteUInt64BigEndian(exactly32[8..], U2);
        BinaryPrimitives.WriteUInt64BigEndian(exactly32[16..], U1);
        BinaryPrimitives.WriteUInt64BigEndian(exactly32[24..], U0);
    }

    /// <summary>All 32 bytes, big-endian.</summary>
    public byte[] ToBigEndian()
    {
        byte[] bytes = new byte[32];
        WriteBigEndian(bytes);
        return bytes;
    }

    public BigInteger ToBigInteger() => new(ToBigEndian(), isUnsigned: true, isBigEndian: true);

    /// <summary>The value of a non-negative integer below 2^256; others throw <see cref="OverflowException"/>.</summary>
    public static UInt256 FromBigInteger(BigInteger value)
    {
        if (value.Sign < 0 || value.GetBitLength() > 256) throw new OverflowException("Outside 0..2^256-1.");
        Span<byte> bytes = stackalloc byte[32];
        value.TryWriteBytes(bytes, out int written, isUnsigned: true, isBigEndian: true);
        return FromBigEndian(bytes[..written]);
    }

    public static implicit operator UInt256(ulong value) => new(value);

    public static implicit operator UInt256(uint value) => new(value);

    /// <summary>Throws <see cref="OverflowException"/> on a negative number.</summary>
    public static explicit operator UInt256(int value) => new(checked((ulong)value));

    /// <summary>Throws <see cref="OverflowException"/> on a negative number.</summary>
    public static explicit operator UInt256(long value) => new(checked((ulong)value));

    public static explicit operator UInt256(UInt128 value) => new((ulong)(value & ulong.MaxValue), (ulong)(value >> 64));

    /// <summary>Throws <see cref="OverflowException"/> when the value needs more than 64 bits.</summary>
    public static explicit operator ulong(UInt256 value) =>
        value.FitsUlong ? value.U0 : throw new OverflowException("The value needs more than 64 bits.");

    public static explicit operator uint(UInt256 value) => checked((uint)(ulong)value);

    public static explicit operator int(UInt256 value) => checked((int)(ulong)value);

    public static explicit operator long(UInt256 value) => checked((long)(ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator ==(in UInt256 a, in UInt256 b) =>
        ((a.U0 ^ b.U0) | (a.U1 ^ b.U1) | (a.U2 ^ b.U2) | (a.U3 ^ b.U3)) == 0;

    public static bool operator !=(in UInt256 a, in UInt256 b) => !(a == b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <(in UInt256 a, in UInt256 b)
    {
        if (a.U3 != b.U3) return a.U3 < b.U3;
        if (a.U2 != b.U2) return a.U2 < b.U2;
        if (a.U1 != b.U1) return a.U1 < b.U1;
        return a.U0 < b.U0;
    }

    public static bool operator >(in UInt256 a, in UInt256 b) => b < a;

    public static bool operator <=(in UInt256 a, in UInt256 b) => !(b < a);

    public static bool operator >=(in UInt256 a, in UInt256 b) => !(a < b);

    public static UInt256 Min(in UInt256 a, in UInt256 b) => a < b ? a : b;

    public static UInt256 Max(in UInt256 a, in UInt256 b) => a < b ? b : a;

    public int CompareTo(UInt256 other) => this < other ? -1 : this == other ? 0 : 1;

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        UInt256 other => CompareTo(other),
        _ => throw new ArgumentException("Not a UInt256.", nameof(obj)),
    };

    public bool Equals(UInt256 other) => this == other;

    public override bool Equals(object? obj) => obj is UInt256 other && this == other;

    public override int GetHashCode() => KeyedHash.Of(U0, U1, U2, U3);
}
