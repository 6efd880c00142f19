using CPChain.Sdk.Elections;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>Questions about elections; what is answered is believed. <see cref="TermVerifier"/> believes nothing.</summary>
public sealed partial class ChainClient
{
    /// <summary>The committee of a term, as the state of a block has it; of the present term when none is named.</summary>
    public Task<CommitteeInfo> GetCommitteeAsync(ulong? term, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("dpor_getCommittee", [Quantity(term), block.ToString()], ElectionAnswers.Committee, cancel);

    /// <summary>Term, view and seat of a number, by default the one after the block, and whose that one is.</summary>
    public Task<TermInfo> GetTermAsync(ulong? number = null, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("dpor_getTerm", [Quantity(number), block.ToString()], ElectionAnswers.Term, cancel);

    /// <summary>Reputation of an account.</summary>
    public Task<ReputationInfo> GetReputationAsync(Address account, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("dpor_getRpt", [account.ToString(), block.ToString()], ElectionAnswers.Reputation, cancel);

    private static string? Quantity(ulong? number) => number is { } there ? new UInt256(there).ToHexQuantity() : null;
}
