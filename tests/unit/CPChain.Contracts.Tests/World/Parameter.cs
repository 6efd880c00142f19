using CPChain.Types;
using Name = CPChain.Sdk.Contracts.ContractParameter;

namespace CPChain.Contracts.Tests.World;

/// <summary>Parameters of contracts/src/Parameters.sol by name, with the values of the main network written out: what genesis places is compared with them.</summary>
internal static class Parameter
{
    public const int
        TermBlocks = (int)Name.TermBlocks, RNodeDeposit = (int)Name.RNodeDeposit, CandidatesMax = (int)Name.CandidatesMax,
        TermsPerClaim = (int)Name.TermsPerClaim, SlashPermille = (int)Name.SlashPermille, ReporterPermille = (int)Name.ReporterPermille,
        JoiningOpen = (int)Name.JoiningOpen, JoiningDeposit = (int)Name.JoiningDeposit, RNodeStay = (int)Name.RNodeStay,
        RNodeVersion = (int)Name.RNodeVersion, CampaignVersion = (int)Name.CampaignVersion, ProofAge = (int)Name.ProofAge,
        CpuDifficulty = (int)Name.CpuDifficulty, MemoryDifficulty = (int)Name.MemoryDifficulty, CongressMembersMin = (int)Name.CongressMembersMin,
        ProposalSupporters = (int)Name.ProposalSupporters, ProposalYesPercent = (int)Name.ProposalYesPercent, ProposalDelay = (int)Name.ProposalDelay,
        Count = ProposalDelay + 1;

    public static IReadOnlyList<(int Id, UInt256 Value)> Defaults { get; } =
    [
        (TermBlocks, EconomyWorld.TermBlocks),
        (RNodeDeposit, EconomyWorld.Cpc(200_000)),
        (CandidatesMax, 5_000UL),
        (TermsPerClaim, 3UL),
        (SlashPermille, 500UL),
        (ReporterPermille, 50UL),
        (JoiningOpen, 1UL),
        (JoiningDeposit, EconomyWorld.Cpc(200_000)),
        (RNodeStay, 100 * EconomyWorld.Minute),
        (RNodeVersion, 1UL),
        (CampaignVersion, 1UL),
        (ProofAge, 10UL),
        (CpuDifficulty, 12UL),
        (MemoryDifficulty, 6UL),
        (CongressMembersMin, 11UL),
        (ProposalSupporters, 100UL),
        (ProposalYesPercent, 67UL),
        (ProposalDelay, 2 * EconomyWorld.Day),
    ];
}
