using System.Buffers.Binary;
using CPChain.Storage.Journals;

namespace CPChain.Storage.Sectors;

/// <summary>
/// Layout of the commit log (specs/storage S3): header sector = magic "CPCS"(4), version(2), zero(2), epoch(8), sequence
/// before the first record(8), CRC-32C(4); record = magic "CPCR"(4), CRC-32C(4) of all that follows, epoch(8), sequence(8),
/// body length(4), body, zeros to the end of the sector. Little-endian.
/// </summary>
internal static class CommitRecord
{
    public const int HeaderBytes = 28;
    public const ushort Version = 1;
    private const int ChecksumEnd = 8;
    private const int FileHeaderBytes = 28;

    private static ReadOnlySpan<byte> FileMagic => "CPCS"u8;

    private static ReadOnlySpan<byte> RecordMagic => "CPCR"u8;

    public static byte[] EncodeFileHeader(ulong epoch, ulong sequenceBefore)
    {
        byte[] header = new byte[FileHeaderBytes];
        FileMagic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), sequenceBefore);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), Crc32C.Of(header.AsSpan(0, 24)));
        return header;
    }

    /// <summary>Reads the file's header; throws for another format or damage.</summary>
    public static (ulong Epoch, ulong SequenceBefore) DecodeFileHeader(string path, ReadOnlySpan<byte> header)
    {
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (header.StartsWith(FileMagic) && version != Version)
        {
            throw new StorageFailure(StorageFault.UnknownFormat, path,
                $"commit log version {version} is not supported (this program knows {Version}); use a newer cpchain");
        }

        if (!header.StartsWith(FileMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) != Crc32C.Of(header[..24]))
        {
            throw new StorageFailure(StorageFault.Corrupt, path,
                "the commit log's header is damaged; restore the directory from a copy");
        }

        return (BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), BinaryPrimitives.ReadUInt64LittleEndian(header[16..]));
    }

    public static byte[] EncodeHeader(ulong epoch, ulong sequence, ReadOnlySpan<byte> body)
    {
        byte[] header = new byte[HeaderBytes];
        RecordMagic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), sequence);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Crc32C.Of(header.AsSpan(ChecksumEnd), body));
        return header;
    }

    /// <summary>Reads the record at the start of <paramref name="bytes"/>; false unless it is whole, intact and of this epoch.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, ulong epoch, out ulong sequence, out ReadOnlySpan<byte> body)
    {
        sequence = 0;
        body = default;
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(RecordMagic)
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) != epoch)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        if (length < 0 || length > bytes.Length - HeaderBytes)
        {
            return false;
        }

        body = bytes.Slice(HeaderBytes, length);
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Crc32C.Of(bytes[ChecksumEnd..HeaderBytes], body);
    }

    public static long SectorsOf(int bodyBytes) =>
        (HeaderBytes + (long)bodyBytes + SectorFile.SectorBytes - 1) / SectorFile.SectorBytes;
}
