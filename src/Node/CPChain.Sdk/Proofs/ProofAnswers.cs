using System.Text.Json;
using CPChain.Types;

namespace CPChain.Sdk.Proofs;

/// <summary>A slot with its proof, as eth_getProof answers; nothing of it is believed.</summary>
public sealed record SlotProofInfo(UInt256 Slot, UInt256 Value, IReadOnlyList<ReadOnlyMemory<byte>> Proof);

/// <summary>An account with proofs, as eth_getProof answers (EIP-1186); nothing of it is believed.</summary>
public sealed record AccountProofInfo(
    Address Address, Account Account, IReadOnlyList<ReadOnlyMemory<byte>> Proof, IReadOnlyList<SlotProofInfo> Slots);

/// <summary>A header with its certificate and the validators of the next block, as cpc_getHeader answers; nothing of it is believed.</summary>
public sealed record HeaderInfo(byte[] Header, byte[] Certificate, IReadOnlyList<Address> NextValidators);

/// <summary>Where a transaction is, with proofs, as cpc_getTransactionProof answers; nothing of it is believed.</summary>
public sealed record TransactionProofInfo(
    ulong BlockNumber, ulong Index, IReadOnlyList<ReadOnlyMemory<byte>> Transaction, IReadOnlyList<ReadOnlyMemory<byte>> Receipt);

/// <summary>Reads the answers.</summary>
internal static class ProofAnswers
{
    public static AccountProofInfo Account(AnswerReader r, JsonElement e) => new(
        r.Address(r.Member(e, "address")),
        new Account(r.Ulong(r.Member(e, "nonce")), r.Quantity(r.Member(e, "balance")), r.Hash(r.Member(e, "codeHash")),
            r.Hash(r.Member(e, "storageHash"))),
        Nodes(r, r.Member(e, "accountProof")), r.List(r.Member(e, "storageProof"), s => Slot(r, s)));

    public static HeaderInfo Header(AnswerReader r, JsonElement e)
    {
        JsonElement certificate = r.Member(e, "certificate");
        return new HeaderInfo(r.Bytes(r.Member(e, "header")),
            certificate.ValueKind == JsonValueKind.Null ? [] : r.Bytes(certificate),
            r.List(r.Member(e, "nextValidators"), r.Address));
    }

    public static TransactionProofInfo Transaction(AnswerReader r, JsonElement e) => new(
        Number(r, r.Member(e, "blockNumber")), Number(r, r.Member(e, "index")),
        Nodes(r, r.Member(e, "transactionProof")), Nodes(r, r.Member(e, "receiptProof")));

    private static SlotProofInfo Slot(AnswerReader r, JsonElement e) => new(
        r.Quantity(r.Member(e, "key")), r.Quantity(r.Member(e, "value")), Nodes(r, r.Member(e, "proof")));

    private static IReadOnlyList<ReadOnlyMemory<byte>> Nodes(AnswerReader r, JsonElement e) =>
        r.List(e, node => new ReadOnlyMemory<byte>(r.Bytes(node)));

    internal static ulong Number(AnswerReader r, JsonElement e) =>
        e.ValueKind == JsonValueKind.Number && e.TryGetUInt64(out ulong number) ? number : throw r.Bad("a number is missing");
}
