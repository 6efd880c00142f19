using System.Text.Json;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Rpc.Json;

/// <summary>A block as Ethereum tools read it, with time in seconds.</summary>
internal static class BlockJson
{
    public static void Write(Utf8JsonWriter json, Block block, bool withTransactions, IBlockForm form)
    {
        json.WriteStartObject();
        WriteMembers(json, block, withTransactions, form);
        json.WriteEndObject();
    }

    /// <summary>The members of a block, without the object around them; a simulated block names its own randomness.</summary>
    public static void WriteMembers(
        Utf8JsonWriter json, Block block, bool withTransactions, IBlockForm form, Hash256? prevRandao = null)
    {
        WriteHeader(json, block, form, prevRandao);
        json.WriteStartArray("transactions");
        for (int i = 0; i < block.Transactions.Length; i++)
        {
            if (withTransactions) TransactionJson.Write(json, block.Transactions[i], new Place(block.Header, i));
            else json.WriteStringValue(block.Transactions[i].Hash.ToString());
        }
        json.WriteEndArray();
        form.WriteBody(json, block);
    }

    public static void WriteHeader(Utf8JsonWriter json, Block block, IBlockForm form, Hash256? prevRandao = null)
    {
        BlockHeader header = block.Header;
        json.Quantity("number", header.Number);
        json.Hash("hash", block.Hash);
        json.Hash("parentHash", header.ParentHash);
        json.WriteString("logsBloom", header.LogsBloom.ToString());
        json.Hash("transactionsRoot", header.TransactionsRoot);
        json.Hash("stateRoot", header.StateRoot);
        json.Hash("receiptsRoot", header.ReceiptsRoot);
        json.Address("miner", header.Coinbase);
        json.Bytes("extraData", header.Extra.Span);
        json.Quantity("size", (ulong)form.Encode(block).Length);
        json.Quantity("gasLimit", header.GasLimit);
        json.Quantity("gasUsed", header.GasUsed);
        json.Quantity("timestamp", header.TimestampMs / 1000);
        form.WriteHeader(json, block, prevRandao);
    }
}

/// <summary>Where a transaction stands.</summary>
internal readonly record struct Place(BlockHeader Header, int Index);
