using CPChain.Crypto;
using CPChain.Rpc.Protocol;

namespace CPChain.Rpc.Methods;

/// <summary>web3_*: about the client itself.</summary>
internal static class Web3Methods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        table.Add("web3_clientVersion", _ => RpcAnswer.Text(node.ClientVersion));
        table.Add("web3_sha3", a =>
        {
            byte[] data = a.Bytes(0);
            return a.Fault is { } fault ? fault : RpcAnswer.Text(Keccak256.Hash(data).ToString());
        });
        table.Add("rpc_modules", _ => RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            foreach (string module in table.Names.Select(n => n[..n.IndexOfAny(['_', '.'])]).Distinct())
                json.WriteString(module, "1.0");
            json.WriteEndObject();
        }));
    }
}
