using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Fuzzing.Decoders;

namespace CPChain.App.Commands;

/// <summary>`cpchain fuzz decoders`: every decoder of the product, shown bytes that are nearly valid.</summary>
internal static class FuzzCommand
{
    private const double SecondsDefault = 10;
    private const int JobsMax = 256;

    public static Command Create() => new("fuzz", "Show the product what it does not expect.") { Decoders() };

    private static Command Decoders()
    {
        Option<double?> seconds = new("--seconds")
        {
            Description = $"Processor time of all threads; {SecondsDefault} without --cases.",
            HelpName = "N",
        };
        Option<long?> cases = new("--cases") { Description = "Inputs, all decoders together.", HelpName = "N" };
        Option<ulong> seed = new("--seed") { Description = "What chance begins with.", HelpName = "N", DefaultValueFactory = static _ => 1 };
        Option<int> jobs = new("--jobs") { Description = "Threads.", HelpName = "J", DefaultValueFactory = static _ => 1 };
        Option<string?> only = new("--only") { Description = "One decoder, by its name.", HelpName = "NAME" };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("decoders", "Mutate valid encodings of every format; exit code 1 on a failure.")
        {
            seconds, cases, seed, jobs, only, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() => Run(
            parsed.GetValue(seconds), parsed.GetValue(cases), parsed.GetValue(seed), parsed.GetValue(jobs), parsed.GetValue(only),
            parsed.GetValue(json), cancel), CancellationToken.None));
        return command;
    }

    private static int Run(double? seconds, long? cases, ulong seed, int jobs, string? only, bool json, CancellationToken cancel)
    {
        if (seconds <= 0 || cases < 1 || jobs is < 1 or > JobsMax)
            throw new CommandFault("a number is out of range.", $"take --seconds above 0, --cases of at least 1, --jobs of 1 to {JobsMax}.");
        IReadOnlyList<DecoderEntry> entries = only is null
            ? DecoderRegistry.All : [.. DecoderRegistry.All.Where(entry => entry.Name == only)];
        if (entries.Count == 0)
        {
            throw new CommandFault(
                $"there is no decoder named {only}.", $"name one of: {string.Join(", ", DecoderRegistry.All.Select(entry => entry.Name))}.");
        }

        Output output = Output.ForCommand(json);
        double limit = seconds ?? (cases is null ? SecondsDefault : double.MaxValue);
        DecoderTotals totals = DecoderCampaign.Run(entries, seed, cases ?? long.MaxValue, limit, jobs, cancel);
        foreach (DecoderTally one in totals.Decoders)
        {
            output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"  {one.Decoder,-22} {one.Inputs,12:N0} inputs {one.Taken,12:N0} read {one.AllocatedMost,12:N0} B and {one.SecondsMost * 1000,8:N2} ms at most"));
        }

        foreach (DecoderFailure failure in totals.Failures) output.Line($"FAIL {failure.Decoder}: {failure.What}\n     {failure.Input}");
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{totals.Decoders.Count} decoders, {totals.Inputs:N0} inputs, {totals.Taken:N0} read, {totals.Failures.Count} failures, {totals.ProcessorSeconds:N1} s of processor time"));
        if (json) Console.WriteLine(JsonSerializer.Serialize(totals, DecoderTotalsJson.Default.DecoderTotals));
        return totals.Failures.Count > 0 ? CommandFault.FailedExitCode : cancel.IsCancellationRequested ? 130 : 0;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(DecoderTotals))]
internal sealed partial class DecoderTotalsJson : JsonSerializerContext;
