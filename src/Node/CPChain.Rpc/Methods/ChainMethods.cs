using System.Text.Json;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;

namespace CPChain.Rpc.Methods;

/// <summary>eth_*: identity and progress of the chain.</summary>
internal static class ChainMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        table.Add("eth_chainId", _ => RpcAnswer.Quantity(node.Chain.Rules.ChainId));
        table.Add("eth_blockNumber", _ => RpcAnswer.Quantity(node.Chain.Head.Number));
        table.Add("eth_protocolVersion", _ => RpcAnswer.Text("0x1"));
        table.Add("eth_mining", _ => RpcAnswer.Flag(false));
        table.Add("eth_hashrate", _ => RpcAnswer.Quantity(0UL));
        // The node keeps no key that answers requests: accounts live in the wallets of their owners.
        table.Add("eth_accounts", _ => RpcAnswer.Of(static json =>
        {
            json.WriteStartArray();
            json.WriteEndArray();
        }));
        table.Add("eth_syncing", _ => RpcAnswer.Of(json => WriteSyncing(json, node)));
    }

    /// <summary>Whether peers state a head that is more than the block in the making ahead.</summary>
    public static bool IsSyncing(RpcNode node) => node.HighestKnown() is { } highest && highest > node.Chain.Head.Number + 1;

    /// <summary>False, or how far the node is.</summary>
    public static void WriteSyncing(Utf8JsonWriter json, RpcNode node)
    {
        ulong current = node.Chain.Head.Number;
        if (node.HighestKnown() is not { } highest || highest <= current + 1)
        {
            json.WriteBooleanValue(false);
            return;
        }
        json.WriteStartObject();
        json.Quantity("startingBlock", 0UL);
        json.Quantity("currentBlock", current);
        json.Quantity("highestBlock", highest);
        json.WriteEndObject();
    }
}
