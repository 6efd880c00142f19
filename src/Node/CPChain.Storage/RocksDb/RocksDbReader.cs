using CPChain.Storage;

namespace CPChain.Storage.RocksDb;

/// <summary>Reads through one set of read options: the newest state, or a snapshot.</summary>
internal sealed unsafe class RocksDbReader(RocksDbHandle db, RocksDbReadHandle read, string location)
{
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value)
    {
        nint slice;
        nint error;
        fixed (byte* k = key)
        {
            slice = RocksDbNative.rocksdb_get_pinned(db, read, k, (nuint)key.Length, out error);
        }

        RocksDbErrors.Throw(location, error);
        if (slice == 0)
        {
            value = [];
            return false;
        }

        byte* bytes = RocksDbNative.rocksdb_pinnableslice_value(slice, out nuint length);
        value = new ReadOnlySpan<byte>(bytes, (int)length).ToArray();
        RocksDbNative.rocksdb_pinnableslice_destroy(slice);
        return true;
    }

    public IEnumerable<StoreEntry> Up(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from)
    {
        using RocksDbIteratorHandle cursor = new(db, read);
        SeekUp(cursor, KeyRange.Lowest(prefix, from).Span);
        while (TryRead(cursor, prefix.Span, out StoreEntry row))
        {
            yield return row;
            RocksDbNative.rocksdb_iter_next(cursor);
        }
    }

    public IEnumerable<StoreEntry> Down(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from)
    {
        using RocksDbIteratorHandle cursor = new(db, read);
        SeekDown(cursor, prefix.Span, from);
        while (TryRead(cursor, prefix.Span, out StoreEntry row))
        {
            yield return row;
            RocksDbNative.rocksdb_iter_prev(cursor);
        }
    }

    private static void SeekUp(RocksDbIteratorHandle cursor, ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            RocksDbNative.rocksdb_iter_seek(cursor, k, (nuint)key.Length);
        }
    }

    private static void SeekDown(RocksDbIteratorHandle cursor, ReadOnlySpan<byte> prefix, ReadOnlyMemory<byte>? from)
    {
        byte[]? end = KeyRange.After(prefix);
        bool fromIsLower = from is { } f && (end is null || f.Span.SequenceCompareTo(end) < 0);
        ReadOnlySpan<byte> key = fromIsLower ? from!.Value.Span : end;
        if (!fromIsLower && end is null)
        {
            RocksDbNative.rocksdb_iter_seek_to_last(cursor);
            return;
        }

        fixed (byte* k = key)
        {
            RocksDbNative.rocksdb_iter_seek_for_prev(cursor, k, (nuint)key.Length);
        }

        // The end of the prefix is itself outside of it.
        if (!fromIsLower && RocksDbNative.rocksdb_iter_valid(cursor) != 0
            && new ReadOnlySpan<byte>(RocksDbNative.rocksdb_iter_key(cursor, out nuint length), (int)length).SequenceEqual(end))
        {
            RocksDbNative.rocksdb_iter_prev(cursor);
        }
    }

    private bool TryRead(RocksDbIteratorHandle cursor, ReadOnlySpan<byte> prefix, out StoreEntry row)
    {
        row = default;
        if (RocksDbNative.rocksdb_iter_valid(cursor) == 0)
        {
            RocksDbNative.rocksdb_iter_get_error(cursor, out nint error);
            RocksDbErrors.Throw(location, error);
            return false;
        }

        ReadOnlySpan<byte> key = new(RocksDbNative.rocksdb_iter_key(cursor, out nuint keyLength), (int)keyLength);
        if (!key.StartsWith(prefix))
        {
            return false;
        }

        ReadOnlySpan<byte> value = new(RocksDbNative.rocksdb_iter_value(cursor, out nuint valueLength), (int)valueLength);
        row = new StoreEntry(key.ToArray(), value.ToArray());
        return true;
    }
}
