using System.Buffers.Binary;
using CPChain.Storage.Disks;
using CPChain.Storage.Sectors;

namespace CPChain.Consensus.Journals;

/// <summary>Receives one record of a replay; the bytes are valid during the call only.</summary>
internal delegate void RecordHandler(ReadOnlySpan<byte> record);

/// <summary>How the content of a journal was found.</summary>
internal enum JournalCondition : byte
{
    /// <summary>There was none.</summary>
    New = 0,
    Intact = 1,

    /// <summary>The last write was cut off and is dropped whole (L17.1).</summary>
    Torn = 2,

    /// <summary>Something but the last write is damaged: what the node has said is not known any more (L18).</summary>
    Damaged = 3,
}

/// <summary>
/// The durable memory of the consensus (rules J1 to J4): two files that are filled in turn, in place. A flush is one durable write of a few
/// sectors. <see cref="MayForget"/> says that what is older serves nobody; only then a full file gives way to the other one.
/// One user at a time.
/// </summary>
internal sealed class SectorJournal : IDisposable
{
    internal const long SegmentBytesDefault = 256 * 1024;

    private readonly SectorFile[] files;
    private readonly byte[][] salts;
    private readonly long segmentBytes;
    private byte[] buffer = new byte[4096];
    private int buffered = SectorFrame.HeaderBytes;
    private int current;
    private long nextSector;
    private ulong nextSequence;

    private SectorJournal(SectorFile[] files, string kind, long segmentBytes)
    {
        this.files = files;
        salts = [SectorHeader.Ensure(files[0], kind), SectorHeader.Ensure(files[1], kind)];
        this.segmentBytes = segmentBytes;
    }

    internal JournalCondition Condition { get; private set; }

    /// <summary>Sectors written since opening; for the write budget.</summary>
    internal long SectorsWritten { get; private set; }

    /// <summary>
    /// Opens or makes the journal in <paramref name="directory"/> and replays its records, oldest first.
    /// Throws <see cref="Storage.StorageFailure"/>, and <see cref="UnknownJournalException"/> for another format.
    /// </summary>
    internal static SectorJournal Open(
        IDisk disk, string directory, string name, RecordHandler replay, long segmentBytes = SegmentBytesDefault)
    {
        string[] paths = [Path.Combine(directory, $"{name}.0"), Path.Combine(directory, $"{name}.1")];
        bool isNew = !disk.Exists(paths[0]) && !disk.Exists(paths[1]);
        SectorFile[] files = [.. paths.Select(path => SectorFile.Open(disk, path, segmentBytes))];
        try
        {
            SectorJournal journal = new(files, name, segmentBytes);
            journal.Replay(replay);
            if (isNew)
            {
                journal.Condition = JournalCondition.New;
            }
            return journal;
        }
        catch
        {
            Array.ForEach(files, static file => file.Dispose());
            throw;
        }
    }

    /// <summary>Adds a record to the next flush.</summary>
    internal void Append(ReadOnlySpan<byte> record)
    {
        int end = buffered + SectorFrame.RecordHeaderBytes + record.Length;
        if (end > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(end, buffer.Length * 2));
        }
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(buffered), record.Length);
        record.CopyTo(buffer.AsSpan(buffered + SectorFrame.RecordHeaderBytes));
        buffered = end;
    }

    /// <summary>The current file has reached its size; it goes on growing until the past may be forgotten.</summary>
    internal bool IsFull => nextSector * SectorFile.SectorBytes >= segmentBytes;

    internal bool HasUnflushed => buffered > SectorFrame.HeaderBytes;

    /// <summary>Returns when everything appended is on the disk. Any <see cref="Storage.StorageFailure"/> is final (L17.1).</summary>
    internal void Flush()
    {
        if (!HasUnflushed)
        {
            return;
        }
        Span<byte> frame = buffer.AsSpan(0, buffered);
        SectorFrame.Seal(frame, nextSequence, salts[current]);
        int sectors = files[current].Write(nextSector, frame);
        nextSequence++;
        nextSector += sectors;
        SectorsWritten += sectors;
        buffered = SectorFrame.HeaderBytes;
        if (buffer.Length > 1 << 20)
        {
            buffer = new byte[4096];
        }
    }

    /// <summary>
    /// Nothing in the journal is needed any more except <paramref name="keep"/>: when the current file is full the other one is begun,
    /// with these records first. The full one stays readable until its turn comes again. True when that happened.
    /// </summary>
    internal bool MayForget(IEnumerable<byte[]> keep)
    {
        if (!IsFull)
        {
            return false;
        }
        Flush();
        current ^= 1;
        nextSector = Segment.FirstSector;
        foreach (byte[] record in keep)
        {
            Append(record);
        }
        return true;
    }

    public void Dispose()
    {
        foreach (SectorFile file in files)
        {
            file.Dispose();
        }
    }

    private void Replay(RecordHandler replay)
    {
        Segment[] segments = [Segment.Scan(files[0], salts[0]), Segment.Scan(files[1], salts[1])];
        int newer = segments[1].IsEmpty ? 0 : segments[0].IsEmpty || segments[1].First > segments[0].First ? 1 : 0;
        Segment older = segments[newer ^ 1];
        Segment latest = segments[newer];
        ulong last = latest.IsEmpty ? 0 : latest.Last;

        // A file is begun anew with all that is still needed, so the other one, partly overwritten, was needed no more.
        bool gap = !older.IsEmpty && older.Last + 1 != latest.First;
        // A frame behind the end that is newer than the end: something before it was lost.
        bool lost = Math.Max(older.Stray, latest.Stray) > last;
        Condition = lost ? JournalCondition.Damaged
            : latest.EndsTorn || (older.IsEmpty && older.EndsTorn) ? JournalCondition.Torn
            : JournalCondition.Intact;
        if (!gap)
        {
            older.Replay(replay);
        }
        latest.Replay(replay);
        current = newer;
        nextSector = latest.EndSector;
        nextSequence = Math.Max(last, Math.Max(older.Stray, latest.Stray)) + 1;
    }
}
