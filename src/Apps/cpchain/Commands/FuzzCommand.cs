using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Fuzzing.Decoders;
using CPChain.Fuzzing.Signatures;

namespace CPChain.App.Commands;

/// <summary>`cpchain fuzz`: every decoder shown bytes that are nearly valid; signers found many at a time beside those found one by one.</summary>
internal static class FuzzCommand
{
    private const double SecondsDefault = 10;
    private const int JobsMax = 256;
    private const int ShownEveryMs = 10_000;

    public static Command Create() => new("fuzz", "Show the product what it does not expect.") { Decoders(), Signatures() };

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

    private static Command Signatures()
    {
        Option<long> count = new("--count") { Description = "How many signatures.", HelpName = "N", DefaultValueFactory = static _ => 100_000 };
        Option<ulong> seed = new("--seed") { Description = "What chance begins with.", HelpName = "N", DefaultValueFactory = static _ => 1 };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("signatures", "Compare signers found eight at a time with the library's; exit code 1 on a difference.") { count, seed, json };
        command.SetAction((parsed, cancel) => Task.Run(() => RunSignatures(
            parsed.GetValue(count), parsed.GetValue(seed), parsed.GetValue(json), cancel), CancellationToken.None));
        return command;
    }

    private static int RunSignatures(long count, ulong seed, bool json, CancellationToken cancel)
    {
        if (count < 1) throw new CommandFault($"--count {count} is out of range.", "take at least 1.");
        Output output = Output.ForCommand(json);
        long shownAt = Environment.TickCount64;
        SignatureTotals totals = SignatureCampaign.Run(seed, count, Progress, cancel);
        foreach (string difference in totals.Differences) output.Line($"DIFFERS {difference}");
        output.Line(Line(totals));
        if (json) Console.WriteLine(JsonSerializer.Serialize(totals, DecoderTotalsJson.Default.SignatureTotals));
        return totals.Differences.Count > 0 ? CommandFault.FailedExitCode : cancel.IsCancellationRequested ? 130 : 0;

        void Progress(SignatureTotals sum)
        {
            if (Environment.TickCount64 - shownAt < ShownEveryMs) return;
            shownAt = Environment.TickCount64;
            output.Line(Line(sum));
        }

        static string Line(SignatureTotals sum) => string.Create(
            CultureInfo.InvariantCulture, $"{sum.Signatures:N0} signatures, {sum.Found:N0} with a signer, {sum.Differences.Count} differences");
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
[JsonSerializable(typeof(SignatureTotals))]
internal sealed partial class DecoderTotalsJson : JsonSerializerContext;
