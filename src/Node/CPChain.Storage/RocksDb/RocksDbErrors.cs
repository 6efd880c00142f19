using System.Runtime.InteropServices;

namespace CPChain.Storage.RocksDb;

/// <summary>Turns RocksDB's status text into a typed failure.</summary>
internal static class RocksDbErrors
{
    public static void Throw(string path, nint error)
    {
        if (error == 0)
        {
            return;
        }

        string text = Marshal.PtrToStringUTF8(error) ?? "unknown error";
        RocksDbNative.rocksdb_free(error);
        throw Describe(path, text);
    }

    internal static StorageFailure Describe(string path, string text)
    {
        if (text.Contains("lock", StringComparison.OrdinalIgnoreCase)
            && text.Contains("LOCK", StringComparison.Ordinal))
        {
            return new StorageFailure(StorageFault.Locked, path,
                $"the store is open already ({text}); stop the other cpchain that uses this directory");
        }

        if (StorageFailure.IsFullMessage(text))
        {
            return new StorageFailure(StorageFault.DiskFull, path, $"the disk is full ({text}); free space and start again");
        }

        return text.StartsWith("Corruption", StringComparison.Ordinal)
            ? new StorageFailure(StorageFault.Corrupt, path,
                $"stored data is damaged ({text}); restore the directory from a copy, or delete it and let the node fetch the chain again")
            : new StorageFailure(StorageFault.Io, path, text);
    }
}
