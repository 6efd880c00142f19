using System.Collections.Concurrent;
using CPChain.Storage.RocksDb;

namespace CPChain.Storage;

/// <summary>A store on disk: one RocksDB directory. A process that is killed loses nothing that was written.</summary>
public sealed unsafe class RocksDbStore : IKeyValueStore
{
    // Tolerates a torn last record of the write-ahead log; any other damage there refuses to open. The default mode
    // would silently drop everything after a damaged record.
    private const int TolerateCorruptedTailRecords = 0;
    private const int WarnLevel = 2;

    // Rows of a chain are seldom overwritten. Over 80,000 idle blocks this style wrote 3.3 KB for each 1.1 KB block, levelled
    // compaction 3.9 KB and rising.
    private const int UniversalCompaction = 1;

    private static readonly Lazy<nint> s_sharedCache =
        new(() => RocksDbNative.rocksdb_cache_create_lru(RocksDbOptions.SharedCacheBytes));

    private readonly Lock _writing = new();
    private readonly RocksDbHandle _db;
    private readonly RocksDbReadHandle _newest;
    private readonly RocksDbReader _reader;
    private readonly ConcurrentDictionary<RocksDbReadHandle, bool> _snapshots = new();
    private StorageFailure? _failure;

    private RocksDbStore(string directory, StoreFormat format, RocksDbHandle db)
    {
        Location = directory;
        Format = format;
        _db = db;
        _newest = new RocksDbReadHandle(db, frozen: false);
        _reader = new RocksDbReader(db, _newest, directory);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public StoreFormat Format { get; }

    /// <summary>Opens the store in <paramref name="directory"/>, making it when absent (mode 0700); throws <see cref="StorageFailure"/>.</summary>
    public static RocksDbStore Open(string directory, StoreFormat format, RocksDbOptions? options = null)
    {
        RocksDbNative.RequireLibrary(directory);
        PrivateDirectory.Create(directory);
        RocksDbStore store = new(directory, format, OpenHandle(directory, options ?? new RocksDbOptions()));
        try
        {
            StoreFormat.Claim(store, format);
        }
        catch (StorageFailure)
        {
            store.Dispose();
            throw;
        }

        return store;
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
            if (_failure is not null)
            {
                throw _failure;
            }

            try
            {
                Apply(batch, durable);
            }
            catch (StorageFailure e)
            {
                _failure = e;
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public IKeyValueSnapshot Snapshot() => new Frozen(this, new RocksDbReadHandle(_db, frozen: true));

    /// <summary>Closes the store and every snapshot of it, so that the directory can be opened again at once.</summary>
    public void Dispose()
    {
        // From here on no snapshot can be taken; the directory is let go with the last one.
        _db.Dispose();
        _newest.Dispose();
        foreach (RocksDbReadHandle snapshot in _snapshots.Keys)
        {
            snapshot.Dispose();
        }
    }

    private void Apply(WriteBatch batch, bool durable)
    {
        nint native = RocksDbNative.rocksdb_writebatch_create();
        nint options = RocksDbNative.rocksdb_writeoptions_create();
        try
        {
            for (int i = 0; i < batch.Count; i++)
            {
                ReadOnlySpan<byte> key = batch.Key(i);
                ReadOnlySpan<byte> value = batch.Value(i);
                fixed (byte* k = key, v = value)
                {
                    if (batch.IsDelete(i))
                    {
                        RocksDbNative.rocksdb_writebatch_delete(native, k, (nuint)key.Length);
                    }
                    else
                    {
                        RocksDbNative.rocksdb_writebatch_put(native, k, (nuint)key.Length, v, (nuint)value.Length);
                    }
                }
            }

            RocksDbNative.rocksdb_writeoptions_set_sync(options, durable ? (byte)1 : (byte)0);
            RocksDbNative.rocksdb_write(_db, options, native, out nint error);
            RocksDbErrors.Throw(Location, error);
        }
        finally
        {
            RocksDbNative.rocksdb_writeoptions_destroy(options);
            RocksDbNative.rocksdb_writebatch_destroy(native);
        }
    }

    private static RocksDbHandle OpenHandle(string directory, RocksDbOptions bounds)
    {
        nint options = RocksDbNative.rocksdb_options_create();
        nint table = RocksDbNative.rocksdb_block_based_options_create();
        try
        {
            RocksDbNative.rocksdb_block_based_options_set_block_cache(table, s_sharedCache.Value);
            RocksDbNative.rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1);
            RocksDbNative.rocksdb_block_based_options_set_filter_policy(
                table, RocksDbNative.rocksdb_filterpolicy_create_bloom_full(10));
            RocksDbNative.rocksdb_options_set_block_based_table_factory(options, table);
            RocksDbNative.rocksdb_options_set_create_if_missing(options, 1);
            RocksDbNative.rocksdb_options_set_paranoid_checks(options, 1);
            RocksDbNative.rocksdb_options_set_wal_recovery_mode(options, TolerateCorruptedTailRecords);
            RocksDbNative.rocksdb_options_set_write_buffer_size(options, (nuint)bounds.WriteBufferBytes);
            RocksDbNative.rocksdb_options_set_arena_block_size(options, 64 << 10);
            RocksDbNative.rocksdb_options_set_max_write_buffer_number(options, 2);
            RocksDbNative.rocksdb_options_set_max_open_files(options, bounds.OpenFilesMax);
            RocksDbNative.rocksdb_options_set_max_background_jobs(options, 2);
            RocksDbNative.rocksdb_options_set_compaction_style(options, UniversalCompaction);
            RocksDbNative.rocksdb_options_set_max_manifest_file_size(options, 1 << 20);
            RocksDbNative.rocksdb_options_set_manifest_preallocation_size(options, 64 << 10);
            RocksDbNative.rocksdb_options_set_keep_log_file_num(options, 2);
            RocksDbNative.rocksdb_options_set_max_log_file_size(options, (nuint)bounds.InfoLogBytesMax);
            RocksDbNative.rocksdb_options_set_info_log_level(options, WarnLevel);
            RocksDbNative.rocksdb_options_set_stats_dump_period_sec(options, 0);
            RocksDbNative.rocksdb_options_set_stats_persist_period_sec(options, 0);
            nint db = RocksDbNative.rocksdb_open(options, directory, out nint error);
            RocksDbErrors.Throw(directory, error);
            return new RocksDbHandle(db);
        }
        finally
        {
            RocksDbNative.rocksdb_block_based_options_destroy(table);
            RocksDbNative.rocksdb_options_destroy(options);
        }
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
            _reader = new RocksDbReader(store._db, read, store.Location);
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
