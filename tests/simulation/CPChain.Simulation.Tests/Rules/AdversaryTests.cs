using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Weakenings;
using CPChain.Simulation.Rules;
using CPChain.Simulation.Rules.Adversaries;

namespace CPChain.Simulation.Tests.Rules;

/// <summary>Each adversary by name: harmless against the certified rules, harmful where the rule against it is weakened.</summary>
public sealed class AdversaryTests
{
    private const int Seeds = 25;

    public static TheoryData<string, int> Everybody()
    {
        TheoryData<string, int> all = [];
        foreach (string name in Minds.Keys)
        {
            all.Add(name, 4);
            all.Add(name, 7);
        }

        return all;
    }

    private static SortedDictionary<string, Func<RulesWorld, Adversary>> Minds { get; } = new(StringComparer.Ordinal)
    {
        [nameof(TwinValidator)] = world => new TwinValidator(world),
        [nameof(Amnesiac)] = world => new Amnesiac(world),
        [nameof(Withholder)] = world => new Withholder(world),
        [nameof(VoteForger)] = world => new VoteForger(world),
        [nameof(Replayer)] = world => new Replayer(world),
        [nameof(EarlyTimer)] = world => new EarlyTimer(world),
        [nameof(LyingSyncPeer)] = world => new LyingSyncPeer(world),
        [nameof(Flooder)] = world => new Flooder(world),
        [nameof(Contradictor)] = world => new Contradictor(world),
    };

    // Safety while faults last, decisions at every height after healing, and no honest validator convicted.
    [Theory]
    [MemberData(nameof(Everybody))]
    public void Certified_rules_withstand(string name, int validators)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            RulesVerdict verdict = new RulesWorld(Attack(name, validators, seed)).Run();
            Assert.True(verdict.IsGood, verdict.ToString());
        }
    }

    [Theory]
    [InlineData(ProposerConduct.Equivocating, 4)]
    [InlineData(ProposerConduct.Equivocating, 7)]
    [InlineData(ProposerConduct.Illicit, 4)]
    [InlineData(ProposerConduct.Illicit, 7)]
    [InlineData(ProposerConduct.ShowsToFew, 4)]
    [InlineData(ProposerConduct.ShowsToFew, 7)]
    public void Certified_rules_withstand_an_EquivocatingProposer_at_every_height(ProposerConduct conduct, int validators)
    {
        bool isConvicted = false;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            RulesWorld world = new(Attack(nameof(Contradictor), validators, seed) with { ConductOf = (_, _) => conduct });
            RulesVerdict verdict = world.Run();
            Assert.True(verdict.IsGood, verdict.ToString());
            isConvicted |= world.Checks.Convicted.Any(key => key >= validators);
        }

        Assert.Equal(conduct != ProposerConduct.ShowsToFew, isConvicted);
    }

    // On a network without faults nobody with f seats can make an honest proposer lose its block.
    [Theory]
    [InlineData(nameof(VoteForger))]
    [InlineData(nameof(Replayer))]
    [InlineData(nameof(EarlyTimer))]
    [InlineData(nameof(LyingSyncPeer))]
    [InlineData(nameof(Flooder))]
    [InlineData(nameof(Withholder))]
    [InlineData(nameof(TwinValidator))]
    [InlineData(nameof(Amnesiac))]
    [InlineData(nameof(Contradictor))]
    public void Nobody_impeaches_a_timely_proposer(string name)
    {
        RulesVerdict verdict = new RulesWorld(Attack(name, 4, 1) with { HealAtMs = 0, Heights = 30 }).Run();

        Assert.Equal((null, 0, 0), (verdict.Violation, verdict.Undecided, verdict.Impeachments));
    }

    [Theory]
    [InlineData(nameof(VoteForger))]
    [InlineData(nameof(Replayer))]
    [InlineData(nameof(LyingSyncPeer))]
    public void What_is_not_what_it_claims_to_be_is_refused(string name)
    {
        RulesVerdict verdict = new RulesWorld(Attack(name, 4, 1)).Run();

        Assert.True(verdict.Refused > 20, $"{verdict.Refused} refused");
    }

    [Fact]
    public void A_Flooder_fills_no_validator_beyond_its_bounds()
    {
        RulesScenario flood = Attack(nameof(Flooder), 4, 1) with { Heights = 5, HealAtMs = 3000 };
        RulesWorld world = new(flood);
        Assert.True(world.Run().IsGood);

        int window = flood.Times.RoundWindow;
        foreach (RulesNode node in world.Nodes)
        {
            Assert.True(node.State.Buffered.Length <= 4 * (window + 2), $"{node.State.Buffered.Length} buffered");
            Assert.True(node.State.Votes.Length <= node.State.Round + window + 1, $"{node.State.Votes.Length} rounds");
            Assert.True(node.State.Proposes.Length <= window + 1, $"{node.State.Proposes.Length} PROPOSEs");
        }
    }

    [Fact]
    public void A_TwinValidator_that_contradicts_itself_is_convicted()
    {
        int convicted = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            RulesWorld world = new(Attack(nameof(TwinValidator), 4, seed) with
            {
                ConductOf = (_, _) => ProposerConduct.Equivocating,
            });
            world.Run();
            if (world.Checks.Convicted.Any(world.IsByzantine)) convicted++;
        }

        Assert.True(convicted > 0);
    }

    [Theory]
    [InlineData(nameof(Contradictor), "weak-quorum-decides")]
    [InlineData(nameof(Contradictor), "phase-not-signed")]
    [InlineData(nameof(Contradictor), "duplicate-signer-counted")]
    [InlineData(nameof(Contradictor), "no-lock")]
    [InlineData(nameof(TwinValidator), "weak-quorum-decides")]
    [InlineData(nameof(TwinValidator), "round-one-forgets-certificate")]
    [InlineData(nameof(EarlyTimer), "wish-one-amplified")]
    [InlineData(nameof(EarlyTimer), "enters-on-own-timer")]
    [InlineData(nameof(Withholder), "round-one-forgets-certificate")]
    [InlineData(nameof(Replayer), "phase-not-signed")]
    [InlineData(nameof(Amnesiac), "weak-quorum-decides")]
    public void Weakened_rules_give_way(string name, string weakening)
    {
        LbftRules rules = Weakening.Find(weakening)!.Rules;
        List<ulong> harmed = [];
        for (ulong seed = 1; seed <= 200 && harmed.Count == 0; seed++)
            if (!new RulesWorld(Attack(name, 4, seed) with { Rules = rules }).Run().IsGood) harmed.Add(seed);

        TestContext.Current.TestOutputHelper?.WriteLine($"{name} against {weakening}: seeds {string.Join(' ', harmed)}");
        Assert.NotEmpty(harmed);
        Assert.True(new RulesWorld(Attack(name, 4, harmed[0])).Run().IsGood);
    }

    // All f seats under one mind, on a network that loses, delays and divides for some seconds.
    private static RulesScenario Attack(string name, int validators, ulong seed)
    {
        RulesScenario faults = RulesScenario.FromSeed(seed, validators);
        SeatSet byzantine = SeatSet.Empty;
        for (int index = 0; index < faults.Committee.Faulty; index++)
            byzantine = byzantine.With(new Seat((int)((seed + (2 * (ulong)index)) % (ulong)validators)));
        return faults with { Byzantine = byzantine, Restored = SeatSet.Empty, Adversary = Minds[name] };
    }
}
