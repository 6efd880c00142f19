using CPChain.Chain;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_*: transactions, on the chain and in the pool.</summary>
internal static class TransactionMethods
{
    public const string Send = "eth_sendRawTransaction";

    public static void Add(MethodTable table, RpcNode node)
    {
        ChainReader chain = node.Chain;
        table.Add("eth_getTransactionByHash", a => ByHash(a, node));
        table.Add("eth_getTransactionReceipt", a => ReceiptOf(a, chain));
        table.Add("eth_getTransactionByBlockNumberAndIndex", a => ByIndex(a, chain, a.Block(0)));
        table.Add("eth_getTransactionByBlockHashAndIndex", a => ByIndex(a, chain, new BlockSelector(null, a.Hash(0), false)));
        table.Add("eth_getRawTransactionByHash", a => RawByHash(a, node));
        table.AddAsync(Send, a => SendAsync(a, node));
    }

    private static RpcAnswer ByHash(RpcArguments a, RpcNode node)
    {
        Hash256 hash = a.Hash(0);
        if (a.Fault is { } fault) return fault;
        if (node.Chain.FindTransaction(hash) is { } found)
            return RpcAnswer.Of(json => TransactionJson.Write(json, found.Block.Transactions[found.Index], new Place(found.Block.Header, found.Index)));
        return node.Pool.Find(hash) is { } waiting
            ? RpcAnswer.Of(json => TransactionJson.Write(json, waiting, null))
            : RpcAnswer.Null;
    }

    private static RpcAnswer RawByHash(RpcArguments a, RpcNode node)
    {
        Hash256 hash = a.Hash(0);
        if (a.Fault is { } fault) return fault;
        Transaction? found = node.Chain.FindTransaction(hash) is { } place
            ? place.Block.Transactions[place.Index]
            : node.Pool.Find(hash);
        return found is null ? RpcAnswer.Null : RpcAnswer.Bytes(found.Encoded.Span);
    }

    private static RpcAnswer ReceiptOf(RpcArguments a, ChainReader chain)
    {
        Hash256 hash = a.Hash(0);
        if (a.Fault is { } fault) return fault;
        if (chain.FindTransaction(hash) is not { } found) return RpcAnswer.Null;
        return RpcAnswer.Of(json => ReceiptJson.Write(json, found.Block, chain.ReceiptsOf(found.Block), found.Index, chain.Form));
    }

    private static RpcAnswer ByIndex(RpcArguments a, ChainReader chain, BlockSelector selector)
    {
        ulong index = a.Quantity(1);
        if (a.Fault is { } fault) return fault;
        if (chain.BlockOf(selector) is not { } block || index >= (ulong)block.Transactions.Length) return RpcAnswer.Null;
        Place place = new(block.Header, (int)index);
        return RpcAnswer.Of(json => TransactionJson.Write(json, block.Transactions[place.Index], place));
    }

    /// <summary>The hash goes out only after the pool's journal holds the transaction: what is acknowledged is durable.</summary>
    private static async ValueTask<RpcAnswer> SendAsync(RpcArguments a, RpcNode node)
    {
        byte[] encoded = a.Bytes(0);
        if (a.Fault is { } fault) return fault;
        PoolAnswer answer = SentTogether.Of(a, node) is { } transaction
            ? await node.Pool.SubmitAsync(transaction, a.Cancel).ConfigureAwait(false)
            : await node.Pool.SubmitAsync(encoded, a.Cancel).ConfigureAwait(false);
        return answer.IsAccepted ? RpcAnswer.Text(answer.Hash.ToString()) : RpcFault.Server(answer.Fault.Text);
    }
}
