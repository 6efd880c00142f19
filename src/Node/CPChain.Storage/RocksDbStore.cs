using System.Buffers.Binary;
using System.Collections.Concurrent;
using CPChain.Storage.Disks;
using CPChain.Storage.RocksDb;
using CPChain.Storage.Sectors;

namespace CPChain.Storage;

/// <summary>
/// A store on disk: RocksDB tables and a commit log before them in one directory (specs/storage S3). Every write is durable
/// when it returns, whatever was asked.
/// </summary>
public sealed class RocksDbStore : IKeyValueStore
{
    private const string CommitLogName = "COMMITS";

    private static readonly Lazy<nint> s_sharedCache =
        new(() => RocksDbNative.rocksdb_cache_create_lru(RocksDbOptions.SharedCacheBytes));

    // RocksDB writes its tables itself, so its commit log lies on the file system too.
    private static readonly FileSystemDisk Disk = FileSystemDisk.Instance;

    private readonly Lock _writing = new();
    private readonly RocksDbTables _tables;
    private readonly RocksDbReadHandle _newest;
    private readonly RocksDbReader _reader;
    private readonly ConcurrentDictionary<RocksDbReadHandle, bool> _snapshots = new();
    private CommitLog? _log;
    private StorageFailure? _failure;

    private RocksDbStore(string directory, StoreFormat format, RocksDbHandle db)
    {
        Location = directory;
        Format = format;
        _tables = new RocksDbTables(db, directory);
        _newest = new RocksDbReadHandle(db, frozen: false);
        _reader = new RocksDbReader(db, _newest, directory);
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
            store.OpenLog();
            StoreFormat.Claim(store, format);
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            store.Dispose();
            throw StorageFailure.FromIo(directory, e);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => _reader.TryGet(key, out value);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        _reader.Up(prefix, from);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        _reader.Down(prefix, from);

    /// <inheritdoc/>
    public void Write(WriteBatch batch, bool durable)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_log is null, this);
            if (_failure is not null)
            {
                throw _failure;
            }

            try
            {
                DiskRoom.Demand(Disk, Location);
                Apply(_log.Append(batch), batch);
                if (_log.IsLong)
                {
                    _tables.Flush();
                    _log.Restart();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageFailure)
            {
                _failure = StorageFailure.FromIo(Location, e);
                throw _failure;
            }
        }
    }

    /// <inheritdoc/>
    public IKeyValueSnapshot Snapshot() => new Frozen(this, new RocksDbReadHandle(_tables.Handle, frozen: true));

    /// <summary>Closes the store and every snapshot of it, so that the directory can be opened again at once.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
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

    private void OpenLog()
    {
        string path = Path.Combine(Location, CommitLogName);
        bool known = TryGet(RocksDbTables.SequenceKey, out byte[] row);
        ulong stored = known && row.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(row) : 0;
        if (Disk.Exists(path))
        {
            _log = CommitLog.Open(Disk, path, stored, Apply);
            return;
        }

        if (known)
        {
            throw new StorageFailure(StorageFault.Corrupt, path,
                "the commit log is missing; restore the directory from a copy, or delete it and let the node fetch the chain again");
        }

        _log = CommitLog.Create(Disk, path, 0);
    }

    private void Apply(ulong sequence, WriteBatch batch)
    {
        Span<byte> row = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(row, sequence);
        _tables.Apply(batch, row);
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
