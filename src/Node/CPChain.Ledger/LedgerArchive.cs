using CPChain.Ledger.Rows;
using CPChain.Storage;

namespace CPChain.Ledger;

/// <summary>Whether a store keeps the state of every block (specs/storage L11).</summary>
internal static class LedgerArchive
{
    /// <summary>
    /// Makes the store an archive from its head on where that is asked for; refuses to prune one. A new archive has everything, since
    /// block 0 has no state before it.
    /// </summary>
    public static void Claim(IKeyValueStore store, LedgerReader reader, ulong head, LedgerOptions options)
    {
        ulong? from = reader.NumberAt(LedgerKeys.Archive, "the row of the archive");
        if (from is null && options.IsArchive)
        {
            WriteBatch batch = new();
            batch.Put(LedgerKeys.Archive, LedgerValues.EncodeNumber(head));
            store.Write(batch, durable: true);
        }

        if (from is { } first && !options.IsArchive)
        {
            throw new StorageFailure(StorageFault.Archive, store.Location,
                $"holds an archive of every state from block {first} on, which a node that is no archive would prune; "
                + "start with --archive, or choose another directory");
        }
    }
}
