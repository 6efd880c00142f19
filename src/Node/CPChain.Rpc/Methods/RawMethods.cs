using System.Collections.Immutable;
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
        table.Add("debug_getRawHeader", a => Find(a, chain, block => RpcAnswer.Bytes(chain.Form.Encode(block.Header))));
        table.Add("debug_getRawBlock", a => Find(a, chain, block => RpcAnswer.Bytes(chain.Form.Encode(block))));
        table.Add("debug_getRawReceipts", a => Find(a, chain, block => RpcAnswer.Of(json =>
        {
            ImmutableArray<Receipt> receipts = chain.ReceiptsOf(block);
            json.WriteStartArray();
            for (int i = 0; i < receipts.Length; i++) json.WriteStringValue(Hex.Encode(chain.Form.EncodeReceipt(block, receipts, i)));
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
