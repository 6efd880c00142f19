using System.Buffers.Binary;
using System.Security.Cryptography;
using CPChain.Storage.Disks;

namespace CPChain.Storage.Sectors;

/// <summary>
/// The durable log of a store's latest batches. A batch is in it before the store has it; the store's tables take many
/// batches at once, then the log begins anew under another epoch. Not thread-safe.
/// </summary>
internal sealed class CommitLog : IDisposable
{
    /// <summary>Beyond this the tables should be written and the log restarted.</summary>
    public const long BytesMax = 16 << 20;

    // What a new log is filled with; an idle node needs hours to go beyond.
    public const long BytesAtStart = 4 << 20;

    public const long BytesOfStep = 1 << 20;

    private readonly SectorFile _file;
    private readonly CommitLogBytes _bytes;
    private ulong _epoch;
    private long _nextSector = 1;

    private CommitLog(SectorFile file, in CommitLogBytes bytes)
    {
        _file = file;
        _bytes = bytes;
    }

    /// <summary>Sequence of the last record, or of the last batch before the log.</summary>
    public ulong Sequence { get; private set; }

    public bool IsLong => _nextSector * SectorFile.SectorBytes > _bytes.Max;

    /// <summary>Makes a new log after the batch with this sequence.</summary>
    public static CommitLog Create(IDisk disk, string path, ulong sequence, in CommitLogBytes bytes)
    {
        string next = path + ".new";
        disk.Delete(next);
        ulong epoch = NewEpoch();
        using (SectorFile made = SectorFile.Open(disk, next, bytes.AtStart))
        {
            made.Write(0, CommitRecord.EncodeFileHeader(epoch, sequence));
        }

        disk.Publish(next, path);
        return new CommitLog(SectorFile.Open(disk, path), bytes) { _epoch = epoch, Sequence = sequence };
    }

    /// <summary>
    /// Opens the log and hands every batch after <paramref name="stored"/>, the last one that the tables have, to
    /// <paramref name="replay"/>. A torn last record is dropped; anything else that is missing throws.
    /// </summary>
    public static CommitLog Open(
        IDisk disk, string path, ulong stored, Action<ulong, WriteBatch> replay, in CommitLogBytes bytes)
    {
        CommitLog log = new(SectorFile.Open(disk, path), bytes);
        try
        {
            log.Replay(stored, replay);
            log._file.Extend(bytes.AtStart);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Makes one batch durable and returns its sequence.</summary>
    public ulong Append(WriteBatch batch)
    {
        ReadOnlySpan<byte> body = batch.Encoded;
        ulong sequence = Sequence + 1;
        long sectors = CommitRecord.SectorsOf(body.Length);
        long end = (_nextSector + sectors) * SectorFile.SectorBytes;
        if (end > _file.LengthBytes)
        {
            _file.Extend(end + _bytes.Step);
        }

        _file.Write(_nextSector, CommitRecord.EncodeHeader(_epoch, sequence, body), body);
        _nextSector += sectors;
        Sequence = sequence;
        return sequence;
    }

    /// <summary>Begins anew; the tables must hold everything up to <see cref="Sequence"/> durably.</summary>
    public void Restart()
    {
        ulong epoch = NewEpoch();
        _file.Write(0, CommitRecord.EncodeFileHeader(epoch, Sequence));
        _epoch = epoch;
        _nextSector = 1;
    }

    public void Dispose() => _file.Dispose();

    // Not to be guessed: content from outside must not look like a record when the end is judged.
    private static ulong NewEpoch()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void Replay(ulong stored, Action<ulong, WriteBatch> replay)
    {
        ReadOnlySpan<byte> all = _file.ReadAll();
        if (all.Length < SectorFile.SectorBytes)
        {
            throw Corrupt("the commit log is cut off");
        }

        (_epoch, Sequence) = CommitRecord.DecodeFileHeader(_file.Path, all[..SectorFile.SectorBytes]);
        if (Sequence > stored)
        {
            throw Corrupt($"the tables end at batch {stored}, the commit log begins after batch {Sequence}");
        }

        while (CommitRecord.TryDecode(At(all, _nextSector), _epoch, out ulong sequence, out ReadOnlySpan<byte> body)
            && sequence == Sequence + 1)
        {
            Sequence = sequence;
            _nextSector += CommitRecord.SectorsOf(body.Length);
            if (sequence > stored)
            {
                replay(sequence, WriteBatch.TryDecode(body, out WriteBatch? batch) ? batch : throw Corrupt($"batch {sequence} is malformed"));
            }
        }

        // Batches are written one after the other, so only the last one can be torn.
        for (long sector = _nextSector; sector * SectorFile.SectorBytes < all.Length; sector++)
        {
            if (CommitRecord.TryDecode(At(all, sector), _epoch, out ulong later, out _) && later > Sequence)
            {
                throw Corrupt($"batch {Sequence + 1} is damaged, batch {later} after it is not");
            }
        }

        if (stored > Sequence)
        {
            throw Corrupt($"the tables end at batch {stored}, the commit log ends at batch {Sequence}");
        }
    }

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> all, long sector)
    {
        long offset = sector * SectorFile.SectorBytes;
        return offset >= all.Length ? default : all[(int)offset..];
    }

    private StorageFailure Corrupt(string what) => new(
        StorageFault.Corrupt, _file.Path,
        $"{what}; restore the directory from a copy, or delete it and let the node fetch the chain again");
}
