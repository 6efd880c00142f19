using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Evm;
using CPChain.EvmTools.StateTests;

namespace CPChain.App.Commands;

/// <summary>`cpchain evm statetest`: Ethereum's GeneralStateTests through decoder, transaction rules, machine and trie.</summary>
internal static class EvmStateTestCommand
{
    private const int ShownMax = 20;

    public static Command Create()
    {
        Argument<string> path = new("PATH") { Description = "A file of state tests, a folder of them, or a .tar.xz archive." };
        Option<string?> fork = new("--fork") { Description = "Run the cases of this fork alone.", HelpName = "NAME" };
        Option<EvmEngine> engine = new("--engine") { Description = "How the machine runs code; all engines must agree." };
        Option<bool> json = new("--json")
        {
            Description = "Print one JSON object: passed, failed, skipped, failures, notApplicable.",
        };
        Command command = new("statetest", "Run Ethereum's state tests; exit code 1 if a case fails.") { path, fork, engine, json };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            parsed.GetValue(path)!, parsed.GetValue(fork), parsed.GetValue(engine), parsed.GetValue(json), cancel)));
        return command;
    }

    private static int Run(string path, string? fork, EvmEngine engine, bool json, CancellationToken cancel)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new CommandFault(
                $"there is no file or folder {path}.", "name a state test, a folder of them, or a .tar.xz archive.");
        }

        string? rules = fork is null ? null : EvmCommand.RulesNamed(fork).Name;
        Output output = Output.ForCommand(json);
        AnnounceSkipped(path, rules, output);
        long start = Stopwatch.GetTimestamp();
        StateTestReport report = StateTestReport.Run(StateTestSource.Files(path), rules, engine, cancel);
        if (report.Passed + report.Failures.Count + report.Skipped.Count == 0)
        {
            throw new CommandFault($"{path} holds no state test{(rules is null ? "" : $" of {rules}")}.", "name another path.");
        }

        foreach (FailedCase failure in report.Failures.Take(ShownMax)) output.Line($"FAIL {failure.Name}: {failure.Difference}");
        if (report.Failures.Count > ShownMax) output.Line($"and {report.Failures.Count - ShownMax} more; --json lists all");
        output.Line($"{report.Passed} passed, {report.Failures.Count} failed, {report.Skipped.Count} skipped "
            + $"({Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s)");
        if (json) Console.WriteLine(StateTestSummary.Of(report).ToJson());
        return report.Failures.Count == 0 ? 0 : CommandFault.FailedExitCode;
    }

    /// <summary>Names what cannot apply before anything runs.</summary>
    private static void AnnounceSkipped(string path, string? fork, Output output)
    {
        foreach ((string name, byte[] content) in StateTestSource.Files(path))
        {
            try
            {
                foreach (SkippedCase skipped in StateTestFile.Skipped(name, content, fork))
                {
                    output.Line($"skip {skipped.Name}: {skipped.Reason}");
                }
            }
            catch (FormatException)
            {
                // The run counts the file among the failures.
            }
        }
    }
}

/// <summary>The report as `--json` prints it.</summary>
internal sealed record StateTestSummary(
    int Passed, int Failed, int Skipped, IReadOnlyList<FailedCase> Failures, IReadOnlyList<SkippedCase> NotApplicable)
{
    public static StateTestSummary Of(StateTestReport report) => new(
        report.Passed, report.Failures.Count, report.Skipped.Count, report.Failures, report.Skipped);

    public string ToJson() => JsonSerializer.Serialize(this, StateTestSummaryJson.Default.StateTestSummary);
}

/// <summary>JSON of the summary, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(StateTestSummary))]
internal sealed partial class StateTestSummaryJson : JsonSerializerContext;
