using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>What a client needs to trust the validators' keys and no node: headers with their certificates, proofs of inclusion.</summary>
internal static class EvidenceMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        table.Add("cpc_getHeader", a => Header(a, node.Chain));
        table.Add("cpc_getTransactionProof", a => TransactionProof(a, node.Chain));
    }

    private static RpcAnswer Header(RpcArguments a, ChainReader chain)
    {
        BlockSelector selector = a.Block(0);
        if (a.Fault is { } fault) return fault;
        if (chain.HeaderOf(selector) is not { } header) return RpcAnswer.Null;
        byte[]? certificate = chain.Source.CertificateOf(header.Number);
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("number", header.Number);
            json.Hash("hash", header.Hash);
            json.WriteString("header", Hex.Encode(header.Encode()));
            if (certificate is null) json.WriteNull("certificate");
            else json.WriteString("certificate", Hex.Encode(certificate));
            json.WriteStartArray("nextValidators");
            foreach (Address validator in chain.ValidatorsOf(header.Number + 1) ?? []) json.WriteStringValue(validator.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static RpcAnswer TransactionProof(RpcArguments a, ChainReader chain)
    {
        Hash256 hash = a.Hash(0);
        if (a.Fault is { } fault) return fault;
        if (chain.FindTransaction(hash) is not { } found) return RpcAnswer.Null;
        byte[][] transactions = [.. found.Block.Transactions.Select(t => t.Encode())];
        byte[][] receipts = [.. chain.ReceiptsOf(found.Block).Select(r => r.EncodeConsensus())];
        ImmutableArray<ReadOnlyMemory<byte>> transactionProof = IndexedTrie.Prove(transactions, found.Index);
        ImmutableArray<ReadOnlyMemory<byte>> receiptProof = IndexedTrie.Prove(receipts, found.Index);
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("blockNumber", found.Block.Header.Number);
            json.WriteNumber("index", found.Index);
            WriteNodes(json, "transactionProof", transactionProof);
            WriteNodes(json, "receiptProof", receiptProof);
            json.WriteEndObject();
        });
    }

    private static void WriteNodes(Utf8JsonWriter json, string name, ImmutableArray<ReadOnlyMemory<byte>> nodes)
    {
        json.WriteStartArray(name);
        foreach (ReadOnlyMemory<byte> node in nodes) json.WriteStringValue(Hex.Encode(node.Span));
        json.WriteEndArray();
    }
}
