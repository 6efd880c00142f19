using System.Buffers.Binary;
using System.Numerics;

namespace CPChain.Consensus.Journals;

/// <summary>
/// One durable write of a <see cref="SectorJournal"/> (rule J2): magic(4) zero(4) sequence(8) body length(4) CRC-32C(4), then records, each
/// length(4) and bytes. Integers are little-endian. The checksum covers the file's salt and everything but itself: block bytes that
/// somebody shaped like a frame are no frame, because nobody outside knows the salt.
/// </summary>
internal static class SectorFrame
{
    internal const int HeaderBytes = 24;
    internal const int RecordHeaderBytes = 4;

    private static ReadOnlySpan<byte> Magic => "CPJF"u8;

    internal static void Seal(Span<byte> frame, ulong sequence, ReadOnlySpan<byte> salt)
    {
        Magic.CopyTo(frame);
        frame.Slice(4, 4).Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], frame.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], Checksum(frame, salt));
    }

    /// <summary>True with the body of an intact frame at the beginning of <paramref name="bytes"/>.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> salt, out ulong sequence, out ReadOnlySpan<byte> body)
    {
        sequence = 0;
        body = default;
        if (!Looks(bytes))
        {
            return false;
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        if (length < 0 || length > bytes.Length - HeaderBytes)
        {
            return false;
        }
        ReadOnlySpan<byte> frame = bytes[..(HeaderBytes + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame[20..]) != Checksum(frame, salt))
        {
            return false;
        }
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(frame[8..]);
        body = frame[HeaderBytes..];
        return true;
    }

    /// <summary>Whether something like a frame begins here.</summary>
    internal static bool Looks(ReadOnlySpan<byte> bytes) => bytes.Length >= HeaderBytes && bytes[..4].SequenceEqual(Magic);

    internal static bool TryTakeRecord(ref ReadOnlySpan<byte> body, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (body.Length < RecordHeaderBytes)
        {
            return false;
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(body);
        if (length < 0 || length > body.Length - RecordHeaderBytes)
        {
            return false;
        }
        record = body.Slice(RecordHeaderBytes, length);
        body = body[(RecordHeaderBytes + length)..];
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> salt) =>
        Add(Add(Add(uint.MaxValue, salt), frame[..20]), frame[HeaderBytes..]) ^ uint.MaxValue;

    internal static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }
        return crc;
    }
}
