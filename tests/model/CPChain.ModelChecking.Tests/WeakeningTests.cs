using System.Diagnostics;
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

    private static string? Kind(string? finding) => finding?.Split(':')[0];
}
