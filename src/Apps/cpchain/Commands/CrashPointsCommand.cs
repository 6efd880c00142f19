using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Simulation.Crashes;

namespace CPChain.App.Commands;

/// <summary>`cpchain sim crash-points`: the power goes at every request to the disk.</summary>
internal static class CrashPointsCommand
{
    public static Command Create()
    {
        Option<string[]> scenarios = new("--scenario")
        {
            Description = "Only these: " + string.Join(", ", CrashScenario.All.Select(one => one.Name)) + ".",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "NAME",
        };
        Option<int> every = new("--every") { Description = "Of all runs only every so many-th.", DefaultValueFactory = _ => 1 };
        Option<int> jobs = new("--jobs") { Description = "Runs at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<int?> run = new("--run") { Description = "Play this run of one --scenario again and print every event.", HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new(
            "crash-points", "Take the power away before, in the middle of and after every write and sync of a node, and start it again.")
        {
            scenarios, every, jobs, run, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() => Run(
            new CrashSettings
            {
                Scenarios = Choose(parsed.GetValue(scenarios) ?? []),
                Every = parsed.GetValue(every),
                Jobs = parsed.GetValue(jobs),
            },
            parsed.GetValue(run), parsed.GetValue(json), cancel), CancellationToken.None));
        return command;
    }

    private static IReadOnlyList<CrashScenario> Choose(string[] names)
    {
        if (names.Length == 0)
        {
            return CrashScenario.All;
        }
        return [.. names.Select(name => CrashScenario.All.FirstOrDefault(one => one.Name == name)
            ?? throw new CommandFault($"there is no scenario {name}.", "see 'cpchain sim crash-points --help' for their names."))];
    }

    private static int Run(CrashSettings settings, int? run, bool isJson, CancellationToken cancel)
    {
        if (settings.Every < 1 || settings.Jobs is < 1 or > 1024 || (run is not null && settings.Scenarios.Count != 1))
        {
            throw new CommandFault(
                "a count is out of range.", "take --every from 1, --jobs of 1 to 1024, and --run with one --scenario alone.");
        }
        Output output = Output.ForCommand(isJson);
        if (run is { } again)
        {
            CrashOutcome outcome = CrashCampaign.Replay(settings.Scenarios[0], again, settings, output.Line);
            return outcome.Violations.Count > 0 ? CommandFault.FailedExitCode : 0;
        }
        long startedAt = Stopwatch.GetTimestamp();
        IReadOnlyList<CrashTotals> totals = CrashCampaign.Run(settings, one => Tell(output, one), cancel);
        CrashReport report = new(
            totals.Sum(one => one.Points), totals.Sum(one => one.Runs), totals.Sum(one => one.Failures.Count),
            totals.Max(one => one.RecoveryMsMax), (long)Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds,
            [.. totals.Select(one => new CrashScenarioReport(
                one.Scenario.Name, one.Writes, one.Syncs, one.Others, one.Points, one.Runs, one.RecoveryMsMax, one.Failures))]);
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Points:N0} crash points, {report.Runs:N0} runs, {report.Violations} with violations, took part again after {report.RecoveryMsMax / 1000.0:F1} s at most"));
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, CrashReportJson.Default.CrashReport));
        }
        return report.Violations > 0 ? CommandFault.FailedExitCode : cancel.IsCancellationRequested ? 130 : 0;
    }

    private static void Tell(Output output, CrashTotals one)
    {
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Scenario.Name}: {one.Writes} writes, {one.Syncs} syncs, {one.Others} other requests: {one.Points:N0} crash points, {one.Runs:N0} runs, {one.Failures.Count} with violations, took part again after {one.RecoveryMsMax / 1000.0:F1} s at most ({one.Scenario.About})"));
        foreach (string failure in one.Failures.Take(20))
        {
            output.Line("  " + failure);
        }
    }
}

/// <summary>What the crash points have shown, for a machine.</summary>
internal sealed record CrashReport(
    long Points, long Runs, long Violations, long RecoveryMsMax, long ElapsedMs, IReadOnlyList<CrashScenarioReport> Scenarios);

/// <summary>One scenario of it.</summary>
internal sealed record CrashScenarioReport(
    string Name, int Writes, int Syncs, int Others, int Points, int Runs, long RecoveryMsMax, IReadOnlyList<string> Failures);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(CrashReport))]
internal sealed partial class CrashReportJson : JsonSerializerContext;
