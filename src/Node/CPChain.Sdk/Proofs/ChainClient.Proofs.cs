using System.Text.Json.Nodes;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>Evidence as the node hands it out; <see cref="VerifyingClient"/> checks it.</summary>
public sealed partial class ChainClient
{
    public Task<AccountProofInfo> GetProofAsync(
        Address address, IReadOnlyList<UInt256> slots, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("eth_getProof",
            [address.ToString(), new JsonArray([.. slots.Select(s => JsonValue.Create(Hex.Encode(s.ToBigEndian())))]), block.ToString()],
            ProofAnswers.Account, cancel);

    /// <summary>A header with its certificate; null when there is no such block yet.</summary>
    public Task<HeaderInfo?> GetHeaderAsync(BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("cpc_getHeader", [block.ToString()], static (r, e) => IsNull(e) ? null : ProofAnswers.Header(r, e), cancel);

    /// <summary>Where a transaction is, with proofs of it and of its receipt; null while it is in no block.</summary>
    public Task<TransactionProofInfo?> GetTransactionProofAsync(Hash256 hash, CancellationToken cancel = default) =>
        AskAsync("cpc_getTransactionProof", [hash.ToString()],
            static (r, e) => IsNull(e) ? null : ProofAnswers.Transaction(r, e), cancel);

    /// <summary>Chain id and hash of the genesis block, as the node says.</summary>
    public Task<(ulong ChainId, Hash256 GenesisHash)> GetChainIdentityAsync(CancellationToken cancel = default) =>
        AskAsync("cpc_nodeInfo", [], static (r, e) =>
            (ProofAnswers.Number(r, r.Member(e, "chainId")), r.Hash(r.Member(e, "genesisHash"))), cancel);

    /// <summary>
    /// Whose number this is, or, of one ahead of the next, would be if nothing before it is impeached; null where the node does not know yet.
    /// </summary>
    public Task<Address?> GetProposerAsync(ulong block, CancellationToken cancel = default) =>
        AskAsync("cpc_committee", [new UInt256(block).ToHexQuantity()],
            static (r, e) => IsNull(r.Member(e, "proposer")) ? (Address?)null : r.Address(r.Member(e, "proposer")), cancel);

    /// <summary>The validators of a block in the order of their seats, as the node says.</summary>
    public Task<IReadOnlyList<Address>> GetValidatorsAsync(ulong block, CancellationToken cancel = default) =>
        AskAsync("cpc_committee", [new UInt256(block).ToHexQuantity()],
            static (r, e) => r.List(r.Member(e, "validators"), r.Address), cancel);
}
