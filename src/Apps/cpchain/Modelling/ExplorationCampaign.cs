using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CPChain.App.Terminal;
using CPChain.ModelChecking;

namespace CPChain.App.Modelling;

/// <summary>Every exploration on record, or those that are named, held against the record.</summary>
internal static class ExplorationCampaign
{
    public static int Run(string[] names, bool json, CancellationToken cancel)
    {
        ExplorationCase[] chosen = names.Length == 0 ? [.. ExplorationCase.All] : [.. names.Select(Find)];
        Output output = Output.ForCommand(json);
        output.Line($"{"exploration",-28} {"states",11} {"depth",6} {"seconds",8}  outcome");
        List<ExplorationResult> results = [];
        foreach (ExplorationCase one in chosen)
        {
            Stopwatch watch = Stopwatch.StartNew();
            Report report = Explorer.Explore(one.Model, ModelOutput.Progress, cancel);
            ModelOutput.EndProgress();
            ExplorationResult result = new(
                one.Name, report.States, report.Depth, Math.Round(watch.Elapsed.TotalSeconds, 2),
                one.Model.Progress.ToString(), report.Violation, report.Stuck, one.FaultOf(report));
            results.Add(result);
            output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Name,-28} {result.States,11:N0} {result.Depth,6} {result.Seconds,8:0.00}  {Outcome(one, result)}"));
        }

        int good = results.Count(result => result.Fault is null);
        output.Line($"{good} of {results.Count} as recorded");
        if (json) Console.WriteLine(JsonSerializer.Serialize(results, ModelJson.Default.IReadOnlyListExplorationResult));
        return good == results.Count ? 0 : CommandFault.FailedExitCode;
    }

    private static string Outcome(ExplorationCase one, ExplorationResult result) => (result.Fault, one.Model.Progress) switch
    {
        ({ } fault, _) => fault,
        (null, Progress.Unchecked) => "no violation",
        _ => "no violation, nothing stuck",
    };

    private static ExplorationCase Find(string name) => ExplorationCase.All.FirstOrDefault(one => one.Name == name)
        ?? throw new CommandFault(
            $"there is no exploration named {name}.",
            $"name one of: {string.Join(", ", ExplorationCase.All.Select(one => one.Name))}.");
}
