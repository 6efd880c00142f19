using Microsoft.Win32.SafeHandles;

namespace CPChain.Storage.RocksDb;

/// <summary>An open database; closed when the last snapshot, iterator and call on it are done.</summary>
internal sealed class RocksDbHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly string _directory;

    public RocksDbHandle(nint db, string directory)
        : base(ownsHandle: true)
    {
        _directory = directory;
        SetHandle(db);
    }

    protected override bool ReleaseHandle()
    {
        // Closing writes tables. On a full disk that would abort the process; the commit log has every batch.
        if (DiskRoom.IsEnough(_directory)) RocksDbNative.rocksdb_close(handle);
        return true;
    }
}

/// <summary>Read options, with or without a snapshot. Holds the database open: RocksDB aborts when closed with a snapshot out.</summary>
internal sealed class RocksDbReadHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly RocksDbHandle _db;
    private readonly nint _snapshot;

    public RocksDbReadHandle(RocksDbHandle db, bool frozen)
        : base(ownsHandle: true)
    {
        bool held = false;
        db.DangerousAddRef(ref held);
        _db = db;
        nint options = RocksDbNative.rocksdb_readoptions_create();
        if (frozen)
        {
            _snapshot = RocksDbNative.rocksdb_create_snapshot(db.DangerousGetHandle());
            RocksDbNative.rocksdb_readoptions_set_snapshot(options, _snapshot);
        }

        SetHandle(options);
    }

    protected override bool ReleaseHandle()
    {
        RocksDbNative.rocksdb_readoptions_destroy(handle);
        if (_snapshot != 0)
        {
            RocksDbNative.rocksdb_release_snapshot(_db.DangerousGetHandle(), _snapshot);
        }

        _db.DangerousRelease();
        return true;
    }
}

/// <summary>A cursor; it holds its read options, and through them the database, open.</summary>
internal sealed class RocksDbIteratorHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly RocksDbReadHandle _read;

    public RocksDbIteratorHandle(RocksDbHandle db, RocksDbReadHandle read)
        : base(ownsHandle: true)
    {
        bool held = false;
        read.DangerousAddRef(ref held);
        _read = read;
        try
        {
            SetHandle(RocksDbNative.rocksdb_create_iterator(db, read));
        }
        catch (ObjectDisposedException)
        {
            read.DangerousRelease();
            throw;
        }
    }

    protected override bool ReleaseHandle()
    {
        RocksDbNative.rocksdb_iter_destroy(handle);
        _read.DangerousRelease();
        return true;
    }
}
