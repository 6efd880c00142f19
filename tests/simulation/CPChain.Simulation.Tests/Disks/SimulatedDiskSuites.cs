using CPChain.Simulation.Disks;
using CPChain.Storage;
using CPChain.Storage.Disks;
using CPChain.Storage.Tests.Disks;
using CPChain.Storage.Tests.Stores;

namespace CPChain.Simulation.Tests.Disks;

/// <summary>The disk in memory passes what the file system passes.</summary>
public sealed class SimulatedDiskComplianceTests : DiskSuite
{
    private readonly SimulatedDisk _disk = new(seed: 1);

    protected override IDisk Disk => _disk;

    protected override string Root
    {
        get
        {
            _disk.CreateDirectory("/disk");
            return "/disk";
        }
    }

    public override void Dispose()
    {
    }
}

/// <summary>The store on it passes what RocksDB passes; its crash is a loss of power of which the cache survives nothing.</summary>
public sealed class SimulatedStoreComplianceTests : KeyValueStoreSuite
{
    private readonly SimulatedDisk _disk = new(seed: 1);
    private int _copies;

    protected override IKeyValueStore Open() => SimulatedStore.Open(_disk, "/store", Format);

    // The suite goes on with the first store, so the crash happens to a copy of its disk.
    protected override IKeyValueStore OpenAfterCrash(IKeyValueStore store, StoreFormat format)
    {
        SimulatedDisk copy = _disk.Copy((ulong)_copies++);
        copy.LosePower();
        copy.Start(CacheLoss.All);
        return SimulatedStore.Open(copy, "/store", format);
    }

    public override void Dispose()
    {
    }
}
