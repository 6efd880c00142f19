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

    [Theory]
    [InlineData(nameof(LbftRules.WeakQuorumCertifies), 1, RoundEntry.Free, 1)]
    [InlineData(nameof(LbftRules.RoundOneForgetsCertificate), 1, RoundEntry.Free, 4)]
    [InlineData(nameof(LbftRules.AcceptsAnyPropose), 2, RoundEntry.Free, 5)]
    [InlineData(nameof(LbftRules.AmplifiesRoundOne), 1, RoundEntry.ByWishes, 2)]
    [InlineData(nameof(LbftRules.EntersOnOwnTimer), 1, RoundEntry.ByWishes, 1)]
    public void Weakened_rules_are_refuted_in_the_fewest_steps(string weakening, int rounds, RoundEntry entry, int steps)
    {
        LbftRules rules = new();
        typeof(LbftRules).GetProperty(weakening)!.SetValue(rules, true);
        Report report = Run(new Model(CommitteeSize.Of(4), 1, rounds, 1, entry, rules));

        Assert.NotNull(report.Violation);
        Assert.Equal(steps, report.Trace.Count);
    }

    // F8, F3: only a frozen entry certificate and a coordinator that hears all let every honest coordinator decide.
    [Theory]
    [InlineData(nameof(LbftRules.EntryFollowsHighest))]
    [InlineData(nameof(LbftRules.CoordinatorDoesNotWait))]
    public void Weakened_coordination_is_blocked_by_a_hidden_certificate(string weakening)
    {
        LbftRules rules = new();
        typeof(LbftRules).GetProperty(weakening)!.SetValue(rules, true);
        Report report = Run(new Model(CommitteeSize.Of(4), 1, 1, 1, RoundEntry.Free, rules)
        {
            Progress = Progress.DecidesDespiteHiddenCertificates,
        });

        Assert.NotNull(report.Stuck);
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
