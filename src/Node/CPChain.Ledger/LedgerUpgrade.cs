using CPChain.Ledger.Rows;
using CPChain.Storage;

namespace CPChain.Ledger;

/// <summary>Takes over stores of earlier format versions (specs/storage L1).</summary>
internal static class LedgerUpgrade
{
    /// <summary>Version 1 wrote the nodes with every block and has no row that says so.</summary>
    public static void Run(IKeyValueStore store, LedgerReader reader, ulong head)
    {
        if (reader.NumberAt(LedgerKeys.Nodes, "the row of the trie") is not null)
        {
            return;
        }

        WriteBatch batch = new();
        batch.Put(LedgerKeys.Nodes, LedgerValues.EncodeNumber(head));
        batch.Put(StoreFormat.Key, ChainLedger.Format.Encode());
        store.Write(batch, durable: true);
    }
}
