using CPChain.Storage.Disks;

namespace CPChain.Storage;

/// <summary>
/// Free room under a directory, asked for before RocksDB writes files: builds with assertions, Debian's among them, abort the
/// process when a file of theirs cannot be written to its end (specs/storage S3).
/// </summary>
internal static class DiskRoom
{
    /// <summary>What opening, flushing or closing a store takes at most: all batches of a long commit log as tables, and logs.</summary>
    public const long BytesMin = 32 << 20;

    public static bool IsEnough(string directory) => IsEnough(FileSystemDisk.Instance, directory);

    public static bool IsEnough(IDisk disk, string directory) => disk.FreeBytes(directory) >= BytesMin;

    /// <summary>Throws a <see cref="StorageFailure"/> when it is not enough.</summary>
    public static void Demand(IDisk disk, string directory)
    {
        if (!IsEnough(disk, directory))
        {
            throw new StorageFailure(StorageFault.DiskFull, directory,
                $"the disk is full (less than {BytesMin >> 20} MiB are free); free space and start again");
        }
    }
}
