using System.Diagnostics;
using CPChain.Lbft;
using CPChain.Lbft.Values;

namespace CPChain.ModelChecking.Tests;

/// <summary>The production rules over every schedule within bounds.</summary>
public sealed class ExplorerTests
{
    [Theory]
    [InlineData(4, 0, 2, RoundEntry.Free)]
    [InlineData(4, 1, 2, RoundEntry.ByWishes)]
    [InlineData(4, 2, 1, RoundEntry.ByWishes)]
    [InlineData(4, 2, 2, RoundEntry.Free)]
    public void Certified_rules_hold_in_every_schedule(int validators, int rounds, int blocks, RoundEntry entry) =>
        AssertHolds(Of(validators, rounds, blocks, entry));

    [Theory]
    [InlineData(4, 1, 1, Progress.Decides)]
    [InlineData(4, 1, 2, Progress.Decides)]
    [InlineData(4, 1, 1, Progress.DecidesDespiteHiddenCertificates)]
    public void From_every_state_the_honest_decide_once_the_network_is_timely(
        int validators, int rounds, int blocks, Progress progress) =>
        AssertHolds(Of(validators, rounds, blocks, RoundEntry.Free) with { Progress = progress });

    private static bool IsCampaign => Environment.GetEnvironmentVariable("LBFT_CAMPAIGN") == "1";

    /// <summary>What is on record (specs/lbft/model.md); what takes minutes and gigabytes is for a campaign (LBFT_CAMPAIGN=1).</summary>
    public static TheoryData<string> OnRecord =>
        [.. ExplorationCase.All.Where(one => one.IsShort || IsCampaign).Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(OnRecord))]
    public void Explorations_on_record_break_nothing_and_leave_nothing_stuck(string name)
    {
        ExplorationCase one = ExplorationCase.All.Single(one => one.Name == name);

        Assert.Null(one.FaultOf(Run(one.Model)));
    }

    [Theory]
    [InlineData(4, 2, 2)]
    [InlineData(4, 3, 1)]
    [InlineData(7, 1, 1)]
    public void Large_explorations_ask_of_every_state_whether_it_is_stuck(int validators, int rounds, int blocks)
    {
        Model asked = Of(validators, rounds, blocks, RoundEntry.Free) with { Progress = Progress.Decides };

        Assert.Single(ExplorationCase.All, one => one.Model with { StatesMax = asked.StatesMax } == asked);
    }

    // A body that nobody has any more: the height is dead (F9), which is for "nothing stuck" to find.
    [Fact]
    public void Exploration_that_is_stuck_broken_unfinished_or_another_one_is_a_fault()
    {
        ExplorationCase one = ExplorationCase.All.Single(one => one.Name == "n7-rounds1-block1");
        Model small = Of(4, 0, 1, RoundEntry.Free) with
        {
            Progress = Progress.Decides,
            Mishaps = Mishaps.PowerLoss,
            Rules = new LbftRules { BodyNotDurable = true },
        };

        Assert.StartsWith("stuck: no decision", one.FaultOf(Run(small with { Guarantees = Guarantees.None })), StringComparison.Ordinal);
        Assert.StartsWith("violation: b is certified", one.FaultOf(Run(small)), StringComparison.Ordinal);
        Assert.StartsWith("gave up", one.FaultOf(Run(one.Model with { StatesMax = 100 })), StringComparison.Ordinal);
        Assert.Contains("on record are 15654", one.FaultOf(Run(one.Model with { RoundMax = 0 })), StringComparison.Ordinal);
    }

    public static TheoryData<int, int, int, Progress> CampaignCases => IsCampaign
        ? new()
        {
            { 7, 2, 1, Progress.Unchecked },
            { 4, 1, 2, Progress.DecidesDespiteHiddenCertificates },
        }
        : new() { { 4, 1, 1, Progress.Unchecked } };

    [Theory]
    [MemberData(nameof(CampaignCases))]
    public void Campaign(int validators, int rounds, int blocks, Progress progress) =>
        AssertHolds(Of(validators, rounds, blocks, RoundEntry.Free) with { Progress = progress, StatesMax = 60_000_000 });

    // Power is lost at any moment, also just as a signature leaves; journals are lost; blocks are illicit (L17, L18, L9.1).
    [Theory]
    [InlineData(1, 1, RoundEntry.Free, Mishaps.PowerLoss)]
    [InlineData(1, 2, RoundEntry.ByWishes, Mishaps.PowerLoss)]
    [InlineData(1, 1, RoundEntry.Free, Mishaps.LostJournal)]
    [InlineData(0, 2, RoundEntry.Free, Mishaps.PowerLoss | Mishaps.LostJournal)]
    [InlineData(1, 1, RoundEntry.Free, Mishaps.PowerLoss | Mishaps.LostJournal)]
    [InlineData(1, 2, RoundEntry.ByWishes, Mishaps.IllicitBlock)]
    public void Certified_rules_hold_through_mishaps(int rounds, int blocks, RoundEntry entry, Mishaps mishaps) =>
        AssertHolds(Of(4, rounds, blocks, entry) with { Mishaps = mishaps });

    // The whole of "no impeachment on demand": neither entered nor certified without f+1 honest validators behind it.
    [Theory]
    [InlineData(4, 1, 2, RoundEntry.ByWishes)]
    [InlineData(4, 2, 1, RoundEntry.Free)]
    public void No_impeachment_on_demand(int validators, int rounds, int blocks, RoundEntry entry) =>
        AssertHolds(Of(validators, rounds, blocks, entry) with { Guarantees = Guarantees.All });

    // F8: with any acceptable PROPOSE a block that everybody knows to be certified can be emptied.
    [Fact]
    public void Certified_block_is_discarded_when_any_propose_is_accepted()
    {
        Report report = Run(Of(4, 2, 1, RoundEntry.Free) with
        {
            Rules = new LbftRules { AcceptsAnyPropose = true },
            Guarantees = Guarantees.NotDiscarded,
        });

        Assert.StartsWith("discarded", report.Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_that_gives_up_says_so()
    {
        Report report = Explorer.Explore(Of(4, 2, 1, RoundEntry.Free) with { StatesMax = 100 });

        Assert.Equal((false, false, null), (report.Holds, report.IsComplete, report.Violation));
    }

    private static Model Of(int validators, int rounds, int blocks, RoundEntry entry)
    {
        CommitteeSize committee = CommitteeSize.Of(validators);
        return new Model(committee, committee.Faulty, rounds, blocks, entry, LbftRules.Certified);
    }

    private static void AssertHolds(Model model)
    {
        Report report = Run(model);
        Assert.Null(report.Violation);
        Assert.Null(report.Stuck);
        Assert.True(report.IsComplete, "The exploration gave up.");
    }

    private static Report Run(Model model)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Report report = Explorer.Explore(model);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"n={model.Committee.Validators} R={model.RoundMax} blocks={model.Blocks} {model.Entry}: {report.States} states, "
            + $"{report.LocalStates} local, depth {report.Depth}, {watch.ElapsedMilliseconds} ms {report.Violation}{report.Stuck}");
        foreach (TraceStep step in report.Trace) TestContext.Current.TestOutputHelper?.WriteLine("  " + step.Sentence);
        return report;
    }
}
