using CPChain.ModelChecking.Counterexamples;

namespace CPChain.ModelChecking.Tests;

/// <summary>LBFT 2.0 as published forks although every validator keeps to it (CE1).</summary>
public sealed class PaperTests
{
    [Theory]
    [InlineData(4, 0, 12)]
    [InlineData(4, 1, 8)]
    [InlineData(7, 0, 18)]
    public void Published_rules_fork(int validators, int byzantine, int steps)
    {
        Model model = WeakeningCase.Paper(validators, byzantine);
        Report report = Explorer.Explore(model);
        IReadOnlyList<TraceStep> trace = Replay.WithDecisions(model, report.Trace);
        Replay replay = Replay.Run(model, trace);

        Assert.StartsWith("fork", report.Violation, StringComparison.Ordinal);
        Assert.Equal(steps, trace.Count);
        Assert.Null(replay.Impossible);
        Assert.StartsWith("fork", replay.Violation, StringComparison.Ordinal);
        Assert.Equal(2, replay.Steps.Count(step => step.Decision is not null));
    }

    [Fact]
    public void The_recorded_fork_is_what_the_explorer_finds_and_what_the_document_shows()
    {
        Model model = WeakeningCase.Paper();
        Report report = Explorer.Explore(model);
        Counterexample found = new(model, "paper", report.Violation!, Replay.WithDecisions(model, report.Trace));

        Assert.Equal(Recorded.Read("fixtures/model/paper-fork.trace"), found.ToString());
        Assert.Equal(Recorded.Read("docs/lbft-paper-fork.svg"), SpaceTimeDiagram.Draw(found));
    }

    [Fact]
    public void A_recorded_fork_is_read_back_and_replayed()
    {
        Counterexample recorded = Counterexample.TryParse(Recorded.Read("fixtures/model/paper-fork.trace"), out string fault)!;

        Assert.Equal("", fault);
        Assert.Equal("fork: v2 decides b, v0 decides I", Replay.Run(recorded.Model, recorded.Steps).Violation);
    }

    [Theory]
    [InlineData("lbft-trace 2", "first line")]
    [InlineData("lbft-trace 1\nvalidators 4\nv0 leaps", "no step")]
    [InlineData("lbft-trace 1\nvalidators 5", "out of range")]
    [InlineData("lbft-trace 1\nvalidators 4\nbyzantine 2\nrounds 1\nblocks 1\nrules paper\nentry Free\nprogress Unchecked", "out of range")]
    public void What_is_no_trace_is_refused_with_a_reason(string text, string reason)
    {
        Assert.Null(Counterexample.TryParse(text, out string fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    // Votes that nobody has cast are not delivered.
    [Fact]
    public void An_impossible_schedule_is_no_counterexample()
    {
        Model model = WeakeningCase.Paper();
        Replay replay = Replay.Run(model, [new TraceStep(0, new Move(MoveKind.Prepares, 0, 1), "")]);

        Assert.NotNull(replay.Impossible);
        Assert.Null(replay.Violation);
    }
}
