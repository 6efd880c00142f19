using CPChain.Sdk.Contracts;
using CPChain.Sdk.Contracts.Generated;

namespace CPChain.App.Proposing;

/// <summary>Refusals of campaign and admission in words (D12).</summary>
internal static class CampaignRefusals
{
    private const string Again = "search new proofs: cpchain campaign start does.";

    public static (string What, string Fix)? Of(ContractError error) => error switch
    {
        Campaign.NotRNodeError => (
            "the account is no RNode: it has no deposit, or too little is left of it.", "join first: cpchain rnode join."),
        Campaign.DefaultProposerCannotClaimError => (
            "the account is a default proposer, which takes empty seats anyway and never stands.", "claim with another account."),
        Campaign.StillCandidateError still => (
            $"the account stands on lists through that of term {still.LastList} already.",
            $"claim again in term {still.LastList}; 'cpchain campaign start --keep' does it by itself."),
        Campaign.ProofTooOldError old => (
            $"the proof is too old: it is of block {old.BlockNumber}, and block {old.Oldest} is the oldest that counts now.", Again),
        Campaign.ProofOfBlockAheadError ahead => (
            $"the proof is of block {ahead.BlockNumber}, which was not there yet.", "take a block that is there. " + Again),
        Campaign.ProofReplayedError replayed => (
            $"the proof was used before, or is older than the account's claim in block {replayed.ClaimedAt}: none serves twice.", Again),
        Campaign.CpuProofWrongError => (
            "the processor proof is wrong: its nonce does not fit account, block and difficulty.", Again),
        Campaign.MemoryProofWrongError => (
            "the memory proof is wrong: its nonce does not fit account, block and difficulty.", Again),
        Campaign.VerifierMissingError verifier => (
            $"this chain does not check proofs: nothing answers at {verifier.Verifier}.", "name a node of another chain with --rpc URL."),
        Campaign.WrongTermsError terms => (
            $"one claim is for 1 to {terms.Most} terms.", $"take --terms from 1 to {terms.Most}."),
        Campaign.CommitmentsMissingError missing => (
            $"the claim needs {missing.Needed} commitments, one a term.", "give one for each term, as 'cpchain campaign start' does."),
        Campaign.EmptyCommitmentError empty => (
            $"commitment {empty.Index} is zero.", "commit to a secret, as 'cpchain campaign start' does."),
        Campaign.ListFullError full => ($"the list of term {full.Term} is full.", "claim in a later term."),
        Campaign.VersionTooOldError old => ($"the chain asks for version {old.Supported} of this program.", "use a newer program."),
        DporViews.TermUnknownError unknown => (
            $"of term {unknown.Term} the chain knows nothing: it is too long ago, or not decided yet.", "ask for another term."),
        _ => null,
    };
}
