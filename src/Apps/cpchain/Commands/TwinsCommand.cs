using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Lbft;
using CPChain.Simulation.Twins;

namespace CPChain.App.Commands;

/// <summary>
/// `cpchain sim twins`: validators and proposers that run twice with one key, in every partition of the network.
/// </summary>
internal static class TwinsCommand
{
    public static Command Create()
    {
        Option<int> validators = new("--validators")
        {
            Description = "4 (one of them runs twice), 7 (two do) or 10 (three do).",
            DefaultValueFactory = _ => 4,
        };
        validators.AcceptOnlyFromAmong("4", "7", "10");
        Option<long> scenarios = new("--scenarios") { Description = "How many to play.", DefaultValueFactory = _ => 100_000 };
        Option<long> from = new("--from") { Description = "The first position in the order of the seed.", DefaultValueFactory = _ => 0 };
        Option<ulong> seed = new("--seed")
        {
            Description = "The order in which the space is sampled; 0 is the order of the numbers themselves.",
            DefaultValueFactory = _ => 1UL,
        };
        Option<int> jobs = new("--jobs") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<FileInfo?> resume = new("--resume")
        {
            Description = "Keep progress here, and go on from it where it exists; --scenarios counts from --from.",
            HelpName = "FILE",
        };
        Option<string?> weaken = new("--weaken")
        {
            Description = $"Break one rule on purpose: {RuleSets.Names}.",
            HelpName = "NAME",
        };
        Option<string> rules = new("--rules") { Description = "certified, or paper.", DefaultValueFactory = _ => RuleSets.Certified };
        rules.AcceptOnlyFromAmong(RuleSets.Certified, RuleSets.Paper);
        Option<string?> trace = new("--trace") { Description = "Print the steps of the scenario with this number.", HelpName = "NUMBER" };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("twins", "Play Twins scenarios: doubled validators and proposers, all partitions, four rounds.")
        {
            validators, scenarios, from, seed, jobs, resume, rules, weaken, trace, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() => Run(
            new Request(
                parsed.GetValue(validators), parsed.GetValue(scenarios), parsed.GetValue(from), parsed.GetValue(seed),
                parsed.GetValue(jobs), parsed.GetValue(resume)?.FullName, parsed.GetValue(rules)!, parsed.GetValue(weaken),
                parsed.GetValue(trace),
                parsed.GetValue(json)),
            cancel), CancellationToken.None));
        return command;
    }

    private static int Run(Request request, CancellationToken cancel)
    {
        LbftRules rules = RuleSets.Find(request.Rules, request.Weaken);
        if (request.Scenarios < 0 || request.From < 0 || request.Jobs is < 1 or > 1024)
            throw new CommandFault("a count is out of range.", "take --scenarios and --from of at least 0, --jobs of 1 to 1024.");
        if (request.Trace is { } number) return Trace(request, rules, number);

        TwinProgress? kept = request.Resume is null ? null : Kept(request);
        long start = kept?.Next ?? request.From;
        TwinTotals before = kept?.Totals ?? new TwinTotals();
        Output output = Output.ForCommand(request.Json);
        TwinCampaign campaign = new(request.Validators, request.Seed, rules);
        output.Line($"{request.Validators} validators, {campaign.Count} scenarios, order {request.Seed}, positions {start} to {request.From + request.Scenarios - 1}");
        long shownAt = Environment.TickCount64;
        TwinTotals totals = before.Plus(campaign.Run(
            start, Math.Max(0, request.From + request.Scenarios - start), request.Jobs, Progress, cancel));
        if (request.Json) Console.WriteLine(JsonSerializer.Serialize(ReportOf(request, campaign, totals), TwinReportJson.Default.TwinReport));
        foreach (TwinFailure failure in totals.Failures) output.Line($"position {failure.Position}: {failure.What}");
        output.Line(Line(totals));
        return totals.Violations + totals.Stuck > 0 ? CommandFault.FailedExitCode : cancel.IsCancellationRequested ? 130 : 0;

        void Progress(long next, TwinTotals part)
        {
            TwinTotals sum = before.Plus(part);
            if (request.Resume is { } path)
                new TwinProgress(TwinProgress.CurrentVersion, request.Validators, request.Seed, request.WeakenedTo,
                    request.From, next, sum).Save(path);
            if (Environment.TickCount64 - shownAt < 10_000) return;
            shownAt = Environment.TickCount64;
            output.Line(Line(sum));
        }
    }

    private static TwinProgress? Kept(Request request)
    {
        TwinProgress? kept;
        try
        {
            kept = TwinProgress.Load(request.Resume!);
        }
        catch (JsonException)
        {
            throw new CommandFault($"{request.Resume} keeps no campaign.", "name the file that --resume wrote, or one that is not there yet.");
        }
        if (kept is null)
        {
            // Before the first scenario, not after two thousand of them.
            OutputFile.RequireWritable(request.Resume!);
            return null;
        }

        bool isSame = kept.Version == TwinProgress.CurrentVersion && kept.Validators == request.Validators
            && kept.Seed == request.Seed && kept.Weaken == request.WeakenedTo && kept.From == request.From;
        return isSame ? kept : throw new CommandFault(
            $"{request.Resume} is of another campaign ({kept.Validators} validators, seed {kept.Seed}, from {kept.From}).",
            "name another file, or the options that it was begun with.");
    }

    private static int Trace(Request request, LbftRules rules, string number)
    {
        TwinRun run = new(new TwinSpace(request.Validators), rules) { Trace = Console.WriteLine };
        if (!UInt128.TryParse(number, CultureInfo.InvariantCulture, out UInt128 parsed) || parsed >= run.Space.Count)
            throw new CommandFault($"there is no scenario {number}.", $"name a number below {run.Space.Count}.");

        TwinVerdict verdict = run.Play(parsed);
        Console.WriteLine(run.Scenario);
        Console.WriteLine($"{verdict.Outcome}{(verdict.What is null ? "" : ": " + verdict.What)}");
        return verdict.What is null ? 0 : CommandFault.FailedExitCode;
    }

    private static TwinReport ReportOf(Request request, TwinCampaign campaign, TwinTotals totals) => new(
        request.Validators, campaign.Count.ToString(CultureInfo.InvariantCulture), request.Seed, request.WeakenedTo, request.From,
        totals.Scenarios, totals.Violations, totals.Stuck, totals.DecidedBefore, totals.DecidedAfter, totals.DoubleSigners,
        totals.RoundMax, totals.Steps, Math.Round(totals.ProcessorSeconds, 3), Math.Round(Rate(totals)), totals.Failures);

    private static double Rate(TwinTotals totals) => totals.Scenarios / Math.Max(totals.ProcessorSeconds, 1e-9);

    private static string Line(TwinTotals totals) => string.Create(
        CultureInfo.InvariantCulture,
        $"{totals.Scenarios:N0} scenarios, {totals.Violations} violations, {totals.Stuck} stuck, {totals.DecidedBefore:N0} decided before and {totals.DecidedAfter:N0} after healing, {totals.DoubleSigners:N0} double-signers convicted, {Rate(totals):N0} scenarios/s of processor time");

    private sealed record Request(
        int Validators, long Scenarios, long From, ulong Seed, int Jobs, string? Resume, string Rules, string? Weaken, string? Trace, bool Json)
    {
        /// <summary>What the rules are where they are not the certified ones.</summary>
        public string? WeakenedTo => Rules == RuleSets.Paper ? Rules : Weaken;
    }
}

/// <summary>What a campaign has shown, for a machine.</summary>
internal sealed record TwinReport(
    int Validators,
    string Space,
    ulong Seed,
    string? Weaken,
    long From,
    long Scenarios,
    long Violations,
    long Stuck,
    long DecidedBefore,
    long DecidedAfter,
    long DoubleSigners,
    int RoundMax,
    long Steps,
    double ProcessorSeconds,
    double ScenariosPerProcessorSecond,
    IReadOnlyList<TwinFailure> Failures);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(TwinReport))]
internal sealed partial class TwinReportJson : JsonSerializerContext;
