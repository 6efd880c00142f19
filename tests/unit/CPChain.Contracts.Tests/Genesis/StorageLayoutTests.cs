using CPChain.Chain;
using CPChain.Contracts.Tests.World;
using CPChain.Dpor;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;
using Rules = CPChain.Dpor.Slots;
using Slots = CPChain.Contracts.Tests.World.Slots;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Contracts.Tests.Genesis;

/// <summary>What genesis writes and what the rules of elections read lies where the compiler keeps it.</summary>
public sealed class StorageLayoutTests
{
    private static readonly Address s_account = Actor(5);

    private static readonly EconomyGenesis s_genesis = Short with
    {
        OriginSeconds = 1_234_567,
        Validators = [.. Validators.Select(static (one, i) => new GenesisValidator(one, (Nominator)(1 + i % 3)))],
        DefaultProposers = [DefaultProposer, Actor(8_001)],
    };

    [Fact]
    public void D3_parameters_lie_by_their_names()
    {
        StorageLayout layout = StorageLayout.Of(SystemContracts.Parameters);
        Assert.Equal(UInt256.Zero, layout.Slot("values", $"uint256[{Enum.GetValues<ContractParameter>().Length}]"));
        Assert.Equal(Parameter.Count, Enum.GetValues<ContractParameter>().Length);
        Dictionary<UInt256, UInt256> words = WordsOf(SystemContracts.Parameters, Main);
        Assert.Equal(Parameter.Defaults.Select(static row => ((UInt256)(ulong)row.Id, row.Value)),
            words.OrderBy(static word => word.Key).Select(static word => (word.Key, word.Value)));
    }

    [Fact]
    public void D14_the_plan_of_the_economy_pool_has_every_field_in_its_place()
    {
        StorageLayout layout = StorageLayout.Of(SystemContracts.EconomyPool);
        Dictionary<UInt256, UInt256> words = WordsOf(SystemContracts.EconomyPool, s_genesis);
        UInt256 first = layout.Slot("plan", "struct EconomyPool.Plan");
        SeasonTimes season = s_genesis.Parameters.Season;
        foreach ((string name, UInt256 value) in new (string, UInt256)[]
        {
            ("origin", s_genesis.OriginSeconds), ("raising", season.RaiseSeconds), ("locked", season.LockSeconds), ("settling", season.SettleSeconds),
            ("seasonPool", season.SeasonPool), ("yearPool", season.YearPool), ("minDeposit", Cpc(2)), ("yearLength", season.YearSeconds),
        })
            Assert.Equal(value, layout.Member(words, "EconomyPool.Plan", first, name));
        Assert.Equal(3, words.Count);
    }

    [Fact]
    public void D15_plan_and_grants_of_vesting_lie_in_their_places()
    {
        StorageLayout layout = StorageLayout.Of(SystemContracts.Vesting);
        Dictionary<UInt256, UInt256> words = WordsOf(SystemContracts.Vesting, s_genesis);
        UInt256 plan = layout.Slot("plan", "struct Vesting.Plan");
        UInt256 grant = Slots.Of(Team, layout.Slot("grants", "mapping(address => struct Vesting.Grant)"));
        Assert.Equal(
            [s_genesis.OriginSeconds, 365 * Day, 4UL, Cpc(200_000_000), 0UL],
            new UInt256[]
            {
                layout.Member(words, "Vesting.Plan", plan, "start"), layout.Member(words, "Vesting.Plan", plan, "step"),
                layout.Member(words, "Vesting.Plan", plan, "batches"), layout.Member(words, "Vesting.Grant", grant, "total"),
                layout.Member(words, "Vesting.Grant", grant, "taken"),
            });
        Assert.Equal(2, words.Count);
    }

    [Fact]
    public void D17_validators_nominators_and_default_proposers_lie_in_their_places()
    {
        StorageLayout layout = StorageLayout.Of(SystemContracts.ValidatorSet);
        Dictionary<UInt256, UInt256> words = WordsOf(SystemContracts.ValidatorSet, s_genesis);
        UInt256 current = layout.Slot("current", "address[]");
        UInt256 nominators = layout.Slot("nominatorOf", "mapping(address => enum ValidatorSet.Nominator)");
        Assert.Equal((ulong)Validators.Length, words[current]);
        for (int i = 0; i < Validators.Length; i++)
        {
            Assert.Equal(Validators[i].ToUInt256(), words[Slots.Elements(current) + (ulong)i]);
            Assert.Equal((ulong)(1 + i % 3), words[Slots.Of(Validators[i], nominators)]);
        }
        // Every set is kept by its hash, the first one too.
        UInt256 byHash = layout.Slot("setsByHash", "mapping(bytes32 => address[])");
        UInt256 kept = Rules.Mapping(CommitteeSchedule.HashOf([.. Validators]).ToUInt256(), byHash);
        Assert.Equal((ulong)Validators.Length, words[kept]);
        for (int i = 0; i < Validators.Length; i++)
            Assert.Equal(Validators[i].ToUInt256(), words[Slots.Elements(kept) + (ulong)i]);
        Assert.Equal(2 + 3 * Validators.Length, words.Count);
        Assert.Equal(Rules.RNodes, StorageLayout.Of(SystemContracts.RNodePool).Slot("list", "address[]"));

        words = WordsOf(SystemContracts.Campaign, s_genesis);
        UInt256 defaults = StorageLayout.Of(SystemContracts.Campaign).Slot("isDefaultProposer", "mapping(address => bool)");
        Assert.Equal(s_genesis.DefaultProposers.Select(one => Slots.Of(one, defaults)).Order(), words.Keys.Order());
        Assert.All(words.Values, static value => Assert.Equal(UInt256.One, value));
    }

    [Fact]
    public void Contracts_without_first_words_begin_empty()
    {
        foreach (SystemContract contract in SystemContracts.All.Concat(SystemContracts.Economy).Except(
            [SystemContracts.Parameters, SystemContracts.EconomyPool, SystemContracts.Vesting, SystemContracts.ValidatorSet, SystemContracts.Campaign]))
            Assert.Empty(WordsOf(contract, s_genesis));
    }

    [Fact]
    public void D5_the_end_of_block_step_writes_where_the_views_of_Dpor_read()
    {
        StorageLayout layout = StorageLayout.Of(SystemContracts.Dpor);
        const string OfAccount = "mapping(address => uint256)", OfRing = "mapping(uint256 => uint256)",
            OfBoth = "mapping(address => mapping(uint256 => uint256))", Lists = "mapping(uint256 => uint256[])";
        const ulong Term = 37, Ring = Term % Rules.Ring;
        Assert.Equal(Slots.Of(s_account, layout.Slot("penalties", OfAccount)), Rules.Penalties(s_account));
        Assert.Equal(Slots.Of(Ring, Slots.Of(s_account, layout.Slot("deeds", OfBoth))), Rules.Deeds(s_account, Term));
        Assert.Equal(Slots.Of(Ring, Slots.Of(s_account, layout.Slot("money", OfBoth))), Rules.Money(s_account, Term));
        Assert.Equal(Slots.Of(Ring, layout.Slot("totals", OfRing)), Rules.Totals(Term));
        Assert.Equal(Slots.Of(Ring, layout.Slot("rolls", Lists)), Rules.Roll(Term));
        Assert.Equal(Slots.Of(Ring, layout.Slot("committees", Lists)), Rules.Committee(Term));
        Assert.Equal(Slots.Of(s_account, layout.Slot("elected", OfAccount)), Rules.LastElected(s_account));
        Assert.Equal(layout.Slot("mix", "bytes32"), Rules.Mix);
        Assert.Equal(Slots.Of(Ring, layout.Slot("seeds", "mapping(uint256 => bytes32)")), Rules.Seed(Term));
        Assert.Equal(layout.Slot("schedule", "uint256"), Rules.Schedule);
    }

    [Fact]
    public void D7_elections_read_where_the_contracts_keep_deposits_lists_and_sets()
    {
        const ulong Term = 37;
        StorageLayout layout = StorageLayout.Of(SystemContracts.RNodePool);
        UInt256 member = Slots.Of(s_account, layout.Slot("members", "mapping(address => struct RNodeMembers.Member)"));
        Assert.Equal(member, Rules.Deposit(s_account));
        Assert.Equal((UInt256.Zero, 0, 16), layout.Place("RNodeMembers.Member", "deposit"));

        layout = StorageLayout.Of(SystemContracts.Campaign);
        Assert.Equal(Slots.Of(Term, layout.Slot("lists", "mapping(uint64 => struct Campaign.Candidate[])")), Rules.Candidates(Term));
        Assert.Equal((UInt256.Zero, 0, 20), layout.Place("Campaign.Candidate", "account"));
        Assert.Equal((UInt256.One, 0, 32), layout.Place("Campaign.Candidate", "commitment"));
        UInt256 commitments = layout.Slot("commitments", "mapping(address => mapping(uint64 => bytes32))");
        Assert.Equal(Slots.Of(Term, Slots.Of(s_account, commitments)), Rules.DefaultCommitment(s_account, Term));

        layout = StorageLayout.Of(SystemContracts.ValidatorSet);
        Assert.Equal(layout.Slot("current", "address[]"), Rules.ValidatorsInForce);
        Assert.Equal(layout.Slot("next", "address[]"), Rules.ValidatorsNext);
        Assert.Equal(layout.Slot("nextTerm", "uint64"), Rules.ValidatorsNextTerm);
    }

    private static Dictionary<UInt256, UInt256> WordsOf(SystemContract contract, EconomyGenesis genesis)
    {
        GenesisAccount account = genesis.Accounts().Single(one => one.Address == contract.Address);
        return account.Storage.ToDictionary(static word => word.Key, static word => word.Value);
    }
}
