using CPChain.Contracts.Tests.World;
using CPChain.Dpor;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Genesis;

/// <summary>D3: numbers of contracts that genesis sets within bounds, which are those of governance.</summary>
public sealed class EconomySettingsTests
{
    private static readonly UInt256 s_unit = UInt256.One;

    private static readonly Dictionary<ContractParameter, (string Field, Func<EconomySettings, UInt256, EconomySettings> Set)> s_governed = new()
    {
        [ContractParameter.JoiningDeposit] = ("joiningDeposit", static (s, v) => s with { JoiningDeposit = v }),
        [ContractParameter.RNodeStay] = ("rnodeStaySeconds", static (s, v) => s with { RNodeStaySeconds = (ulong)v }),
        [ContractParameter.ProofAge] = ("proofAge", static (s, v) => s with { ProofAge = (int)v }),
        [ContractParameter.CpuDifficulty] = ("cpuDifficulty", static (s, v) => s with { CpuDifficulty = (int)v }),
        [ContractParameter.MemoryDifficulty] = ("memoryDifficulty", static (s, v) => s with { MemoryDifficulty = (int)v }),
        [ContractParameter.CongressMembersMin] = ("congressMembersMin", static (s, v) => s with { CongressMembersMin = (int)v }),
        [ContractParameter.ProposalSupporters] = ("proposalSupporters", static (s, v) => s with { ProposalSupporters = (int)v }),
        [ContractParameter.ProposalYesPercent] = ("proposalYesPercent", static (s, v) => s with { ProposalYesPercent = (int)v }),
        [ContractParameter.ProposalDelay] = ("proposalDelaySeconds", static (s, v) => s with { ProposalDelaySeconds = (ulong)v }),
    };

    [Fact]
    public void D3_both_profiles_are_within_their_bounds()
    {
        Assert.Null(EconomySettings.Main.Fault(DporParameters.Main));
        Assert.Null(EconomySettings.Short.Fault(DporParameters.Short));
        Assert.Equal("joiningDeposit", EconomySettings.Main.Fault(DporParameters.Short)?.Field);
    }

    [Fact]
    public void D3_genesis_takes_exactly_what_governance_may_set()
    {
        using EconomyWorld world = new();
        foreach ((ContractParameter name, (string field, Func<EconomySettings, UInt256, EconomySettings> set)) in s_governed)
        {
            object[] range = world.View(Sys.Parameters, "rangeOf", (int)name);
            (UInt256 least, UInt256 most) = ((UInt256)range[0], (UInt256)range[1]);
            Assert.Null(FaultOf(set(EconomySettings.Main, least)));
            Assert.Null(FaultOf(set(EconomySettings.Main, most)));
            Assert.Equal((field, $"must be from {least} to {most}"), FaultOf(set(EconomySettings.Main, most + s_unit)));
            if (!least.IsZero) Assert.Equal(field, FaultOf(set(EconomySettings.Main, least - s_unit))?.Field);
        }
        // The rest of what governance may change: a switch, and versions that begin at 1.
        Assert.Equal(
            [ContractParameter.JoiningOpen, ContractParameter.RNodeVersion, ContractParameter.CampaignVersion],
            Enum.GetValues<ContractParameter>().Where(static name => name >= ContractParameter.JoiningOpen).Except(s_governed.Keys));
        Assert.Equal("rnodeVersion", FaultOf(EconomySettings.Main with { RNodeVersion = 0 })?.Field);
        Assert.Equal("campaignVersion", FaultOf(EconomySettings.Main with { CampaignVersion = 0 })?.Field);
        Assert.Null(FaultOf(EconomySettings.Main with { RNodeVersion = uint.MaxValue, CampaignVersion = uint.MaxValue, JoiningOpen = false }));
    }

    [Fact]
    public void D3_what_only_genesis_sets_has_its_bounds_too()
    {
        EconomySettings main = EconomySettings.Main;
        (string Field, EconomySettings[] Good, EconomySettings[] Bad)[] cases =
        [
            ("economyDeposit", [main with { EconomyDeposit = s_unit }, main with { EconomyDeposit = EconomyGenesis.Supply }],
                [main with { EconomyDeposit = UInt256.Zero }, main with { EconomyDeposit = EconomyGenesis.Supply + s_unit }]),
            ("termsPerClaim", [main with { TermsPerClaim = 1 }, main with { TermsPerClaim = 3 }],
                [main with { TermsPerClaim = 0 }, main with { TermsPerClaim = 4 }, main with { TermsPerClaim = -1 }]),
            ("slashPermille", [main with { SlashPermille = 0 }, main with { SlashPermille = 1_000 }],
                [main with { SlashPermille = -1 }, main with { SlashPermille = 1_001 }]),
            ("reporterPermille", [main with { ReporterPermille = 0 }, main with { ReporterPermille = 1_000 }],
                [main with { ReporterPermille = int.MinValue }, main with { ReporterPermille = 1_001 }]),
        ];
        foreach ((string field, EconomySettings[] good, EconomySettings[] bad) in cases)
        {
            Assert.All(good, one => Assert.Null(FaultOf(one)));
            Assert.All(bad, one => Assert.Equal(field, FaultOf(one)?.Field));
        }
    }

    private static (string Field, string Reason)? FaultOf(EconomySettings settings) => settings.Fault(DporParameters.Main);
}
