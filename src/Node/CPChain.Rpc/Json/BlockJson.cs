using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Rpc.Json;

/// <summary>A block as Ethereum tools read it: time in seconds, and the constants of a chain without work and uncles.</summary>
internal static class BlockJson
{
    /// <summary>Keccak-256 of the RLP of an empty list.</summary>
    private const string NoUncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

    public static void Write(Utf8JsonWriter json, Block block, bool withTransactions)
    {
        json.WriteStartObject();
        WriteMembers(json, block, withTransactions);
        json.WriteEndObject();
    }

    /// <summary>The members of a block, without the object around them; a simulated block names its own randomness.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Block block, bool withTransactions, Hash256? prevRandao = null)
    {
        WriteHeader(json, block, prevRandao);
        json.WriteStartArray("transactions");
        for (int i = 0; i < block.Transactions.Length; i++)
        {
            if (withTransactions) TransactionJson.Write(json, block.Transactions[i], new Place(block.Header, i));
            else json.WriteStringValue(block.Transactions[i].Hash.ToString());
        }
        json.WriteEndArray();
        json.WriteStartArray("uncles");
        json.WriteEndArray();
    }

    public static void WriteHeader(Utf8JsonWriter json, Block block, Hash256? prevRandao = null)
    {
        BlockHeader header = block.Header;
        json.Quantity("number", header.Number);
        json.Hash("hash", block.Hash);
        json.Hash("parentHash", header.ParentHash);
        json.WriteString("nonce", "0x0000000000000000");
        json.WriteString("sha3Uncles", NoUncles);
        json.WriteString("logsBloom", header.LogsBloom.ToString());
        json.Hash("transactionsRoot", header.TransactionsRoot);
        json.Hash("stateRoot", header.StateRoot);
        json.Hash("receiptsRoot", header.ReceiptsRoot);
        json.Address("miner", header.Coinbase);
        json.WriteString("difficulty", "0x0");
        json.Bytes("extraData", header.Extra.Span);
        json.Quantity("size", (ulong)block.Encode().Length);
        json.Quantity("gasLimit", header.GasLimit);
        json.Quantity("gasUsed", header.GasUsed);
        json.Quantity("timestamp", header.TimestampMs / 1000);
        json.Quantity("baseFeePerGas", header.BaseFeePerGas);
        json.Hash("mixHash", prevRandao ?? PrevRandao.Of(header.ParentHash, header.Number));
    }
}

/// <summary>Where a transaction stands.</summary>
internal readonly record struct Place(BlockHeader Header, int Index);
