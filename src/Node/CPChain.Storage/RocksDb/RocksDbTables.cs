using CPChain.Storage.Sectors;

namespace CPChain.Storage.RocksDb;

/// <summary>
/// RocksDB as sorted tables on disk, without its write-ahead log: a batch may be lost with the process until
/// <see cref="Flush"/>, whole batches from the end backwards. Each batch leaves its sequence, so that the owner's log
/// knows what is missing.
/// </summary>
internal sealed unsafe class RocksDbTables(RocksDbHandle db, RocksDbReader newest, string directory) : IStoreTables
{
    public RocksDbHandle Handle => db;

    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => newest.TryGet(key, out value);

    public void Apply(WriteBatch batch, ReadOnlySpan<byte> sequence)
    {
        nint native = RocksDbNative.rocksdb_writebatch_create();
        nint options = RocksDbNative.rocksdb_writeoptions_create();
        try
        {
            for (int i = 0; i < batch.Count; i++)
            {
                if (batch.IsDelete(i))
                {
                    Delete(native, batch.Key(i));
                }
                else
                {
                    Put(native, batch.Key(i), batch.Value(i));
                }
            }

            Put(native, IStoreTables.SequenceKey, sequence);
            RocksDbNative.rocksdb_writeoptions_disable_WAL(options, 1);
            RocksDbNative.rocksdb_write(db, options, native, out nint error);
            RocksDbErrors.Throw(directory, error);
        }
        finally
        {
            RocksDbNative.rocksdb_writeoptions_destroy(options);
            RocksDbNative.rocksdb_writebatch_destroy(native);
        }
    }

    /// <summary>Returns when all batches are in tables on the disk.</summary>
    public void Flush()
    {
        nint options = RocksDbNative.rocksdb_flushoptions_create();
        RocksDbNative.rocksdb_flushoptions_set_wait(options, 1);
        RocksDbNative.rocksdb_flush(db, options, out nint error);
        RocksDbNative.rocksdb_flushoptions_destroy(options);
        RocksDbErrors.Throw(directory, error);
    }

    /// <summary>Opens the tables in a directory, making them when absent.</summary>
    public static RocksDbHandle Open(string directory, RocksDbOptions bounds, nint cache)
    {
        nint options = RocksDbNative.rocksdb_options_create();
        nint table = RocksDbNative.rocksdb_block_based_options_create();
        try
        {
            RocksDbNative.rocksdb_block_based_options_set_block_cache(table, cache);
            RocksDbOptions.SetTables(table);
            RocksDbNative.rocksdb_options_set_block_based_table_factory(options, table);
            bounds.Set(options);
            nint db = RocksDbNative.rocksdb_open(options, directory, out nint error);
            RocksDbErrors.Throw(directory, error);
            return new RocksDbHandle(db, directory);
        }
        finally
        {
            RocksDbNative.rocksdb_block_based_options_destroy(table);
            RocksDbNative.rocksdb_options_destroy(options);
        }
    }

    private static void Put(nint batch, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value)
        {
            RocksDbNative.rocksdb_writebatch_put(batch, k, (nuint)key.Length, v, (nuint)value.Length);
        }
    }

    private static void Delete(nint batch, ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            RocksDbNative.rocksdb_writebatch_delete(batch, k, (nuint)key.Length);
        }
    }
}
