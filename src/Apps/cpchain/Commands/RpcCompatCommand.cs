using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.RpcCompat;

namespace CPChain.App.Commands;

/// <summary>`cpchain rpc-compat`: Ethereum's execution-apis against this node's RPC methods.</summary>
internal static class RpcCompatCommand
{
    public static Command Create()
    {
        Argument<string> path = new("PATH")
        {
            Description = "A folder or .tar.xz archive of .io cases with chain.rlp and genesis.json beside them.",
        };
        Option<bool> json = new("--json")
        {
            Description = "Print one JSON object: passed, failed, skipped, failures, leftOut, stale, blocks.",
        };
        Command command = new(
            "rpc-compat", "Replay requests of Ethereum's execution-apis; exit code 1 if a case fails that is not listed.")
        {
            path, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(path)!, parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string path, bool json, CancellationToken cancel)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new CommandFault($"there is no file or folder {path}.", "name a folder or a .tar.xz archive of .io cases.");
        RpcCompatReport report;
        try
        {
            report = await RpcCompatRun.RunAsync(path, cancel);
        }
        catch (Exception broken) when (broken is FormatException or IOException)
        {
            throw new CommandFault(
                $"{path} cannot be replayed: {broken.Message}", "name cases with the chain and the genesis that belong to them.");
        }

        Output output = Output.ForCommand(json);
        output.Line($"{report.Blocks} blocks run, all roots as their headers say");
        foreach (LeftOutCase one in report.LeftOut) output.Line($"skip {one.Name}: {one.Reason}");
        foreach (FailedExchange one in report.Failures)
        {
            output.Line(one.Reason is null ? $"FAIL {one.Name}: {one.Difference}" : $"listed {one.Name}: {one.Reason} ({one.Difference})");
        }
        foreach (string one in report.Stale) output.Line($"STALE {one}: it is listed as failing and passes");
        int ran = report.Passed.Count + report.Failures.Count;
        output.Line($"{report.Passed.Count} passed, {report.Failures.Count} failed, {report.LeftOut.Count} skipped "
            + $"({100.0 * report.Passed.Count / Math.Max(1, ran):0.0} % of those that ran)");
        if (json) Console.WriteLine(RpcCompatSummary.Of(report).ToJson());
        return report.IsAsListed ? 0 : CommandFault.FailedExitCode;
    }
}

/// <summary>The report as `--json` prints it.</summary>
internal sealed record RpcCompatSummary(
    int Passed, int Failed, int Skipped, IReadOnlyList<FailedExchange> Failures, IReadOnlyList<LeftOutCase> LeftOut,
    IReadOnlyList<string> Stale, int Blocks)
{
    public static RpcCompatSummary Of(RpcCompatReport report) => new(
        report.Passed.Count, report.Failures.Count, report.LeftOut.Count, report.Failures, report.LeftOut, report.Stale, report.Blocks);

    public string ToJson() => JsonSerializer.Serialize(this, RpcCompatSummaryJson.Default.RpcCompatSummary);
}

/// <summary>JSON of the summary, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(RpcCompatSummary))]
internal sealed partial class RpcCompatSummaryJson : JsonSerializerContext;
