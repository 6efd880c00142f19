using System.Buffers.Binary;

namespace CPChain.Data.Encoding;

/// <summary>A growing byte buffer that writes canonical big-endian integers and minimal varints.</summary>
public sealed class ByteSink
{
    private byte[] _buffer;

    /// <summary>Creates an empty sink with room for <paramref name="capacity"/> bytes.</summary>
    public ByteSink(int capacity = 256) => _buffer = new byte[Math.Max(16, capacity)];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The written bytes; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>A copy of the written bytes.</summary>
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => Length = 0;

    /// <summary>Overwrites everything that was ever written here with zeros and forgets it.</summary>
    public void Wipe()
    {
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(_buffer);
        Length = 0;
    }

    /// <summary>Reserves the next <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Take(int count)
    {
        int needed = Length + count;
        if (needed > _buffer.Length)
        {
            byte[] larger = new byte[Math.Max(needed, (int)Math.Min(Array.MaxLength, 2L * _buffer.Length))];
            Written.CopyTo(larger);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(_buffer);
            _buffer = larger;
        }
        Span<byte> room = _buffer.AsSpan(Length, count);
        Length = needed;
        return room;
    }

    /// <summary>Writes one byte.</summary>
    public void U8(byte value) => Take(1)[0] = value;

    /// <summary>Writes 16 bits, most significant byte first.</summary>
    public void U16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    /// <summary>Writes 32 bits, most significant byte first.</summary>
    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    /// <summary>Writes 64 bits, most significant byte first.</summary>
    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    /// <summary>Writes 64 bits in two's complement, most significant byte first.</summary>
    public void I64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>Writes bytes whose length the reader knows.</summary>
    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Writes a 32-bit length and the bytes.</summary>
    public void Block(ReadOnlySpan<byte> value)
    {
        U32((uint)value.Length);
        Bytes(value);
    }

    /// <summary>Writes an unsigned varint (LEB128, minimal, at most 10 bytes).</summary>
    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            U8((byte)(value & 0x7f | 0x80));
            value >>= 7;
        }
        U8((byte)value);
    }

    /// <summary>Writes a signed varint in zig-zag form.</summary>
    public void Signed(long value) => Varint(ZigZag.Encode(value));
}

/// <summary>The mapping of signed to unsigned integers that keeps small magnitudes small.</summary>
public static class ZigZag
{
    /// <summary>0, -1, 1, -2 become 0, 1, 2, 3.</summary>
    public static ulong Encode(long value) => unchecked((ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>The inverse of <see cref="Encode"/>.</summary>
    public static long Decode(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}
