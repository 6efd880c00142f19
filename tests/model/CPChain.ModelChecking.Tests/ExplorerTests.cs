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
    [InlineData(7, 1, 1, RoundEntry.Free)]
    [InlineData(7, 1, 1, RoundEntry.ByWishes)]
    public void Certified_rules_hold_in_every_schedule(int validators, int rounds, int blocks, RoundEntry entry) =>
        AssertHolds(Of(validators, rounds, blocks, entry));

    [Theory]
    [InlineData(4, 1, 1, Progress.Decides)]
    [InlineData(4, 1, 2, Progress.Decides)]
    [InlineData(4, 1, 1, Progress.DecidesDespiteHiddenCertificates)]
    public void From_every_state_the_honest_decide_once_the_network_is_timely(
        int validators, int rounds, int blocks, Progress progress) =>
        AssertHolds(Of(validators, rounds, blocks, RoundEntry.Free) with { Progress = progress });

    // The long ones take minutes and gigabytes: a campaign (LBFT_CAMPAIGN=1), of which the gate runs the shortest case.
    public static TheoryData<int, int, int, Progress> CampaignCases =>
        Environment.GetEnvironmentVariable("LBFT_CAMPAIGN") == "1"
            ? new()
            {
                { 4, 3, 1, Progress.Unchecked },
                { 7, 2, 1, Progress.Unchecked },
                { 4, 2, 1, Progress.Decides },
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
    [InlineData(7, 1, 1, RoundEntry.ByWishes)]
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
