using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Contracts.Tests.World;
using CPChain.Dpor;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Contracts.Tests.Genesis;

/// <summary>Block 0 of a chain with DPoR: D15, D17, ECO-29.</summary>
public sealed class EconomyGenesisTests
{
    private static readonly EconomyDistribution s_paper = EconomyDistribution.Paper(Team, [new(Actor(1), Cpc(1_000_000))], Bank);

    [Fact]
    public void ECO_29_D15_there_are_a_billion_coins_in_their_parts()
    {
        foreach (EconomyGenesis genesis in new[] { Main with { Distribution = s_paper }, Short with { Distribution = s_paper } })
        {
            ImmutableArray<GenesisAccount> accounts = genesis.Accounts();
            Assert.Equal(Cpc(1_000_000_000), accounts.Aggregate(UInt256.Zero, static (sum, one) => sum + one.Balance));
            Assert.Equal(
                new Dictionary<Address, UInt256>
                {
                    [SystemContracts.Reserve.Address] = Cpc(400_000_000),
                    [SystemContracts.Vesting.Address] = Cpc(200_000_000),
                    [Actor(1)] = Cpc(1_000_000),
                    [Bank] = Cpc(399_000_000),
                },
                accounts.Where(static one => !one.Balance.IsZero).ToDictionary(static one => one.Address, static one => one.Balance));
            Assert.Equal(accounts.Select(static one => one.Address).Distinct().Order(), accounts.Select(static one => one.Address));
            Assert.Equal(accounts, genesis.Accounts(), static (a, b) =>
                a with { Storage = [] } == b with { Storage = [] } && a.Storage.SequenceEqual(b.Storage));
        }
    }

    [Fact]
    public void D15_the_reserve_covers_every_block_reward()
    {
        Assert.True(Eras.SupplyThrough(DporParameters.Main, ulong.MaxValue) <= s_paper.Reserve);
        Assert.Equal(Cpc(122_219_971) + Cpc(2) / 10UL, Eras.SupplyThrough(DporParameters.Main, ulong.MaxValue));
    }

    [Fact]
    public void D15_who_gets_the_rest_may_be_listed_and_may_get_nothing()
    {
        Assert.Equal([new(Actor(1), Cpc(1)), new(Bank, Cpc(399_999_999))],
            EconomyDistribution.Paper(Team, [new(Bank, Cpc(7)), new(Actor(1), Cpc(1))], Bank).Community);
        Assert.Equal([new(Actor(1), Cpc(400_000_000))], EconomyDistribution.Paper(Team, [new(Actor(1), Cpc(400_000_000))], Bank).Community);
        Assert.Throws<InvariantViolation>(() => EconomyDistribution.Paper(Team, [new(Actor(1), Cpc(400_000_000) + UInt256.One)], Bank));
    }

    [Fact]
    public void ECO_29_one_unit_more_or_less_is_refused()
    {
        UInt256 unit = UInt256.One;
        Assert.Equal("distribution.sum", FaultOf(s_paper with { Reserve = s_paper.Reserve - unit }));
        Assert.Equal("distribution.sum", FaultOf(s_paper with { Reserve = s_paper.Reserve + unit }));
        Assert.Equal("distribution.reserve", FaultOf(s_paper with { Reserve = EconomyGenesis.Supply + unit }));
        Assert.Equal("distribution.reserve", FaultOf(s_paper with { Reserve = UInt256.MaxValue }));
        Assert.Null(FaultOf(s_paper with { Reserve = EconomyGenesis.Supply, Team = [], Community = [] }));
        Assert.Throws<InvariantViolation>(() => (Main with { Distribution = s_paper with { Team = [] } }).Accounts());
    }

    [Fact]
    public void D15_holders_are_distinct_accounts_without_code()
    {
        UInt256 all = Cpc(400_000_000);
        foreach (SystemContract contract in SystemContracts.All.Concat(SystemContracts.Economy))
            Assert.Equal("distribution.community[0]", FaultOf(s_paper with { Community = [new(contract.Address, all)] }));
        Assert.Equal("distribution.community[0]", FaultOf(s_paper with { Community = [new(Address.Zero, all)] }));
        Assert.Equal("distribution.community[1]", FaultOf(s_paper with { Community = [new(Bank, all / 2UL), new(Bank, all / 2UL)] }));
        Assert.Equal("distribution.community[1]", FaultOf(s_paper with { Community = [new(Bank, all), new(Actor(1), UInt256.Zero)] }));
        Assert.Equal("distribution.community[0]", FaultOf(s_paper with { Community = [new(Bank, UInt256.MaxValue), new(Actor(1), all + UInt256.One)] }));
        Assert.Equal("distribution.team[0]", FaultOf(s_paper with { Team = [new(SystemContracts.Vesting.Address, Cpc(200_000_000))] }));
        Assert.Equal("distribution.community", FaultOf(s_paper with { Community = default }));
        Assert.Equal("distribution.vesting.stepSeconds", FaultOf(s_paper with { Vesting = new VestingPlan(0, 4) }));
        Assert.Equal("distribution.vesting.stepSeconds", FaultOf(s_paper with { Vesting = new VestingPlan(1_000_000_001, 4) }));
        Assert.Equal("distribution.vesting.batches", FaultOf(s_paper with { Vesting = new VestingPlan(1, 0) }));
        Assert.Equal("distribution.vesting.batches", FaultOf(s_paper with { Vesting = new VestingPlan(1, 101) }));
        Assert.Null(FaultOf(s_paper with { Vesting = VestingPlan.ThreeYears }));
    }

    [Fact]
    public void D17_validators_are_3f_and_1_and_no_default_proposers()
    {
        Assert.Null(Main.Fault());
        foreach (int count in new[] { 0, 1, 3, 5, 6, 65, 67 })
            Assert.Equal("validators", (Main with { Validators = Set(count) }).Fault()?.Field);
        foreach (int count in new[] { 4, 7, 64 })
            Assert.Null((Main with { Validators = Set(count) }).Fault());
        Assert.Equal("validators[3]", (Main with { Validators = [.. Set(3), Set(1)[0]] }).Fault()?.Field);
        Assert.Equal("validators[3]", (Main with { Validators = [.. Set(3), new(Address.Zero)] }).Fault()?.Field);
        Assert.Equal("validators[3]", (Main with { Validators = [.. Set(3), new(Actor(1), (Nominator)4)] }).Fault()?.Field);
        Assert.Equal("defaultProposers", (Main with { DefaultProposers = [] }).Fault()?.Field);
        Assert.Equal("defaultProposers", (Main with { DefaultProposers = [.. Enumerable.Range(0, 65).Select(Actor)] }).Fault()?.Field);
        Assert.Null((Main with { DefaultProposers = [.. Enumerable.Range(0, 64).Select(Actor)] }).Fault());
        Assert.Equal("defaultProposers[1]", (Main with { DefaultProposers = [DefaultProposer, Validators[2]] }).Fault()?.Field);
        Assert.Equal("defaultProposers[1]", (Main with { DefaultProposers = [DefaultProposer, DefaultProposer] }).Fault()?.Field);
        Assert.Equal("foundation", (Main with { Foundation = Address.Zero }).Fault()?.Field);
        Assert.Equal("foundation", (Main with { Foundation = SystemContracts.Reserve.Address }).Fault()?.Field);
        Assert.Equal("parameters.seats", (Main with { Parameters = DporParameters.Main with { Seats = 0 } }).Fault()?.Field);
        Assert.Equal("settings.proofAge", (Main with { Settings = EconomySettings.Main with { ProofAge = 0 } }).Fault()?.Field);
    }

    [Fact]
    public void DPR_21_the_first_validators_have_nominators()
    {
        using EconomyWorld world = new();
        foreach (Address validator in Validators) Assert.Equal((ulong)Nominator.Foundation, world.Uint(Sys.ValidatorSet, "nominatorOf", validator));
    }

    private static ImmutableArray<GenesisValidator> Set(int count) =>
        [.. Enumerable.Range(7_000, count).Select(static i => new GenesisValidator(Actor(i)))];

    private static string? FaultOf(EconomyDistribution distribution) => (Main with { Distribution = distribution }).Fault()?.Field;
}
