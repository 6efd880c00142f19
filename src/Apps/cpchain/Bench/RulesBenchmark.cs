using System.Diagnostics;
using CPChain.Lbft.Values;
using CPChain.Simulation.Rules;

namespace CPChain.App.Bench;

/// <summary>What one height of the rules costs: the machines of all validators and their proposer, stubbed signatures.</summary>
internal sealed class RulesBenchmark : IBenchmark
{
    private const int Heights = 5_000;
    private const int Batches = 4;

    public string Name => "lbft.height";

    public string About => "processor time of one simulated height, rules alone, 4 and 7 validators";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        List<BenchResult> results = [];
        foreach (int validators in new[] { 4, 7 })
        {
            input.Progress($"{Heights} heights of {validators} validators");
            RulesScenario calm = new() { Seed = 1, Committee = CommitteeSize.Of(validators), Heights = Heights };
            RulesVerdict verdict = new RulesWorld(calm).Run(); // compiled for good by now

            // The best of some batches: other programs can only make it slower.
            double microseconds = double.MaxValue;
            for (int batch = 0; batch < Batches; batch++)
            {
                cancel.ThrowIfCancellationRequested();
                TimeSpan before = Environment.CpuUsage.TotalTime;
                verdict = new RulesWorld(calm).Run();
                microseconds = Math.Min(microseconds, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Heights);
            }

            results.Add(new BenchResult(
                $"lbft.height n={validators}", Math.Round(microseconds, 1), "us", "steps of the machine in it",
                Math.Round((double)verdict.Steps / Heights, 1), Machine.Text));
        }

        return Task.FromResult<IReadOnlyList<BenchResult>>(results);
    }
}
