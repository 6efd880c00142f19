using CPChain.Ledger;
using CPChain.Storage;

namespace CPChain.EndToEnd.Leaks;

/// <summary>All that a run leaves on disks: every file as it is, and every row of every store, whose files may be compressed.</summary>
internal static class KeptFolder
{
    private const int ChainNodes = 8;

    /// <summary>Searches everything but the buyer's own copy of the readings, and the passphrase file for the passphrase.</summary>
    public static void Search(string folder, LeakDetector detector, ISet<Leak> found)
    {
        string[] owned = [Path.Combine(folder, "received.csv"), Path.Combine(folder, "passphrase")];
        string[] paths = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        foreach (string path in paths.Except(owned)) detector.Search(Path.GetRelativePath(folder, path), File.ReadAllBytes(path), found);

        // Opening a store changes its files, so this comes after.
        string[] stores = [.. paths.Where(path => Path.GetFileName(path) == "CURRENT").Select(path => Path.GetDirectoryName(path)!)];
        Assert.Equal(ChainNodes, stores.Length);
        foreach (string store in stores) SearchStore(store, Path.GetRelativePath(folder, store), detector, found);
    }

    private static void SearchStore(string directory, string where, LeakDetector detector, ISet<Leak> found)
    {
        using RocksDbStore store = RocksDbStore.Open(directory, ChainLedger.Format);
        foreach (StoreEntry row in store.Scan(ReadOnlyMemory<byte>.Empty))
        {
            detector.Search($"a key in {where}", row.Key, found);
            detector.Search($"a value in {where}", row.Value, found);
        }
    }
}
