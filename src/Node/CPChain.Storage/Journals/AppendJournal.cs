using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

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
    private SafeFileHandle _file;
    private byte[] _buffer = new byte[4096];
    private int _buffered = JournalFrame.HeaderBytes;
    private bool _unsynced;
    private StorageFailure? _failure;

    private AppendJournal(string path, JournalFormat format, int recordBytesMax, SafeFileHandle file)
    {
        Path = path;
        _format = format;
        _recordBytesMax = recordBytesMax;
        _file = file;
    }

    /// <summary>The journal's file.</summary>
    public string Path { get; }

    /// <summary>Bytes in the file, without what is not flushed.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Bytes of a torn last flush that were dropped when opening.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>
    /// Opens the journal at <paramref name="path"/>, making it when absent (mode 0600), and hands every record, oldest first,
    /// to <paramref name="replay"/>. Throws <see cref="StorageFailure"/>.
    /// </summary>
    public static AppendJournal Open(
        string path, JournalFormat format, JournalRecordHandler replay, int recordBytesMax = RecordBytesMaxDefault)
    {
        ArgumentNullException.ThrowIfNull(replay);
        string full = System.IO.Path.GetFullPath(path);
        string directory = System.IO.Path.GetDirectoryName(full)!;
        PrivateDirectory.Create(directory);
        AppendJournal? journal = null;
        try
        {
            journal = new AppendJournal(full, format, recordBytesMax, OpenFile(full, FileMode.OpenOrCreate));
            File.Delete(NextPath(full));
            if (RandomAccess.GetLength(journal._file) < JournalFormat.HeaderBytes)
            {
                journal.Begin(directory);
            }
            else
            {
                journal.Replay(replay);
            }

            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            journal?.Dispose();
            throw StorageFailure.FromIo(full, e);
        }
        catch
        {
            journal?.Dispose();
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
                    RandomAccess.Write(_file, frame, LengthBytes);
                    LengthBytes += _buffered;
                    _buffered = JournalFrame.HeaderBytes;
                    _unsynced = true;
                    ShrinkBuffer();
                }

                if (durable && _unsynced)
                {
                    PrivateDirectory.SyncFile(_file, Path);
                    _unsynced = false;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageFailure)
            {
                _failure = StorageFailure.FromIo(Path, e);
                throw _failure;
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
                File.Delete(next);
                SafeFileHandle old = _file;
                SafeFileHandle file = OpenFile(next, FileMode.CreateNew);
                _file = file;
                RandomAccess.Write(file, _format.EncodeHeader(), 0);
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
                File.Move(next, Path, overwrite: true);
                PrivateDirectory.Sync(System.IO.Path.GetDirectoryName(Path)!);
                old.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageFailure)
            {
                _failure = StorageFailure.FromIo(Path, e);
                throw _failure;
            }
        }
    }

    /// <summary>Closes the file; records that were not flushed are lost.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }

    /// <summary>For tests: continues on another file, which may be one that fails.</summary>
    internal void UseFile(SafeFileHandle file)
    {
        _file.Dispose();
        _file = file;
    }

    private void Begin(string directory)
    {
        // Shorter than a header: a crash while the journal was being made, before anything was promised.
        RandomAccess.SetLength(_file, 0);
        RandomAccess.Write(_file, _format.EncodeHeader(), 0);
        PrivateDirectory.SyncFile(_file, Path);
        PrivateDirectory.Sync(directory);
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
            RandomAccess.SetLength(_file, LengthBytes);
            PrivateDirectory.SyncFile(_file, Path);
        }
    }

    private void Require()
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
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

    private static SafeFileHandle OpenFile(string path, FileMode mode)
    {
        try
        {
            SafeFileHandle file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return file;
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException && (e.HResult & 0xffff) == 11)
        {
            throw new StorageFailure(StorageFault.Locked, path, "the journal is open already; stop the other cpchain that uses it", e);
        }
    }
}
