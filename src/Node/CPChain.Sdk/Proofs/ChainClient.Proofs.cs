using System.Text.Json;
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

    /// <summary>Several headers in one request, in the order of the numbers; null where there is no such block.</summary>
    public async Task<IReadOnlyList<HeaderInfo?>> GetHeadersAsync(IReadOnlyList<ulong> numbers, CancellationToken cancel = default)
    {
        IReadOnlyList<JsonElement> answers = await AskAllAsync(
            [.. numbers.Select(n => ("cpc_getHeader", new JsonArray(((BlockTag)n).ToString())))], cancel).ConfigureAwait(false);
        AnswerReader reader = new("cpc_getHeader");
        return [.. answers.Select(e => IsNull(e) ? null : ProofAnswers.Header(reader, e))];
    }

    /// <summary>Proofs of several accounts without slots in one request, in their order.</summary>
    public async Task<IReadOnlyList<AccountProofInfo>> GetProofsAsync(
        IReadOnlyList<Address> accounts, BlockTag block = default, CancellationToken cancel = default)
    {
        IReadOnlyList<JsonElement> answers = await AskAllAsync(
            [.. accounts.Select(a => ("eth_getProof", new JsonArray(a.ToString(), new JsonArray(), block.ToString())))], cancel).ConfigureAwait(false);
        AnswerReader reader = new("eth_getProof");
        return [.. answers.Select(e => ProofAnswers.Account(reader, e))];
    }

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
