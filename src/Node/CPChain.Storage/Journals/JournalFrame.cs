using System.Buffers.Binary;

namespace CPChain.Storage.Journals;

/// <summary>
/// One flush of a journal: length (4, little-endian), CRC-32C of length and body (4), body = records, each with its length
/// (4) before it. One checksum covers the flush, so a flush that did not reach the disk whole is absent as a whole.
/// </summary>
internal static class JournalFrame
{
    public const int HeaderBytes = 8;
    public const int RecordHeaderBytes = 4;

    public static void Seal(Span<byte> frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame));
    }

    /// <summary>Length of the whole frame at the start of <paramref name="bytes"/>, 0 when its header is cut off or impossible.</summary>
    public static long LengthAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
        {
            return 0;
        }

        int body = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return body < RecordHeaderBytes ? 0 : (long)body + HeaderBytes;
    }

    public static bool IsIntact(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) == Checksum(frame);

    /// <summary>Takes the next record off the front of a frame's body.</summary>
    public static bool TryTakeRecord(ref ReadOnlySpan<byte> body, int recordBytesMax, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (body.Length < RecordHeaderBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(body);
        if (length < 0 || length > recordBytesMax || length > body.Length - RecordHeaderBytes)
        {
            return false;
        }

        record = body.Slice(RecordHeaderBytes, length);
        body = body[(RecordHeaderBytes + length)..];
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> frame) => Crc32C.Of(frame[..4], frame[HeaderBytes..]);
}
