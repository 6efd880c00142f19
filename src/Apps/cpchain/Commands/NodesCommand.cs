using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Lbft;
using CPChain.Simulation;
using CPChain.Simulation.Nodes;
using CPChain.Simulation.Nodes.Checks;

namespace CPChain.App.Commands;

/// <summary>`cpchain sim --seed` and `--seeds`: worlds of whole nodes under faults, one world a seed.</summary>
internal static class NodesCommand
{
    private const long ProgressEveryMs = 10_000;

    /// <summary>Gives `cpchain sim` its options and what they do.</summary>
    public static void AddTo(Command sim)
    {
        Option<ulong?> seed = new("--seed") { Description = "Play the world of this seed.", HelpName = "N" };
        Option<string?> seeds = new("--seeds") { Description = "Play the worlds of these seeds, both ends included.", HelpName = "A..B" };
        Option<int> heights = new("--heights") { Description = "Blocks that every node must have at the end.", DefaultValueFactory = _ => 50 };
        Option<int> jobs = new("--jobs") { Description = "Worlds at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<int?> validators = new("--validators") { Description = "4 or 7; the seed decides when not given.", HelpName = "N" };
        validators.AcceptOnlyFromAmong("4", "7");
        Option<string> rules = new("--rules") { Description = "certified, or paper to see why not.", DefaultValueFactory = _ => RuleSets.Certified };
        rules.AcceptOnlyFromAmong(RuleSets.Certified, RuleSets.Paper);
        Option<string?> weaken = new("--weaken")
        {
            Description = $"Break one rule on purpose: {RuleSets.Names}.",
            HelpName = "NAME",
        };
        Option<bool> calm = new("--calm") { Description = "No faults at all." };
        Option<bool> elections = new("--elections")
        {
            Description = "Proposers are elected in terms of four blocks, and a contract holds the validator set.",
        };
        Option<bool> trace = new("--trace") { Description = "Print every event of the world of --seed." };
        Option<bool> untilFailure = new("--until-failure") { Description = "Stop at the first seed that fails." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        foreach (Option option in (Option[])[seed, seeds, heights, jobs, validators, rules, weaken, calm, elections, trace, untilFailure, json])
        {
            sim.Options.Add(option);
        }
        sim.SetAction((parsed, cancel) => Task.Run(() => Run(
            RangeOf(parsed.GetValue(seed), parsed.GetValue(seeds)),
            new NodesSettings
            {
                Heights = parsed.GetValue(heights),
                Validators = parsed.GetValue(validators),
                Rules = RuleSets.Find(parsed.GetValue(rules)!, parsed.GetValue(weaken)),
                IsCalm = parsed.GetValue(calm),
                HasElections = parsed.GetValue(elections),
            },
            new Manner(parsed.GetValue(jobs), parsed.GetValue(trace), parsed.GetValue(untilFailure), parsed.GetValue(json)),
            cancel), CancellationToken.None));
    }

    private static (ulong First, ulong Last) RangeOf(ulong? seed, string? seeds)
    {
        if (seed is { } one && seeds is null)
        {
            return (one, one);
        }
        string[] ends = (seeds ?? "").Split("..");
        return seed is null && ends.Length == 2
            && ulong.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong first)
            && ulong.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong last) && first <= last && last < ulong.MaxValue
            ? (first, last)
            : throw (seeds is null
                ? new CommandFault("it is not said which worlds to play.", "name one of: --seed N, --seeds A..B; or see 'cpchain sim --help'.")
                : new CommandFault($"--seeds {seeds} names no worlds.", "write two numbers, the lower one first: --seeds 1..100; without --seed."));
    }

    private static int Run((ulong First, ulong Last) range, NodesSettings settings, Manner manner, CancellationToken cancel)
    {
        if (settings.Heights is < 1 or > 100_000 || manner.Jobs is < 1 or > 1024)
        {
            throw new CommandFault("a count is out of range.", "take --heights of 1 to 100000, --jobs of 1 to 1024.");
        }
        Output output = Output.ForCommand(manner.IsJson);
        long startedAt = Stopwatch.GetTimestamp();
        TimeSpan usedBefore = Environment.CpuUsage.TotalTime;
        bool isSingle = range.First == range.Last;
        ulong traceHash = 0;
        NodesTotals totals;
        if (isSingle)
        {
            NodesOutcome outcome = NodesRun.Play(range.First, settings, manner.IsTraced ? output.Line : null);
            traceHash = outcome.TraceHash;
            totals = new NodesTotals().Plus(outcome);
            output.Line(outcome.ToString());
        }
        else
        {
            long shownAt = Environment.TickCount64;
            totals = NodesCampaign.Run(range.First, range.Last, settings, manner.Jobs, Progress, cancel);

            bool Progress(NodesOutcome outcome, NodesTotals sum)
            {
                if (Environment.TickCount64 - shownAt >= ProgressEveryMs || !outcome.IsGood)
                {
                    shownAt = Environment.TickCount64;
                    Console.Error.WriteLine($"through seed {outcome.Seed}: {Line(sum, usedBefore)}");
                }
                return outcome.IsGood || !manner.StopsAtFailure;
            }
        }
        foreach (NodesOutcome bad in totals.Failures)
        {
            output.Line($"seed {bad.Seed}: {(bad.IsUndecided ? "undecided; " : "")}{string.Join("; ", bad.Violations)}");
        }
        output.Line(Line(totals, usedBefore));
        if (manner.IsJson)
        {
            NodesReport report = ReportOf(settings, totals, isSingle ? traceHash : null, startedAt, usedBefore);
            Console.WriteLine(JsonSerializer.Serialize(report, NodesReportJson.Default.NodesReport));
        }
        return totals.Violations + totals.Undecided > 0 ? CommandFault.FailedExitCode : cancel.IsCancellationRequested ? 130 : 0;
    }

    private static double MsPerHeight(NodesTotals totals, TimeSpan usedBefore) =>
        (Environment.CpuUsage.TotalTime - usedBefore).TotalMilliseconds / Math.Max(1, totals.Heights);

    private static string Line(NodesTotals totals, TimeSpan usedBefore) => string.Create(
        CultureInfo.InvariantCulture,
        $"{totals.Seeds:N0} worlds, {totals.Heights:N0} heights, {totals.Violations} with violations, {totals.Undecided} undecided, {totals.ImpeachBlocks:N0} impeach blocks, {totals.Starts:N0} starts, {totals.Transactions:N0} transactions; first block at most {totals.FirstBlockMsMax / 1000.0:F1} s after healing; {totals.VirtualMs / 3_600_000.0:N1} virtual hours, {MsPerHeight(totals, usedBefore):F2} ms of processor time a height");

    private static NodesReport ReportOf(
        NodesSettings settings, NodesTotals totals, ulong? traceHash, long startedAt, TimeSpan usedBefore) => new(
        totals.Seeds, totals.Heights, totals.Violations, totals.Undecided, totals.FirstFailingSeed,
        (long)Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds, traceHash?.ToString("x16", CultureInfo.InvariantCulture),
        settings.Heights, Math.Round(MsPerHeight(totals, usedBefore), 3), totals.ImpeachBlocks, totals.Starts, totals.Transactions, totals.ElectedBlocks, totals.Checkpoints, totals.Events,
        totals.VirtualMs, totals.FirstBlockMsMax,
        [.. totals.Failures.Select(bad => new NodesFailure(bad.Seed, bad.IsUndecided, bad.Violations))]);

    private sealed record Manner(int Jobs, bool IsTraced, bool StopsAtFailure, bool IsJson);
}

/// <summary>What a range of seeds has shown, for a machine.</summary>
internal sealed record NodesReport(
    long Seeds,
    long Heights,
    long Violations,
    long Undecided,
    ulong? FirstFailingSeed,
    long ElapsedMs,
    string? TraceHash,
    int HeightsWanted,
    double ProcessorMsPerHeight,
    long ImpeachBlocks,
    long Starts,
    long Transactions,
    long ElectedBlocks,
    CheckpointCounts Checkpoints,
    long Events,
    long VirtualMs,
    long FirstBlockMsMax,
    IReadOnlyList<NodesFailure> Failures);

/// <summary>A seed that failed, and why.</summary>
internal sealed record NodesFailure(ulong Seed, bool IsUndecided, IReadOnlyList<string> Violations);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(NodesReport))]
internal sealed partial class NodesReportJson : JsonSerializerContext;
