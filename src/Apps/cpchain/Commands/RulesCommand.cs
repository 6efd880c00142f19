using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Simulation.Rules;

namespace CPChain.App.Commands;

/// <summary>`cpchain sim rules`: the rules alone, with journals, crashes, clocks and a Byzantine mind, one run a seed.</summary>
internal static class RulesCommand
{
    public static Command Create()
    {
        Option<int> validators = new("--validators") { Description = "4, 7 or 10.", DefaultValueFactory = _ => 4 };
        validators.AcceptOnlyFromAmong("4", "7", "10");
        Option<ulong> from = new("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1UL };
        Option<int> count = new("--count") { Description = "How many seeds.", DefaultValueFactory = _ => 1000 };
        Option<int> heights = new("--heights") { Description = "Blocks of each run.", DefaultValueFactory = _ => 10 };
        Option<int> jobs = new("--jobs") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<string> rules = new("--rules") { Description = "certified, or paper.", DefaultValueFactory = _ => RuleSets.Certified };
        rules.AcceptOnlyFromAmong(RuleSets.Certified, RuleSets.Paper);
        Option<string?> weaken = new("--weaken") { Description = $"Break one rule on purpose: {RuleSets.Names}.", HelpName = "NAME" };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("rules", "Play random faults, crashes, clocks and a Byzantine mind against the rules alone.")
        {
            validators, from, count, heights, jobs, rules, weaken, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(
            () =>
            {
                int seeds = parsed.GetValue(count);
                if (seeds < 1 || parsed.GetValue(heights) is < 1 or > 100_000 || parsed.GetValue(jobs) is < 1 or > 1024)
                    throw new CommandFault("a count is out of range.", "take --count of at least 1, --heights up to 100000, --jobs up to 1024.");

                RulesTotals totals = RulesCampaign.Run(
                    parsed.GetValue(validators), parsed.GetValue(from), parsed.GetValue(from) + (ulong)seeds - 1,
                    parsed.GetValue(heights), RuleSets.Find(parsed.GetValue(rules)!, parsed.GetValue(weaken)),
                    parsed.GetValue(jobs), cancel);
                if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(totals, RulesReportJson.Default.RulesTotals));
                Output.ForCommand(parsed.GetValue(json)).Line(Line(totals));
                return totals.FirstFailingSeed is not null ? CommandFault.FailedExitCode : cancel.IsCancellationRequested ? 130 : 0;
            },
            CancellationToken.None));
        return command;
    }

    private static string Line(RulesTotals totals) => string.Create(
        CultureInfo.InvariantCulture,
        $"{totals.Seeds:N0} seeds, {totals.Heights:N0} heights, {totals.Votes:N0} honest votes, {totals.Violations} violations, ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"{totals.Undecided} undecided, round {totals.RoundMax}, {totals.ProcessorSeconds:N1} s of processor time")
        + (totals.FirstFailingSeed is { } seed ? $"; first failing seed {seed}: {totals.Failure}" : "");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(RulesTotals))]
internal sealed partial class RulesReportJson : JsonSerializerContext;
