using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Simulation.Dpor;

namespace CPChain.App.Commands;

/// <summary>`cpchain dpor simulate`: terms of a network of RNodes over the pure rules, every committee computed twice.</summary>
internal static class DporSimulateCommand
{
    private const string About = """
        Play terms of a network of RNodes over the rules of specs/dpor. Equal seeds give equal runs.

        RNodes join, trade, claim, propose, fail, are slashed and leave. Every committee is computed twice: from the counters that
        each block keeps in the state, and by a verifier that has the recorded blocks alone. Then the last roll is measured: do draws
        follow the weights, and what does a coalition gain that withholds blocks to have a better seed?

          agree            both computed the same seed and committee in every term
          supplyConserved  all balances together were the same after each block
          chiSquareP       how likely first draws at least as uneven are; above 0.001 is as it should be
          grindingBias     part of all seats that the coalition gains; at most grindingBound (D9.5)

        Examples:
          cpchain dpor simulate                              100 terms of 100 RNodes, some seconds
          cpchain dpor simulate --terms 1000 --rnodes 500    a campaign, a minute or two
          cpchain dpor simulate --seed 7 --json              another run, for a machine
        """;

    public static Command Create()
    {
        Option<int> terms = new("--terms") { Description = "Terms of 36 blocks, 5 to 100000.", DefaultValueFactory = _ => 100 };
        Option<int> rnodes = new("--rnodes") { Description = "Accounts that want to be RNodes, 1 to 2000.", DefaultValueFactory = _ => 100 };
        Option<ulong> seed = new("--seed") { Description = "Where everything left to chance comes from.", DefaultValueFactory = _ => 1UL };
        Option<int> elections = new("--elections") { Description = "Elections for the statistics, 1000 to 10000000.", DefaultValueFactory = _ => 100_000 };
        Option<int> coalition = new("--coalition") { Description = "Weight of the coalition in per cent, 1 to 90.", DefaultValueFactory = _ => 25 };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("simulate", About) { terms, rnodes, seed, elections, coalition, json };
        command.SetAction((parsed, cancel) => Task.Run(
            () => Run(
                new DporSimulationRequest(
                    parsed.GetValue(terms), parsed.GetValue(rnodes), parsed.GetValue(seed), parsed.GetValue(elections), parsed.GetValue(coalition)),
                parsed.GetValue(json),
                cancel),
            CancellationToken.None));
        return command;
    }

    private static int Run(DporSimulationRequest request, bool json, CancellationToken cancel)
    {
        if (request.Terms is < 5 or > 100_000 || request.RNodes is < 1 or > 2_000
            || request.Elections is < 1_000 or > 10_000_000 || request.CoalitionPercent is < 1 or > 90)
            throw new CommandFault(
                "a count is out of range.",
                "take --terms from 5 to 100000, --rnodes from 1 to 2000, --elections from 1000 to 10000000, --coalition from 1 to 90.");

        int tenth = Math.Max(1, request.Terms / 10);
        DporReport report = DporSimulation.Run(
            request,
            term =>
            {
                if (term % tenth == 0) Console.Error.WriteLine($"{term} of {request.Terms} terms");
            },
            cancel);
        if (json) Console.WriteLine(JsonSerializer.Serialize(report, DporReportJson.Default.DporReport));
        Show(report, Output.ForCommand(json));
        return report.Passed ? 0 : CommandFault.FailedExitCode;
    }

    private static void Show(DporReport report, Output output)
    {
        void Line(FormattableString text) => output.Line(text.ToString(CultureInfo.InvariantCulture));

        Line($"{report.Terms:N0} terms, {report.Blocks:N0} blocks, {report.Impeached:N0} impeached, {report.RNodes:N0} RNodes at the end");
        Line($"{report.Quits:N0} left, {report.Slashes:N0} slashed, {report.ValidatorChanges:N0} became validators; digest {report.Digest}");
        Line($"seats: {report.ElectedSeats:N0} elected, {report.DefaultSeats:N0} of default proposers");
        Line($"committees computed twice: {(report.Agree ? "all agree" : "DIFFER, first in " + report.Disagreement)}");
        Line($"supply: {(report.SupplyConserved ? "the same after each block" : "NOT CONSERVED")}");
        if (report.Elections == 0)
        {
            output.Line("too few stand for statistics: more than 12 are needed");
            return;
        }
        Line($"{report.Elections:N0} elections: first draws p = {report.ChiSquareP:0.####}, farthest account {report.InclusionWorst:0.00} standard errors off, low group {report.LowShare:P1} of the seats");
        Line($"grinding by a coalition with {report.CoalitionShare:P1} of the seats: +{report.GrindingBias:P2} (bound {report.GrindingBound:P2}); with default proposers +{report.GrindingBiasWithDefaults:P2} (bound {report.GrindingBoundWithDefaults:P2})");
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(DporReport))]
internal sealed partial class DporReportJson : JsonSerializerContext;
