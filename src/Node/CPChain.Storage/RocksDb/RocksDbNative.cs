using System.Reflection;
using System.Runtime.InteropServices;

namespace CPChain.Storage.RocksDb;

/// <summary>The part of RocksDB's C interface (rocksdb/c.h, 7.8) that the store uses.</summary>
internal static unsafe partial class RocksDbNative
{
    private const string Library = "librocksdb.so.7.8";
    private static readonly Lazy<nint> s_library = new(Load);

    static RocksDbNative() =>
        NativeLibrary.SetDllImportResolver(typeof(RocksDbNative).Assembly, Resolve);

    /// <summary>Fails with a message that names the package when the library is not installed.</summary>
    public static void RequireLibrary(string path)
    {
        if (s_library.Value == 0)
        {
            throw new StorageFailure(StorageFault.MissingLibrary, path,
                $"the system library {Library} is missing; install it with: apt-get install librocksdb7.8");
        }
    }

    private static nint Load() => NativeLibrary.TryLoad(Library, out nint handle) ? handle : 0;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == Library ? s_library.Value : 0;

    [LibraryImport(Library)] public static partial nint rocksdb_options_create();
    [LibraryImport(Library)] public static partial void rocksdb_options_destroy(nint options);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_create_if_missing(nint options, byte value);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_write_buffer_size(nint options, nuint bytes);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_max_write_buffer_number(nint options, int count);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_max_open_files(nint options, int count);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_keep_log_file_num(nint options, nuint count);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_max_log_file_size(nint options, nuint bytes);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_info_log_level(nint options, int level);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_stats_dump_period_sec(nint options, uint seconds);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_stats_persist_period_sec(nint options, uint seconds);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_max_manifest_file_size(nint options, nuint bytes);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_manifest_preallocation_size(nint options, nuint bytes);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_wal_recovery_mode(nint options, int mode);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_compression(nint options, int type);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_compaction_style(nint options, int style);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_paranoid_checks(nint options, byte value);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_arena_block_size(nint options, nuint bytes);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_max_background_jobs(nint options, int count);
    [LibraryImport(Library)] public static partial void rocksdb_options_set_block_based_table_factory(nint options, nint table);

    [LibraryImport(Library)] public static partial nint rocksdb_block_based_options_create();
    [LibraryImport(Library)] public static partial void rocksdb_block_based_options_destroy(nint table);
    [LibraryImport(Library)] public static partial void rocksdb_block_based_options_set_block_cache(nint table, nint cache);
    [LibraryImport(Library)] public static partial void rocksdb_block_based_options_set_filter_policy(nint table, nint policy);
    [LibraryImport(Library)] public static partial void rocksdb_block_based_options_set_cache_index_and_filter_blocks(nint table, byte value);
    [LibraryImport(Library)] public static partial void rocksdb_block_based_options_set_index_type(nint table, int type);
    [LibraryImport(Library)] public static partial void rocksdb_block_based_options_set_partition_filters(nint table, byte value);
    [LibraryImport(Library)] public static partial void rocksdb_block_based_options_set_pin_top_level_index_and_filter(nint table, byte value);
    [LibraryImport(Library)] public static partial nint rocksdb_cache_create_lru(nuint bytes);
    [LibraryImport(Library)] public static partial nint rocksdb_filterpolicy_create_bloom_full(double bitsPerKey);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rocksdb_open(nint options, string name, out nint error);

    [LibraryImport(Library)] public static partial void rocksdb_close(nint db);
    [LibraryImport(Library)] public static partial void rocksdb_free(nint memory);

    [LibraryImport(Library)] public static partial nint rocksdb_writeoptions_create();
    [LibraryImport(Library)] public static partial void rocksdb_writeoptions_destroy(nint options);
    [LibraryImport(Library)] public static partial void rocksdb_writeoptions_disable_WAL(nint options, int value);
    [LibraryImport(Library)] public static partial nint rocksdb_flushoptions_create();
    [LibraryImport(Library)] public static partial void rocksdb_flushoptions_destroy(nint options);
    [LibraryImport(Library)] public static partial void rocksdb_flushoptions_set_wait(nint options, byte value);
    [LibraryImport(Library)] public static partial void rocksdb_flush(RocksDbHandle db, nint options, out nint error);
    [LibraryImport(Library)] public static partial nint rocksdb_writebatch_create();
    [LibraryImport(Library)] public static partial void rocksdb_writebatch_destroy(nint batch);
    [LibraryImport(Library)] public static partial void rocksdb_writebatch_put(nint batch, byte* key, nuint keyLength, byte* value, nuint valueLength);
    [LibraryImport(Library)] public static partial void rocksdb_writebatch_delete(nint batch, byte* key, nuint keyLength);
    [LibraryImport(Library)] public static partial void rocksdb_write(RocksDbHandle db, nint options, nint batch, out nint error);

    [LibraryImport(Library)] public static partial nint rocksdb_readoptions_create();
    [LibraryImport(Library)] public static partial void rocksdb_readoptions_destroy(nint options);
    [LibraryImport(Library)] public static partial void rocksdb_readoptions_set_snapshot(nint options, nint snapshot);
    [LibraryImport(Library)] public static partial nint rocksdb_get_pinned(RocksDbHandle db, RocksDbReadHandle options, byte* key, nuint keyLength, out nint error);
    [LibraryImport(Library)] public static partial byte* rocksdb_pinnableslice_value(nint slice, out nuint length);
    [LibraryImport(Library)] public static partial void rocksdb_pinnableslice_destroy(nint slice);

    [LibraryImport(Library)] public static partial nint rocksdb_create_snapshot(nint db);
    [LibraryImport(Library)] public static partial void rocksdb_release_snapshot(nint db, nint snapshot);

    [LibraryImport(Library)] public static partial nint rocksdb_create_iterator(RocksDbHandle db, RocksDbReadHandle options);
    [LibraryImport(Library)] public static partial void rocksdb_iter_destroy(nint iterator);
    [LibraryImport(Library)] public static partial byte rocksdb_iter_valid(RocksDbIteratorHandle iterator);
    [LibraryImport(Library)] public static partial void rocksdb_iter_seek(RocksDbIteratorHandle iterator, byte* key, nuint keyLength);
    [LibraryImport(Library)] public static partial void rocksdb_iter_seek_for_prev(RocksDbIteratorHandle iterator, byte* key, nuint keyLength);
    [LibraryImport(Library)] public static partial void rocksdb_iter_seek_to_last(RocksDbIteratorHandle iterator);
    [LibraryImport(Library)] public static partial void rocksdb_iter_next(RocksDbIteratorHandle iterator);
    [LibraryImport(Library)] public static partial void rocksdb_iter_prev(RocksDbIteratorHandle iterator);
    [LibraryImport(Library)] public static partial byte* rocksdb_iter_key(RocksDbIteratorHandle iterator, out nuint length);
    [LibraryImport(Library)] public static partial byte* rocksdb_iter_value(RocksDbIteratorHandle iterator, out nuint length);
    [LibraryImport(Library)] public static partial void rocksdb_iter_get_error(RocksDbIteratorHandle iterator, out nint error);
}
