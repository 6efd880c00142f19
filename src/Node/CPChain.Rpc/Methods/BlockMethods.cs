using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;

namespace CPChain.Rpc.Methods;

/// <summary>eth_*: blocks and their receipts.</summary>
internal static class BlockMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        ChainReader chain = node.Chain;
        table.Add("eth_getBlockByNumber", a =>
        {
            a.Required(0);
            return Show(a, chain, a.Block(0), a.Flag(1, false));
        });
        table.Add("eth_getBlockByHash", a => Show(a, chain, new BlockSelector(null, a.Hash(0), false), a.Flag(1, false)));
        table.Add("eth_getBlockTransactionCountByNumber", a => Count(a, chain, a.Block(0)));
        table.Add("eth_getBlockTransactionCountByHash", a => Count(a, chain, new BlockSelector(null, a.Hash(0), false)));
        table.Add("eth_getUncleCountByBlockNumber", a => Uncles(a, chain, a.Block(0)));
        table.Add("eth_getUncleCountByBlockHash", a => Uncles(a, chain, new BlockSelector(null, a.Hash(0), false)));
        table.Add("eth_getBlockReceipts", a => Receipts(a, chain));
    }

    private static RpcAnswer Show(RpcArguments a, ChainReader chain, BlockSelector selector, bool withTransactions)
    {
        if (a.Fault is { } fault) return fault;
        return chain.BlockOf(selector) is { } block
            ? RpcAnswer.Of(json => BlockJson.Write(json, block, withTransactions, chain.Form))
            : RpcAnswer.Null;
    }

    private static RpcAnswer Count(RpcArguments a, ChainReader chain, BlockSelector selector)
    {
        if (a.Fault is { } fault) return fault;
        return chain.BlockOf(selector) is { } block ? RpcAnswer.Quantity((ulong)block.Transactions.Length) : RpcAnswer.Null;
    }

    private static RpcAnswer Uncles(RpcArguments a, ChainReader chain, BlockSelector selector)
    {
        if (a.Fault is { } fault) return fault;
        return chain.BlockOf(selector) is { } block ? RpcAnswer.Quantity((ulong)chain.Form.UnclesOf(block)) : RpcAnswer.Null;
    }

    private static RpcAnswer Receipts(RpcArguments a, ChainReader chain)
    {
        a.Required(0);
        BlockSelector selector = a.Block(0);
        if (a.Fault is { } fault) return fault;
        if (chain.BlockOf(selector) is not { } block) return RpcAnswer.Null;
        ImmutableArray<Receipt> receipts = chain.ReceiptsOf(block);
        return RpcAnswer.Of(json =>
        {
            json.WriteStartArray();
            for (int i = 0; i < receipts.Length; i++) ReceiptJson.Write(json, block, receipts, i, chain.Form);
            json.WriteEndArray();
        });
    }
}
