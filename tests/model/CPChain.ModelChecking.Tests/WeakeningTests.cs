using System.Diagnostics;
using CPChain.Lbft;
using CPChain.Lbft.Weakenings;
using CPChain.ModelChecking.Counterexamples;

namespace CPChain.ModelChecking.Tests;

/// <summary>Each rule left out is found, and what is found really happens in whole machines.</summary>
public sealed class WeakeningTests
{
    public static TheoryData<string> Names => [.. WeakeningCase.All.Select(one => one.Weakening.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Explorer_finds_it_and_its_counterexample_replays(string name)
    {
        WeakeningCase one = WeakeningCase.Of(Weakening.Find(name)!);
        Stopwatch watch = Stopwatch.StartNew();
        Report report = Explorer.Explore(one.Model);
        IReadOnlyList<TraceStep> trace = Replay.WithDecisions(one.Model, report.Trace);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {report.States} states, depth {report.Depth}, {watch.ElapsedMilliseconds} ms: {report.Violation}{report.Stuck}");
        foreach (TraceStep step in trace) TestContext.Current.TestOutputHelper?.WriteLine("  " + step.Sentence);
        Replay replay = Replay.Run(one.Model, trace);

        Assert.NotNull(report.Violation ?? report.Stuck);
        Assert.Null(replay.Impossible);
        Assert.NotNull(replay.Violation);
        Assert.Equal(Kind(report.Violation ?? report.Stuck), Kind(replay.Violation));
    }

    /// <summary>
    /// One weakening for each of the bounds. Four rounds take minutes: they are explored under the certified rules by the campaign.
    /// </summary>
    public static TheoryData<string> NamesOfThreeRounds =>
        [.. WeakeningCase.All.Where(one => one.Model.RoundMax <= 2)
            .DistinctBy(one => one.Model with { Rules = LbftRules.Certified }).Select(one => one.Weakening.Name)];

    [Theory]
    [MemberData(nameof(NamesOfThreeRounds))]
    public void Certified_rules_hold_within_the_same_bounds(string name)
    {
        Model model = WeakeningCase.Of(Weakening.Find(name)!).Model;
        Report report = Explorer.Explore(model with { Rules = LbftRules.Certified });

        Assert.True(report.Holds, report.Violation ?? report.Stuck);
    }

    // What is beyond its bound in states counts as not found, so that no search goes on for ever.
    [Fact]
    public void Weakening_that_is_not_found_within_its_bound_is_no_finding()
    {
        Model model = WeakeningCase.Of(Weakening.Find("no-lock")!).Model;
        Report report = Explorer.Explore(model with { StatesMax = 1_000 });

        Assert.Equal((null, null, false), (report.Violation, report.Stuck, report.IsComplete));
        Assert.All(WeakeningCase.All, one => Assert.InRange(one.Model.StatesMax, 1, 6_000_000));
    }

    [Fact]
    public void Registry_names_each_flag_once_and_finds_it_by_name()
    {
        string[] flags = [.. typeof(LbftRules).GetProperties().Where(flag => flag.PropertyType == typeof(bool)).Select(flag => flag.Name)];
        string[] ofThePaper = [.. flags.Where(flag => (bool)typeof(LbftRules).GetProperty(flag)!.GetValue(LbftRules.Paper)!)];
        string[] weakened = [.. Weakening.All.Select(weakening => string.Join(
            '+', flags.Where(flag => (bool)typeof(LbftRules).GetProperty(flag)!.GetValue(weakening.Rules)!)))];

        Assert.Equal(Weakening.All.Count, weakened.Distinct().Count());
        Assert.All(weakened, flag => Assert.Contains(flag, flags));
        Assert.Empty(flags.Except(weakened).Except(ofThePaper));
        Assert.All(Weakening.All, weakening => Assert.Same(weakening, Weakening.Find(weakening.Name)));
        Assert.Null(Weakening.Find("no-such-rule"));
        Assert.True(Weakening.All.Count >= 12);
    }

    [Fact]
    public void Every_weakening_is_found_here()
    {
        Assert.Equal(Weakening.All.Select(weakening => weakening.Name), WeakeningCase.All.Select(one => one.Weakening.Name));
        Assert.All(Weakening.All, weakening => Assert.Equal(WeakeningFinder.Explorer, weakening.FoundBy));
    }

    private static string? Kind(string? finding) => finding?.Split(':')[0];
}
