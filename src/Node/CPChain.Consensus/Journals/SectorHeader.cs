using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CPChain.Storage.Sectors;

namespace CPChain.Consensus.Journals;

/// <summary>First sector of every file in sectors (rule J1): magic(4) version(2) zero(2) kind(16, ASCII) salt(16) CRC-32C(4), little-endian.</summary>
internal static class SectorHeader
{
    internal const ushort Version = 1;
    internal const int SaltBytes = 16;

    private const int KindBytes = 16;
    private const int SaltAt = 8 + KindBytes;
    private const int ChecksumAt = SaltAt + SaltBytes;
    private const int Bytes = ChecksumAt + 4;

    private static ReadOnlySpan<byte> Magic => "CPJS"u8;

    /// <summary>
    /// The salt of the file, whose header is written now if the file is new. Throws <see cref="UnknownJournalException"/> when the file is
    /// of another format, version or kind.
    /// </summary>
    internal static byte[] Ensure(SectorFile file, string kind)
    {
        byte[] first = file.ReadFirst();
        if (first.AsSpan().ContainsAnyExcept((byte)0) || file.ReadAll().AsSpan().ContainsAnyExcept((byte)0))
        {
            return Read(file.Path, first.AsSpan(0, Bytes), kind);
        }
        byte[] fresh = new byte[Bytes];
        Magic.CopyTo(fresh);
        BinaryPrimitives.WriteUInt16LittleEndian(fresh.AsSpan(4), Version);
        Encoding.ASCII.GetBytes(kind, fresh.AsSpan(8, KindBytes));
        RandomNumberGenerator.Fill(fresh.AsSpan(SaltAt, SaltBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(fresh.AsSpan(ChecksumAt), Checksum(fresh));
        file.Write(0, fresh);
        return fresh[SaltAt..ChecksumAt];
    }

    private static byte[] Read(string path, ReadOnlySpan<byte> header, string kind)
    {
        if (!header.StartsWith(Magic))
        {
            throw new UnknownJournalException($"{path}: not a journal of CPChain; choose another data directory.");
        }
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (version != Version)
        {
            throw new UnknownJournalException(
                $"{path}: journal format version {version} is not supported (this program knows {Version}); use a newer cpchain.");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) != Checksum(header))
        {
            throw new UnknownJournalException($"{path}: the header is damaged; move the file away, the node then stays mute until it is safe to vote.");
        }
        string found = Encoding.ASCII.GetString(header.Slice(8, KindBytes)).TrimEnd('\0');
        return found == kind
            ? header[SaltAt..ChecksumAt].ToArray()
            : throw new UnknownJournalException($"{path}: is a \"{found}\" file, not a \"{kind}\" file; choose another data directory.");
    }

    private static uint Checksum(ReadOnlySpan<byte> header) => SectorFrame.Add(uint.MaxValue, header[..ChecksumAt]) ^ uint.MaxValue;
}

/// <summary>A file where a journal should be is of an unknown format, version or kind; the message says what to do.</summary>
public sealed class UnknownJournalException(string message) : Exception(message);
