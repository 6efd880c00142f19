using CPChain.Storage;
using CPChain.Storage.Sectors;

namespace CPChain.Simulation.Disks;

/// <summary>
/// A store with the contract of the one on disk: the production commit log on a <see cref="SimulatedDisk"/> before tables that lose their
/// memory with the process.
/// </summary>
public sealed class SimulatedStore : IKeyValueStore, IStoreTables
{
    // Small, so that runs of a few hundred blocks begin the log anew.
    private static readonly CommitLogBytes LogBytes = new(AtStart: 64 << 10, Step: 64 << 10, Max: 256 << 10);

    private readonly Lock _writing = new();
    private readonly SimulatedDisk _disk;
    private readonly SimulatedTables _tables;
    private LoggedTables? _log;
    private bool _isDisposed;

    private SimulatedStore(SimulatedDisk disk, string directory, StoreFormat format)
    {
        _disk = disk;
        _tables = disk.Tables(directory);
        Location = directory;
        Format = format;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public StoreFormat Format { get; }

    /// <summary>Opens the store in a directory of the disk, making it when absent. Throws <see cref="StorageFailure"/>.</summary>
    public static SimulatedStore Open(SimulatedDisk disk, string directory, StoreFormat format)
    {
        ArgumentNullException.ThrowIfNull(disk);
        disk.CreateDirectory(directory);
        SimulatedStore store = new(disk, directory, format);
        if (store._tables.Holder is not null)
            throw new StorageFailure(StorageFault.Locked, directory, "the store is open already");
        store._tables.Holder = store;
        try
        {
            store._log = LoggedTables.Open(disk, directory, store, LogBytes);
            StoreFormat.Claim(store, format);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => Rows().TryGet(key, out value);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) => Rows().Up(prefix, from);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        Rows().Down(prefix, from);

    /// <inheritdoc/>
    public void Write(WriteBatch batch, bool durable)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using Lock.Scope scope = _writing.EnterScope();
        ObjectDisposedException.ThrowIf(_log is null, this);
        _log.Write(batch);
    }

    /// <inheritdoc/>
    public IKeyValueSnapshot Snapshot() => new Frozen(this, Rows());

    /// <inheritdoc/>
    public void Dispose()
    {
        using Lock.Scope scope = _writing.EnterScope();
        _isDisposed = true;
        _log?.Dispose();
        _log = null;
        if (_tables.Holder == this)
            _tables.Holder = null;
    }

    void IStoreTables.Apply(WriteBatch batch, ReadOnlySpan<byte> sequence) => _tables.Apply(batch, sequence);

    void IStoreTables.Flush() => _disk.Flush(Location, _tables);

    private SortedRows Rows()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _tables.Rows;
    }

    private sealed class Frozen(SimulatedStore store, SortedRows rows) : IKeyValueSnapshot
    {
        private bool _isReleased;

        public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => Held().TryGet(key, out value);

        public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) => Held().Up(prefix, from);

        public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
            Held().Down(prefix, from);

        public void Dispose() => _isReleased = true;

        private SortedRows Held()
        {
            ObjectDisposedException.ThrowIf(_isReleased || store._isDisposed, this);
            return rows;
        }
    }
}
