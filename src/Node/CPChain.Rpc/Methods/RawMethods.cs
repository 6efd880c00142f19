using CPChain.Chain;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>debug_getRaw*: blocks, headers, receipts and transactions in the bytes that their hashes cover.</summary>
internal static class RawMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        ChainReader chain = node.Chain;
        table.Add("debug_getRawHeader", a => Find(a, chain, static block => RpcAnswer.Bytes(block.Header.Encode())));
        table.Add("debug_getRawBlock", a => Find(a, chain, static block => RpcAnswer.Bytes(block.Encode())));
        table.Add("debug_getRawReceipts", a => Find(a, chain, block => RpcAnswer.Of(json =>
        {
            json.WriteStartArray();
            foreach (Receipt receipt in chain.ReceiptsOf(block)) json.WriteStringValue(Hex.Encode(receipt.EncodeConsensus()));
            json.WriteEndArray();
        })));
        table.Add("debug_getRawTransaction", a => Transaction(a, node));
    }

    private static RpcAnswer Find(RpcArguments a, ChainReader chain, Func<Block, RpcAnswer> show)
    {
        a.Required(0);
        BlockSelector selector = a.Block(0);
        if (a.Fault is { } fault) return fault;
        return chain.BlockOf(selector) is { } block ? show(block) : RpcFault.NoSuchBlock;
    }

    // Nothing is no bytes, as Ethereum clients say it.
    private static RpcAnswer Transaction(RpcArguments a, RpcNode node)
    {
        Hash256 hash = a.Hash(0);
        if (a.Fault is { } fault) return fault;
        Transaction? found = node.Chain.FindTransaction(hash) is { } place ? place.Block.Transactions[place.Index] : node.Pool.Find(hash);
        return found is null ? RpcAnswer.Bytes([]) : RpcAnswer.Bytes(found.Encoded.Span);
    }
}
