using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CPChain.App.Terminal;
using CPChain.ModelChecking;
using CPChain.ModelChecking.Counterexamples;

namespace CPChain.App.Modelling;

/// <summary>Every weakening within its recorded bounds.</summary>
internal static class WeakeningCampaign
{
    public static int Run(bool json, CancellationToken cancel)
    {
        Output output = Output.ForCommand(json);
        output.Line($"{"weakening",-30} {"rule",-6} {"states",11} {"depth",6} {"steps",6} {"seconds",8}  finding");
        List<WeakeningResult> results = [];
        foreach (WeakeningCase one in WeakeningCase.All)
        {
            Stopwatch watch = Stopwatch.StartNew();
            Report report = Explorer.Explore(one.Model, ModelOutput.Progress, cancel);
            ModelOutput.EndProgress();
            IReadOnlyList<TraceStep> trace = Replay.WithDecisions(one.Model, report.Trace);
            WeakeningResult result = new(
                one.Weakening.Name, one.Weakening.Rule, one.Weakening.Description, one.Model.RoundMax, one.Model.Blocks,
                report.States, report.Depth, trace.Count, Math.Round(watch.Elapsed.TotalSeconds, 2),
                report.Violation ?? report.Stuck);
            results.Add(result);
            output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Name,-30} {result.Rule,-6} {result.States,11:N0} {result.Depth,6} {result.Steps,6} {result.Seconds,8:0.00}  {result.Finding ?? "NOT FOUND"}"));
        }

        int found = results.Count(result => result.Finding is not null);
        output.Line($"{found} of {results.Count} found");
        if (json) Console.WriteLine(JsonSerializer.Serialize(results, ModelJson.Default.IReadOnlyListWeakeningResult));
        return found == results.Count ? 0 : CommandFault.FailedExitCode;
    }
}
