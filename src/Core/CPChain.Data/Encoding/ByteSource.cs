using System.Buffers.Binary;

namespace CPChain.Data.Encoding;

/// <summary>Reads what <see cref="ByteSink"/> wrote; the first failure sticks, later reads give zeros, nothing throws.</summary>
public ref struct ByteSource
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first byte of <paramref name="bytes"/>.</summary>
    public ByteSource(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Whether a read went past the end or met a non-canonical form.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether every byte was read and no read failed.</summary>
    public readonly bool AtEnd => !Failed && _rest.IsEmpty;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Marks the source as bad, for a rule that the caller found broken.</summary>
    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    /// <summary>Reads exactly <paramref name="count"/> bytes, or fails and gives none.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            Fail();
            return default;
        }
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>Reads one byte.</summary>
    public byte U8()
    {
        ReadOnlySpan<byte> b = Bytes(1);
        return b.IsEmpty ? (byte)0 : b[0];
    }

    /// <summary>Reads 16 bits.</summary>
    public ushort U16()
    {
        ReadOnlySpan<byte> b = Bytes(2);
        return b.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(b);
    }

    /// <summary>Reads 32 bits.</summary>
    public uint U32()
    {
        ReadOnlySpan<byte> b = Bytes(4);
        return b.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(b);
    }

    /// <summary>Reads 64 bits.</summary>
    public ulong U64()
    {
        ReadOnlySpan<byte> b = Bytes(8);
        return b.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(b);
    }

    /// <summary>Reads a signed 64-bit integer.</summary>
    public long I64()
    {
        ReadOnlySpan<byte> b = Bytes(8);
        return b.IsEmpty ? 0 : BinaryPrimitives.ReadInt64BigEndian(b);
    }

    /// <summary>Reads a 32-bit length of at most <paramref name="lengthMax"/> and that many bytes.</summary>
    public ReadOnlySpan<byte> Block(int lengthMax)
    {
        uint length = U32();
        if (length > (uint)lengthMax)
        {
            Fail();
            return default;
        }
        return Bytes((int)length);
    }

    /// <summary>Reads an unsigned varint; a longer form than needed fails.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte b = U8();
            if (Failed) return 0;
            ulong bits = b & 0x7fUL;
            if (shift == 63 && bits > 1 || shift > 0 && b == 0) break;
            value |= bits << shift;
            if (b < 0x80) return value;
        }
        Fail();
        return 0;
    }

    /// <summary>Reads a count of at most <paramref name="max"/>; a larger one fails and gives zero.</summary>
    public int Count(int max)
    {
        ulong value = Varint();
        if (value <= (ulong)max) return (int)value;
        Fail();
        return 0;
    }

    /// <summary>Reads a zig-zag varint.</summary>
    public long Signed() => ZigZag.Decode(Varint());
}
