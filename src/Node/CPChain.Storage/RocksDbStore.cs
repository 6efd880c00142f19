using System.Collections.Concurrent;
using CPChain.Storage.Disks;
using CPChain.Storage.RocksDb;
using CPChain.Storage.Sectors;

namespace CPChain.Storage;

/// <summary>
/// A store on disk: RocksDB tables and a commit log before them in one directory (specs/storage S3). Every write is durable
/// when it returns, whatever was asked. The tables may take a large batch beside the caller; whoever reads or writes meanwhile waits.
/// </summary>
public sealed class RocksDbStore : IKeyValueStore
{
    private static readonly Lazy<nint> s_sharedCache =
        new(() => RocksDbNative.rocksdb_cache_create_lru(RocksDbOptions.SharedCacheBytes));

    // RocksDB writes its tables itself, so its commit log lies on the file system too.
    private static readonly FileSystemDisk Disk = FileSystemDisk.Instance;

    // Smaller batches take less time than a thread takes to begin.
    private const int LargeBatch = 1_000;

    private readonly Lock _writing = new();
    private readonly RocksDbTables _tables;
    private readonly RocksDbReadHandle _newest;
    private readonly RocksDbReader _reader;
    private readonly ConcurrentDictionary<RocksDbReadHandle, bool> _snapshots = new();
    private LoggedTables? _log;
    private volatile Task _finishing = Task.CompletedTask;

    private RocksDbStore(string directory, StoreFormat format, RocksDbHandle db)
    {
        Location = directory;
        Format = format;
        _newest = new RocksDbReadHandle(db, frozen: false);
        _reader = new RocksDbReader(db, _newest, directory);
        _tables = new RocksDbTables(db, _reader, directory);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public StoreFormat Format { get; }

    /// <summary>Throws a <see cref="StorageFailure"/> that names the package when the system library is absent; for start-up checks.</summary>
    public static void RequireLibrary() => RocksDbNative.RequireLibrary("RocksDB");

    /// <summary>Opens the store in <paramref name="directory"/>, making it when absent (mode 0700); throws <see cref="StorageFailure"/>.</summary>
    public static RocksDbStore Open(string directory, StoreFormat format, RocksDbOptions? options = null)
    {
        RocksDbNative.RequireLibrary(directory);
        Disk.CreateDirectory(directory);
        DiskRoom.Demand(Disk, directory);
        RocksDbStore store = new(
            directory, format, RocksDbTables.Open(directory, options ?? new RocksDbOptions(), s_sharedCache.Value));
        try
        {
            store._log = LoggedTables.Open(Disk, directory, store._tables, CommitLogBytes.Default);
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
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => Settled().TryGet(key, out value);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        Settled().Up(prefix, from);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        Settled().Down(prefix, from);

    /// <inheritdoc/>
    public void Write(WriteBatch batch, bool durable)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_log is null, this);
            LoggedTables log = _log;
            Settled();
            ulong sequence = log.Begin(batch);
            if (batch.Count < LargeBatch)
            {
                log.Finish(sequence, batch);
                return;
            }

            // A thread of its own: those of the pool may all be waiting for it.
            _finishing = Task.Factory.StartNew(
                () => log.Finish(sequence, batch), CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public IKeyValueSnapshot Snapshot()
    {
        Settled();
        return new Frozen(this, new RocksDbReadHandle(_tables.Handle, frozen: true));
    }

    /// <summary>Closes the store and every snapshot of it, so that the directory can be opened again at once.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            // What fails now has failed for whoever wrote or read next, and the log has the batch.
            ((IAsyncResult)_finishing).AsyncWaitHandle.WaitOne();
            _log?.Dispose();
            _log = null;
        }

        // From here on no snapshot can be taken; the directory is let go with the last one.
        _tables.Handle.Dispose();
        _newest.Dispose();
        foreach (RocksDbReadHandle snapshot in _snapshots.Keys)
        {
            snapshot.Dispose();
        }
    }

    /// <summary>The newest state, once the tables have what was written; throws what the tables failed with.</summary>
    private RocksDbReader Settled()
    {
        Task finishing = _finishing;
        if (!finishing.IsCompletedSuccessfully)
        {
            finishing.GetAwaiter().GetResult();
        }

        return _reader;
    }

    private sealed class Frozen : IKeyValueSnapshot
    {
        private readonly RocksDbStore _store;
        private readonly RocksDbReadHandle _read;
        private readonly RocksDbReader _reader;

        public Frozen(RocksDbStore store, RocksDbReadHandle read)
        {
            _store = store;
            _read = read;
            _reader = new RocksDbReader(store._tables.Handle, read, store.Location);
            store._snapshots.TryAdd(read, true);
        }

        // The store holds the handle, not this object, so a forgotten snapshot is released with it.
        ~Frozen() => Release();

        public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => _reader.TryGet(key, out value);

        public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
            _reader.Up(prefix, from);

        public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
            _reader.Down(prefix, from);

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            _store._snapshots.TryRemove(_read, out _);
            _read.Dispose();
        }
    }
}
