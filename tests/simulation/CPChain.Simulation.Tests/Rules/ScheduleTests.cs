using System.Diagnostics;
using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Simulation.Rules;

namespace CPChain.Simulation.Tests.Rules;

/// <summary>
/// Random schedules with every fault at once: agreement always, decisions after healing (L25 guarantees).
/// </summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData(4, 1500)]
    [InlineData(7, 300)]
    public void Guarantees_agreement_and_progress_after_healing(int validators, int seeds)
    {
        List<string> failures = [];
        long votes = 0;
        for (ulong seed = 1; seed <= (ulong)seeds && failures.Count < 3; seed++)
        {
            RulesVerdict verdict = new RulesWorld(RulesScenario.FromSeed(seed, validators)).Run();
            votes += verdict.Votes;
            if (!verdict.IsGood) failures.Add($"seed {seed}: {verdict}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds} seeds, {votes} votes");
        Assert.Empty(failures);
    }

    [Fact]
    public void A_calm_height_takes_few_steps()
    {
        RulesScenario calm = new() { Seed = 1, Committee = CommitteeSize.Of(4), Heights = 2000 };
        new RulesWorld(calm with { Heights = 300 }).Run();
        long begun = Stopwatch.GetTimestamp();
        RulesVerdict verdict = new RulesWorld(calm).Run();
        TimeSpan used = Stopwatch.GetElapsedTime(begun);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{used.TotalMicroseconds / calm.Heights:N1} us and {(double)verdict.Steps / calm.Heights:N1} steps a height: {verdict}");
        Assert.Equal((null, 0, 0), (verdict.Violation, verdict.Undecided, verdict.Impeachments));
        // Time is for the benchmark (bench lbft.height); what it is made of is not left to chance.
        Assert.InRange((double)verdict.Steps / calm.Heights, 1, 150);
    }
}
