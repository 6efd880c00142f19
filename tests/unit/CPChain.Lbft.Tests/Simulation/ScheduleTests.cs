namespace CPChain.Lbft.Tests.Simulation;

/// <summary>Random schedules with every fault at once: agreement always, decisions after healing (L25 guarantees).</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData(4, 1500)]
    [InlineData(7, 400)]
    public void Guarantees_agreement_and_progress_after_healing(int validators, int seeds)
    {
        List<string> failures = [];
        int steps = 0;
        for (ulong seed = 1; seed <= (ulong)seeds && failures.Count < 3; seed++)
        {
            Verdict verdict = new Cluster(Scenario.FromSeed(seed, validators)).Run();
            steps += verdict.Steps;
            if (verdict.Violation is { } violation) failures.Add(violation);
            else if (verdict.Undecided > 0) failures.Add($"seed {seed} n={validators}: {verdict.Undecided} undecided at {verdict.EndMs} ms");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds} seeds, {steps} steps");
        Assert.Empty(failures);
    }
}
