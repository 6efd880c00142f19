using System.Buffers.Binary;
using System.Numerics;

namespace CPChain.Types.Rlp;

/// <summary>Writes canonical RLP (Yellow Paper, appendix B) into one growing buffer.</summary>
public sealed class RlpWriter(int capacity = 256)
{
    private const int StringOffset = 0x80;
    private const int ListOffset = 0xc0;

    private byte[] _buffer = new byte[Math.Max(capacity, 16)];
    private int _length;
    private int[] _lists = new int[8];
    private int _depth;

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan
    {
        get
        {
            Invariant.Check(_depth == 0, "An RLP list is still open.");
            return _buffer.AsSpan(0, _length);
        }
    }

    /// <inheritdoc cref="WrittenSpan"/>
    public ReadOnlyMemory<byte> WrittenMemory
    {
        get
        {
            Invariant.Check(_depth == 0, "An RLP list is still open.");
            return _buffer.AsMemory(0, _length);
        }
    }

    public byte[] ToArray() => WrittenSpan.ToArray();

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear()
    {
        _length = 0;
        _depth = 0;
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteString(Reserve(StringLength(bytes)), bytes);
    }

    public void WriteUlong(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        WriteBytes(bytes[(BitOperations.LeadingZeroCount(value) >> 3)..]);
    }

    public void WriteUInt256(in UInt256 value)
    {
        Span<byte> bytes = stackalloc byte[32];
        value.WriteBigEndian(bytes);
        WriteBytes(bytes[(32 - value.ByteLength)..]);
    }

    public void WriteBool(bool value) => WriteUlong(value ? 1UL : 0);

    public void WriteAddress(in Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        address.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Writes an empty byte string for null.</summary>
    public void WriteAddressOrEmpty(Address? address)
    {
        if (address is { } present) WriteAddress(present);
        else WriteBytes([]);
    }

    public void WriteHash(in Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Length];
        hash.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Copies an item that is RLP already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> encoded) => encoded.CopyTo(Reserve(encoded.Length));

    public void BeginList()
    {
        if (_depth == _lists.Length) Array.Resize(ref _lists, _depth * 2);
        _lists[_depth++] = _length;
    }

    public void EndList()
    {
        Invariant.Check(_depth > 0, "No RLP list is open.");
        int start = _lists[--_depth];
        int length = _length - start;
        int header = HeaderLength(length);
        Reserve(header);
        Buffer.BlockCopy(_buffer, start, _buffer, start + header, length);
        _length = start;
        WriteHeader(Reserve(header), ListOffset, length);
        _length += length;
    }

    /// <summary>The bytes an item's header takes for this payload; one single byte below 0x80 has none.</summary>
    public static int HeaderLength(int payloadLength) => payloadLength <= 55 ? 1 : 1 + LengthBytes(payloadLength);

    /// <summary>The bytes of a byte string with its header.</summary>
    public static int StringLength(ReadOnlySpan<byte> bytes) =>
        IsItsOwn(bytes) ? 1 : HeaderLength(bytes.Length) + bytes.Length;

    /// <summary>Writes a byte string into memory that has room for it and returns <see cref="StringLength"/>.</summary>
    public static int WriteString(Span<byte> to, ReadOnlySpan<byte> bytes)
    {
        int header = IsItsOwn(bytes) ? 0 : WriteHeader(to, StringOffset, bytes.Length);
        bytes.CopyTo(to[header..]);
        return header + bytes.Length;
    }

    /// <summary>Writes the header of a list with this payload into memory that has room for it and returns <see cref="HeaderLength"/>.</summary>
    public static int WriteListHeader(Span<byte> to, int payloadLength) => WriteHeader(to, ListOffset, payloadLength);

    private static bool IsItsOwn(ReadOnlySpan<byte> bytes) => bytes.Length == 1 && bytes[0] < StringOffset;

    private static int LengthBytes(int length) => 4 - (BitOperations.LeadingZeroCount((uint)length) >> 3);

    private static int WriteHeader(Span<byte> to, int offset, int length)
    {
        if (length <= 55)
        {
            to[0] = (byte)(offset + length);
            return 1;
        }

        int lengthBytes = LengthBytes(length);
        to[0] = (byte)(offset + 55 + lengthBytes);
        for (int i = lengthBytes, rest = length; i > 0; i--, rest >>= 8) to[i] = (byte)(rest & 0xff);
        return 1 + lengthBytes;
    }

    private Span<byte> Reserve(int count)
    {
        int needed = _length + count;
        if (needed > _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _buffer.Length)));
        Span<byte> space = _buffer.AsSpan(_length, count);
        _length = needed;
        return space;
    }
}
