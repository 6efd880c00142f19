using System.Buffers.Binary;
using System.Text;

namespace CPChain.Storage.Journals;

/// <summary>Purpose and record version of a journal, part of its file header (specs/storage S4).</summary>
/// <param name="Kind">What the records are, 1 to 16 ASCII characters, for example "lbft".</param>
/// <param name="Version">Version of the records, from 1.</param>
public readonly record struct JournalFormat(string Kind, ushort Version)
{
    internal const int HeaderBytes = 32;
    private const ushort EnvelopeVersion = 1;
    private const int KindBytes = 16;

    private static ReadOnlySpan<byte> Magic => "CPCJ"u8;

    internal byte[] EncodeHeader()
    {
        if (Kind.Length is 0 or > KindBytes)
        {
            throw new ArgumentException($"a journal's kind has 1 to {KindBytes} characters", nameof(Kind));
        }

        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), EnvelopeVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), Version);
        Encoding.ASCII.GetBytes(Kind, header.AsSpan(8, KindBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), Crc32C.Of(header.AsSpan(0, 28)));
        return header;
    }

    internal void Require(string path, ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Magic))
        {
            throw new StorageFailure(StorageFault.UnknownFormat, path, "is not a CPChain journal; choose another path");
        }

        ushort envelope = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (envelope != EnvelopeVersion)
        {
            throw new StorageFailure(StorageFault.UnknownFormat, path,
                $"journal format version {envelope} is not supported (this program knows {EnvelopeVersion}); use a newer cpchain");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Crc32C.Of(header[..28]))
        {
            throw new StorageFailure(StorageFault.Corrupt, path, "the journal's header is damaged; restore the file from a copy");
        }

        string kind = Encoding.ASCII.GetString(header.Slice(8, KindBytes)).TrimEnd('\0');
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        if (kind != Kind)
        {
            throw new StorageFailure(StorageFault.UnknownFormat, path, $"is a \"{kind}\" journal, not a \"{Kind}\" journal");
        }

        if (version != Version)
        {
            throw new StorageFailure(StorageFault.UnknownFormat, path,
                $"{kind} journal record version {version} is not supported (this program writes {Version}); "
                + "use the cpchain release that wrote it");
        }
    }
}
