using System.Buffers.Binary;
using CPChain.Storage.Disks;

namespace CPChain.Storage.Sectors;

/// <summary>Sorted tables that may lose their latest batches with the process, whole batches from the end backwards.</summary>
internal interface IStoreTables
{
    /// <summary>Key of the sequence of the last batch (8 bytes, big-endian).</summary>
    static ReadOnlySpan<byte> SequenceKey => "\0sequence"u8;

    bool TryGet(ReadOnlySpan<byte> key, out byte[] value);

    /// <summary>Applies the batch, and with it the value of <see cref="SequenceKey"/>.</summary>
    void Apply(WriteBatch batch, ReadOnlySpan<byte> sequence);

    /// <summary>Returns when all batches are in tables on the disk.</summary>
    void Flush();
}

/// <summary>Bytes of a commit log: when it is made, by which it grows, and beyond which the tables are written and it begins anew.</summary>
internal readonly record struct CommitLogBytes(long AtStart, long Step, long Max)
{
    public static CommitLogBytes Default { get; } = new(CommitLog.BytesAtStart, CommitLog.BytesOfStep, CommitLog.BytesMax);
}

/// <summary>
/// Tables with a commit log before them (specs/storage S3): a batch is durably in the log before the tables have it, so none is
/// lost. One user at a time; any <see cref="StorageFailure"/> is final.
/// </summary>
internal sealed class LoggedTables : IDisposable
{
    private const string CommitLogName = "COMMITS";

    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly IStoreTables _tables;
    private readonly CommitLog _log;
    private StorageFailure? _failure;

    private LoggedTables(IDisk disk, string directory, IStoreTables tables, in CommitLogBytes bytes)
    {
        _disk = disk;
        _directory = directory;
        _tables = tables;
        string path = Path.Combine(directory, CommitLogName);
        bool known = tables.TryGet(IStoreTables.SequenceKey, out byte[] row);
        ulong stored = known && row.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(row) : 0;
        bool isThere = disk.Exists(path);
        if (known && !isThere)
        {
            throw new StorageFailure(StorageFault.Corrupt, path,
                "the commit log is missing; restore the directory from a copy, or delete it and let the node fetch the chain again");
        }

        _log = isThere ? CommitLog.Open(disk, path, stored, Apply, bytes) : CommitLog.Create(disk, path, 0, bytes);
    }

    /// <summary>Opens or makes the log in <paramref name="directory"/> and gives the tables what they lost.</summary>
    public static LoggedTables Open(IDisk disk, string directory, IStoreTables tables, in CommitLogBytes bytes) =>
        new(disk, directory, tables, bytes);

    /// <summary>Makes the batch durable and applies it.</summary>
    public void Write(WriteBatch batch) => Finish(Begin(batch), batch);

    /// <summary>Makes the batch durable; it must be finished before anything else is done here.</summary>
    public ulong Begin(WriteBatch batch)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        try
        {
            DiskRoom.Demand(_disk, _directory);
            return _log.Append(batch);
        }
        catch (StorageFailure failure)
        {
            _failure = failure;
            throw;
        }
    }

    /// <summary>Applies the batch that was made durable under this sequence.</summary>
    public void Finish(ulong sequence, WriteBatch batch)
    {
        try
        {
            Apply(sequence, batch);
            if (_log.IsLong)
            {
                _tables.Flush();
                _log.Restart();
            }
        }
        catch (StorageFailure failure)
        {
            _failure = failure;
            throw;
        }
    }

    public void Dispose() => _log.Dispose();

    private void Apply(ulong sequence, WriteBatch batch)
    {
        Span<byte> row = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(row, sequence);
        _tables.Apply(batch, row);
    }
}
