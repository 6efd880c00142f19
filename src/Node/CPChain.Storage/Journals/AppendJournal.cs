using System.Buffers.Binary;
using CPChain.Storage.Disks;

namespace CPChain.Storage.Journals;

/// <summary>Receives one record during replay; the bytes are valid only during the call.</summary>
public delegate void JournalRecordHandler(ReadOnlySpan<byte> record);

/// <summary>
/// An append-only file of records that survives crashes: what a durable flush covered is replayed, in order, at the next
/// opening; a flush cut off by a crash at the very end is dropped whole; any other damage is reported, never skipped
/// (specs/storage S4, S5). Safe for many threads. Any <see cref="StorageFailure"/> is final for the object.
/// </summary>
public sealed class AppendJournal : IDisposable
{
    /// <summary>Largest record by default.</summary>
    public const int RecordBytesMaxDefault = 8 << 20;

    private readonly Lock _lock = new();
    private readonly JournalFormat _format;
    private readonly int _recordBytesMax;
    private readonly IDisk _disk;
    private IDiskFile _file;
    private byte[] _buffer = new byte[4096];
    private int _buffered = JournalFrame.HeaderBytes;
    private bool _unsynced;
    private bool _disposed;
    private StorageFailure? _failure;

    private AppendJournal(IDisk disk, string path, JournalFormat format, int recordBytesMax)
    {
        _disk = disk;
        Path = path;
        _format = format;
        _recordBytesMax = recordBytesMax;
        _file = disk.Open(path, DiskAccess.Buffered);
    }

    /// <summary>The journal's file.</summary>
    public string Path { get; }

    /// <summary>Bytes in the file, without what is not flushed.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Bytes of a torn last flush that were dropped when opening.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>
    /// Opens the journal at <paramref name="path"/>, making it when absent (mode 0600), and hands every record, oldest first,
    /// to <paramref name="replay"/>; on the file system unless another <paramref name="disk"/> is given. Throws <see cref="StorageFailure"/>.
    /// </summary>
    public static AppendJournal Open(
        string path, JournalFormat format, JournalRecordHandler replay, int recordBytesMax = RecordBytesMaxDefault, IDisk? disk = null)
    {
        ArgumentNullException.ThrowIfNull(replay);
        disk ??= FileSystemDisk.Instance;
        string full = System.IO.Path.GetFullPath(path);
        string directory = System.IO.Path.GetDirectoryName(full)!;
        disk.CreateDirectory(directory);
        AppendJournal journal = new(disk, full, format, recordBytesMax);
        try
        {
            disk.Delete(NextPath(full));
            if (new JournalScan(journal._file, full).IsUnmade())
            {
                journal.Begin();
            }
            else
            {
                journal.Replay(replay);
            }

            // Not for a new file alone: whoever made it may have ended before this.
            disk.SyncDirectory(directory);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Adds a record to the next flush. It is not in the file before <see cref="Flush"/> returns.</summary>
    public void Append(ReadOnlySpan<byte> record)
    {
        if (record.Length > _recordBytesMax)
        {
            throw new ArgumentException($"a record has at most {_recordBytesMax} bytes, not {record.Length}", nameof(record));
        }

        lock (_lock)
        {
            Require();
            int end = _buffered + JournalFrame.RecordHeaderBytes + record.Length;
            if (end > _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(end, _buffer.Length * 2));
            }

            BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_buffered), record.Length);
            record.CopyTo(_buffer.AsSpan(_buffered + JournalFrame.RecordHeaderBytes));
            _buffered = end;
        }
    }

    /// <summary>
    /// Writes all appended records as one unit. With <paramref name="durable"/> they, and all before them, are on the disk
    /// when the call returns; without, they survive the end of the process but not of the machine.
    /// </summary>
    public void Flush(bool durable)
    {
        lock (_lock)
        {
            Require();
            try
            {
                if (_buffered > JournalFrame.HeaderBytes)
                {
                    Span<byte> frame = _buffer.AsSpan(0, _buffered);
                    JournalFrame.Seal(frame);
                    _file.Write(frame, LengthBytes);
                    LengthBytes += _buffered;
                    _buffered = JournalFrame.HeaderBytes;
                    _unsynced = true;
                    ShrinkBuffer();
                }

                if (durable && _unsynced)
                {
                    _file.Sync();
                    _unsynced = false;
                }
            }
            catch (StorageFailure failure)
            {
                _failure = failure;
                throw;
            }
        }
    }

    /// <summary>
    /// Replaces the whole journal by the given records, durably and atomically: after a crash either the old or the new
    /// content is there. Appended records that were not flushed are discarded; put them into <paramref name="keep"/>.
    /// </summary>
    public void Rewrite(IEnumerable<ReadOnlyMemory<byte>> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        lock (_lock)
        {
            Require();
            string next = NextPath(Path);
            try
            {
                _disk.Delete(next);
                using IDiskFile old = _file;
                _file = _disk.Open(next, DiskAccess.Buffered);
                _file.Write(_format.EncodeHeader(), 0);
                LengthBytes = JournalFormat.HeaderBytes;
                _buffered = JournalFrame.HeaderBytes;
                _unsynced = true;
                foreach (ReadOnlyMemory<byte> record in keep)
                {
                    Append(record.Span);
                    if (_buffered >= 1 << 20)
                    {
                        Flush(durable: false);
                    }
                }

                Flush(durable: true);
                _disk.Publish(next, Path);
            }
            catch (StorageFailure failure)
            {
                _failure = failure;
                throw;
            }
        }
    }

    /// <summary>Closes the file; records that were not flushed are lost.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _file.Dispose();
        }
    }

    /// <summary>For tests: continues on another file, which may be one that fails.</summary>
    internal void UseFile(IDiskFile file)
    {
        _file.Dispose();
        _file = file;
    }

    private void Begin()
    {
        // A crash while the journal was being made, before anything was promised.
        _file.SetLength(0);
        _file.Write(_format.EncodeHeader(), 0);
        _file.Sync();
        LengthBytes = JournalFormat.HeaderBytes;
    }

    private void Replay(JournalRecordHandler replay)
    {
        JournalScan scan = new(_file, Path);
        _format.Require(Path, scan.ReadHeader());
        while (scan.TryReadFrame(out ReadOnlySpan<byte> body))
        {
            while (!body.IsEmpty)
            {
                if (!JournalFrame.TryTakeRecord(ref body, _recordBytesMax, out ReadOnlySpan<byte> record))
                {
                    throw scan.Corrupt("a record has an impossible length");
                }

                replay(record);
            }
        }

        LengthBytes = scan.Offset;
        DroppedBytes = scan.Length - scan.Offset;
        if (DroppedBytes > 0)
        {
            _file.SetLength(LengthBytes);
        }

        WriteAgain();
    }

    // A synchronisation that failed leaves its pages in the cache as if they were on the disk, and no later one writes them. Whoever reads
    // them after that cannot know; so what was read is written once more before anything follows it (S5.5).
    private void WriteAgain()
    {
        byte[] part = new byte[(int)Math.Min(LengthBytes, 64 << 10)];
        for (long at = 0; at < LengthBytes; at += part.Length)
        {
            Span<byte> some = part.AsSpan(0, (int)Math.Min(part.Length, LengthBytes - at));
            if (_file.Read(some, at) != some.Length)
            {
                throw new StorageFailure(StorageFault.Io, Path, "the file became shorter while it was read");
            }

            _file.Write(some, at);
        }

        _file.Sync();
    }

    private void Require()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    // A rewrite that a crash interrupted leaves this file; it was never the journal.
    private static string NextPath(string path) => path + ".new";

    private void ShrinkBuffer()
    {
        if (_buffer.Length > 1 << 20)
        {
            _buffer = new byte[4096];
        }
    }
}
