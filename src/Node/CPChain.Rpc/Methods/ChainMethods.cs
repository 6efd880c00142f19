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
        table.Add("eth_syncing", _ => Syncing(node));
    }

    private static RpcAnswer Syncing(RpcNode node)
    {
        ulong current = node.Chain.Head.Number;
        if (node.HighestKnown() is not { } highest || highest <= current + 1) return RpcAnswer.Flag(false);
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.Quantity("startingBlock", 0UL);
            json.Quantity("currentBlock", current);
            json.Quantity("highestBlock", highest);
            json.WriteEndObject();
        });
    }
}
