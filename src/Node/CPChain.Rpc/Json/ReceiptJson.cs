using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Ledger.Logs;
using CPChain.Types;

namespace CPChain.Rpc.Json;

/// <summary>Receipts and logs as Ethereum tools read them.</summary>
internal static class ReceiptJson
{
    /// <summary>Writes the receipt of the transaction at an index of a block.</summary>
    public static void Write(Utf8JsonWriter json, Block block, ImmutableArray<Receipt> receipts, int index, IBlockForm form)
    {
        Transaction transaction = block.Transactions[index];
        Receipt receipt = receipts[index];
        json.WriteStartObject();
        json.Hash("transactionHash", transaction.Hash);
        json.Quantity("transactionIndex", (ulong)index);
        json.Hash("blockHash", block.Hash);
        json.Quantity("blockNumber", block.Header.Number);
        json.Address("from", transaction.TryRecoverSender(out Address sender) ? sender : null);
        json.Address("to", transaction.To);
        json.Address("contractAddress", receipt.ContractAddress);
        json.Quantity("type", (ulong)receipt.Type);
        form.WriteReceipt(json, block, receipts, index);
        json.Quantity("cumulativeGasUsed", receipt.CumulativeGasUsed);
        json.Quantity("gasUsed", receipt.GasUsed);
        json.Quantity("effectiveGasPrice", receipt.EffectiveGasPrice);
        json.WriteString("logsBloom", receipt.Bloom.ToString());
        json.WriteStartArray("logs");
        int logIndex = FirstLogIndex(receipts, index);
        foreach (LogEntry log in receipt.Logs) WriteLog(json, Place(log, block, index, logIndex++));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteLog(Utf8JsonWriter json, FoundLog found)
    {
        json.WriteStartObject();
        json.Address("address", found.Log.Address);
        json.WriteStartArray("topics");
        foreach (Hash256 topic in found.Log.Topics) json.WriteStringValue(topic.ToString());
        json.WriteEndArray();
        json.Bytes("data", found.Log.Data.Span);
        json.Quantity("blockNumber", found.Number);
        json.Hash("transactionHash", found.TransactionHash);
        json.Quantity("transactionIndex", (ulong)found.TransactionIndex);
        json.Hash("blockHash", found.BlockHash);
        json.Quantity("blockTimestamp", found.TimestampMs / 1000);
        json.Quantity("logIndex", (ulong)found.LogIndex);
        json.WriteBoolean("removed", false);
        json.WriteEndObject();
    }

    /// <summary>The logs of a block; they are counted through all its receipts.</summary>
    public static IEnumerable<FoundLog> LogsOf(Block block, ImmutableArray<Receipt> receipts)
    {
        int logIndex = 0;
        for (int index = 0; index < receipts.Length; index++)
        {
            foreach (LogEntry log in receipts[index].Logs) yield return Place(log, block, index, logIndex++);
        }
    }

    private static FoundLog Place(LogEntry log, Block block, int index, int logIndex) => new(
        log, block.Header.Number, block.Hash, block.Transactions[index].Hash, index, logIndex, block.Header.TimestampMs);

    private static int FirstLogIndex(ImmutableArray<Receipt> receipts, int index)
    {
        int first = 0;
        for (int i = 0; i < index; i++) first += receipts[i].Logs.Length;
        return first;
    }
}
