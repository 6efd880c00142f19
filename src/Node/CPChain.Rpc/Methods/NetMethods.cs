using System.Globalization;
using CPChain.Rpc.Protocol;

namespace CPChain.Rpc.Methods;

/// <summary>net_*: the network that the node is in.</summary>
internal static class NetMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        table.Add("net_version", _ => RpcAnswer.Text(node.Chain.Rules.ChainId.ToString(CultureInfo.InvariantCulture)));
        table.Add("net_listening", _ => RpcAnswer.Flag(true));
        table.Add("net_peerCount", _ => RpcAnswer.Quantity((ulong)node.Peers().Count));
    }
}
