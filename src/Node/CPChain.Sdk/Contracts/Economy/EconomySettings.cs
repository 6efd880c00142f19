using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>
/// The numbers of D3 that contracts alone go by; those that elections read too are in <see cref="DporParameters"/>. Bounds are
/// those of D3 and of contracts/src/Parameters.sol, so that governance can come back to what genesis has set.
/// </summary>
public sealed record EconomySettings
{
    /// <summary>Lists that one claim enters, at most, and the bound of it.</summary>
    public const int TermsPerClaimMax = 3;

    /// <summary>Age of a proof's block, at most: as many blocks as the machine knows hashes of.</summary>
    public const int ProofAgeBound = 256;

    /// <summary>How many times the RNode deposit the joining deposit may be.</summary>
    public const ulong JoiningFactorMax = 25;

    private const ulong Hour = 3_600, Day = 86_400;

    /// <summary>The least deposit of an economy node, base units; 1 to 10^9 CPC (ECO-02).</summary>
    public required UInt256 EconomyDeposit { get; init; }

    /// <summary>Lists that one claim enters, at most; 1 to 3.</summary>
    public required int TermsPerClaim { get; init; }

    /// <summary>Part of a deposit that two seals cost, 0 to 1,000 per mille (D16).</summary>
    public required int SlashPermille { get; init; }

    /// <summary>Part of what is taken that goes to who reported it, 0 to 1,000 per mille (D16).</summary>
    public required int ReporterPermille { get; init; }

    /// <summary>Whether RNodes may join.</summary>
    public required bool JoiningOpen { get; init; }

    /// <summary>The least deposit of who joins, base units; 1 to 25 times the RNode deposit.</summary>
    public required UInt256 JoiningDeposit { get; init; }

    /// <summary>How long an RNode stays at least, 0 to 86,400 seconds (ECO-10).</summary>
    public required ulong RNodeStaySeconds { get; init; }

    /// <summary>The oldest version that may join; 1 at least.</summary>
    public required uint RNodeVersion { get; init; }

    /// <summary>The oldest version that may claim; 1 at least.</summary>
    public required uint CampaignVersion { get; init; }

    /// <summary>How old the block of a proof may be, 1 to 256 blocks (D12).</summary>
    public required int ProofAge { get; init; }

    /// <summary>Work of a processor proof, 1 to 64 bits (D12).</summary>
    public required int CpuDifficulty { get; init; }

    /// <summary>Work of a memory proof, 1 to 64 bits (D12).</summary>
    public required int MemoryDifficulty { get; init; }

    /// <summary>With fewer members of the congress nothing is proposed; 11 to 1,000.</summary>
    public required int CongressMembersMin { get; init; }

    /// <summary>So many economy nodes bring a proposal before the congress; 10 to 10,000.</summary>
    public required int ProposalSupporters { get; init; }

    /// <summary>Part of the congress that decides, 51 to 100 per cent.</summary>
    public required int ProposalYesPercent { get; init; }

    /// <summary>From a decision to its execution, an hour to 30 days, in seconds.</summary>
    public required ulong ProposalDelaySeconds { get; init; }

    /// <summary>The main network's numbers.</summary>
    public static EconomySettings Main { get; } = new()
    {
        EconomyDeposit = Units.Cpc * 20_000UL,
        TermsPerClaim = 3,
        SlashPermille = 500,
        ReporterPermille = 50,
        JoiningOpen = true,
        JoiningDeposit = Units.Cpc * 200_000UL,
        RNodeStaySeconds = 6_000,
        RNodeVersion = 1,
        CampaignVersion = 1,
        ProofAge = 10,
        CpuDifficulty = 12,
        MemoryDifficulty = 6,
        CongressMembersMin = 11,
        ProposalSupporters = 100,
        ProposalYesPercent = 67,
        ProposalDelaySeconds = 2 * Day,
    };

    /// <summary>For devnets and tests, beside <see cref="DporParameters.Short"/>. Of the congress what the contract takes as least.</summary>
    public static EconomySettings Short { get; } = Main with
    {
        EconomyDeposit = Units.Cpc * 2UL,
        JoiningDeposit = Units.Cpc * 20UL,
        RNodeStaySeconds = 20,
        CpuDifficulty = 4,
        MemoryDifficulty = 2,
        ProposalSupporters = 10,
        ProposalDelaySeconds = Hour,
    };

    /// <summary>The first number outside its bounds, by field and reason; null when all are within.</summary>
    /// <param name="parameters">What elections go by; without a fault itself.</param>
    public (string Field, string Reason)? Fault(DporParameters parameters)
    {
        (string Field, UInt256 Value, UInt256 Least, UInt256 Most)[] ranges =
        [
            ("economyDeposit", EconomyDeposit, UInt256.One, EconomyGenesis.Supply),
            ("joiningDeposit", JoiningDeposit, parameters.RNodeDeposit, parameters.RNodeDeposit * JoiningFactorMax),
            ("termsPerClaim", Unsigned(TermsPerClaim), 1, TermsPerClaimMax),
            ("slashPermille", Unsigned(SlashPermille), 0, 1_000),
            ("reporterPermille", Unsigned(ReporterPermille), 0, 1_000),
            ("rnodeStaySeconds", RNodeStaySeconds, 0, Day),
            ("rnodeVersion", RNodeVersion, 1, uint.MaxValue),
            ("campaignVersion", CampaignVersion, 1, uint.MaxValue),
            ("proofAge", Unsigned(ProofAge), 1, ProofAgeBound),
            ("cpuDifficulty", Unsigned(CpuDifficulty), 1, 64),
            ("memoryDifficulty", Unsigned(MemoryDifficulty), 1, 64),
            ("congressMembersMin", Unsigned(CongressMembersMin), 11, 1_000),
            ("proposalSupporters", Unsigned(ProposalSupporters), 10, 10_000),
            ("proposalYesPercent", Unsigned(ProposalYesPercent), 51, 100),
            ("proposalDelaySeconds", ProposalDelaySeconds, Hour, 30 * Day),
        ];
        foreach ((string field, UInt256 value, UInt256 least, UInt256 most) in ranges)
        {
            if (value < least || value > most)
                return (field, $"must be from {least} to {most}");
        }
        return null;
    }

    // A negative number becomes larger than any bound.
    private static UInt256 Unsigned(int value) => value < 0 ? UInt256.MaxValue : (UInt256)(ulong)value;
}
