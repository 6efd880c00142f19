using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>Parameters of contracts/src/Parameters.sol by name, with the values of the main network.</summary>
internal static class Parameter
{
    public const int TermBlocks = 0, RNodeDeposit = 1, CandidatesMax = 2, TermsPerClaim = 3, SlashPermille = 4, ReporterPermille = 5,
        JoiningOpen = 6, JoiningDeposit = 7, RNodeStay = 8, RNodeVersion = 9, CampaignVersion = 10, ProofAge = 11, CpuDifficulty = 12,
        MemoryDifficulty = 13, CongressMembersMin = 14, ProposalSupporters = 15, ProposalYesPercent = 16, ProposalDelay = 17, Count = 18;

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
