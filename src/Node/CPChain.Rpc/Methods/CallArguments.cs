using System.Text.Json;
using CPChain.Execution;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>Reads the transaction object of eth_call and eth_estimateGas.</summary>
internal static class CallArguments
{
    /// <summary>The call; a fault stays in the arguments.</summary>
    public static CallRequest Read(RpcArguments a, int index, ChainRules rules, ulong gasMax) =>
        Read(a, index, a.Required(index), rules, gasMax);

    /// <summary>The same of an object that lies within a parameter.</summary>
    public static CallRequest Read(RpcArguments a, int index, JsonElement json, ChainRules rules, ulong gasMax)
    {
        CallRequest request = new();
        if (a.Fault is not null) return request;
        if (json.ValueKind != JsonValueKind.Object)
        {
            a.Fail(index, "a transaction object is expected");
            return request;
        }
        ObjectFields fields = new(a, index, json);
        if (fields.Ulong("chainId") is { } id && id != rules.ChainId)
            a.Fail(index, $"chainId is {id}, this chain has {rules.ChainId}");
        if (rules.TransactionBlobsMax == 0 && json.TryGetProperty("blobVersionedHashes", out _))
            a.Fail(index, "blobs are not accepted on this chain");
        return request with
        {
            From = fields.Address("from") ?? Address.Zero,
            To = fields.Address("to"),
            GasLimit = Math.Min(fields.Ulong("gas") ?? gasMax, gasMax),
            MaxFeePerGas = fields.Quantity("maxFeePerGas") ?? fields.Quantity("gasPrice"),
            MaxPriorityFeePerGas = fields.Quantity("maxPriorityFeePerGas"),
            Value = fields.Quantity("value") ?? UInt256.Zero,
            Data = fields.Bytes("input") ?? fields.Bytes("data") ?? [],
            AccessList = CallLists.AccessList(fields),
            Authorizations = CallLists.Authorizations(fields),
            MaxFeePerBlobGas = fields.Quantity("maxFeePerBlobGas") ?? UInt256.Zero,
            BlobHashes = CallLists.BlobHashes(fields),
        };
    }
}
