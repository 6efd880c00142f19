namespace CPChain.Storage.RocksDb;

/// <summary>Memory and file bounds of one store; the defaults suit 8 to 20 stores on one machine.</summary>
/// <param name="WriteBufferBytes">Size at which recent rows move from memory to a table file.</param>
/// <param name="OpenFilesMax">Table files held open.</param>
/// <param name="InfoLogBytesMax">Size of RocksDB's own LOG file before it is replaced; one old one is kept.</param>
public sealed record RocksDbOptions(
    int WriteBufferBytes = 4 << 20,
    int OpenFilesMax = 64,
    int InfoLogBytesMax = 256 << 10)
{
    /// <summary>Bytes of the block cache, which all stores of the process share.</summary>
    public const int SharedCacheBytes = 32 << 20;

    // Refuses damage instead of dropping what follows it; only stores that were made without a commit log have content there.
    private const int TolerateCorruptedTailRecords = 0;
    private const int WarnLevel = 2;

    // Rows of a chain are seldom overwritten. Over 80,000 idle blocks this style wrote 3.3 KB for each 1.1 KB block, levelled
    // compaction 3.9 KB and rising.
    private const int UniversalCompaction = 1;

    private const int TwoLevelIndex = 2;
    private const int FilterBitsPerKey = 10;

    /// <summary>
    /// Filters and indices in pieces of 4 KB. In one piece those of a table of a million rows take a megabyte, which the cache cannot
    /// hold beside others: each read of a row then read and checked them again.
    /// </summary>
    internal static void SetTables(nint table)
    {
        RocksDbNative.rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1);
        RocksDbNative.rocksdb_block_based_options_set_index_type(table, TwoLevelIndex);
        RocksDbNative.rocksdb_block_based_options_set_partition_filters(table, 1);
        RocksDbNative.rocksdb_block_based_options_set_pin_top_level_index_and_filter(table, 1);
        RocksDbNative.rocksdb_block_based_options_set_filter_policy(
            table, RocksDbNative.rocksdb_filterpolicy_create_bloom_full(FilterBitsPerKey));
    }

    internal void Set(nint options)
    {
        RocksDbNative.rocksdb_options_set_create_if_missing(options, 1);
        RocksDbNative.rocksdb_options_set_paranoid_checks(options, 1);
        RocksDbNative.rocksdb_options_set_wal_recovery_mode(options, TolerateCorruptedTailRecords);
        RocksDbNative.rocksdb_options_set_write_buffer_size(options, (nuint)WriteBufferBytes);
        RocksDbNative.rocksdb_options_set_arena_block_size(options, 64 << 10);
        RocksDbNative.rocksdb_options_set_max_write_buffer_number(options, 2);
        RocksDbNative.rocksdb_options_set_max_open_files(options, OpenFilesMax);
        RocksDbNative.rocksdb_options_set_max_background_jobs(options, 2);
        RocksDbNative.rocksdb_options_set_compaction_style(options, UniversalCompaction);
        RocksDbNative.rocksdb_options_set_max_manifest_file_size(options, 1 << 20);
        RocksDbNative.rocksdb_options_set_manifest_preallocation_size(options, 64 << 10);
        RocksDbNative.rocksdb_options_set_keep_log_file_num(options, 2);
        RocksDbNative.rocksdb_options_set_max_log_file_size(options, (nuint)InfoLogBytesMax);
        RocksDbNative.rocksdb_options_set_info_log_level(options, WarnLevel);
        RocksDbNative.rocksdb_options_set_stats_dump_period_sec(options, 0);
        RocksDbNative.rocksdb_options_set_stats_persist_period_sec(options, 0);
    }
}
