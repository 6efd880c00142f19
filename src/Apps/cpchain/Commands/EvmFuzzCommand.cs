using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Evm;
using CPChain.EvmTools.Benchmarks;
using CPChain.Fuzzing.Machine;

namespace CPChain.App.Commands;

/// <summary>`cpchain evm fuzz`: programs and transactions from seeds, on our machine and on anvil.</summary>
internal static class EvmFuzzCommand
{
    private const ulong CasesDefault = 2000;
    private const int ShownEveryMs = 10_000;

    public static Command Create()
    {
        Option<ulong?> cases = new("--cases") { Description = $"How many seeds from 0 on; {CasesDefault} by default.", HelpName = "N" };
        Option<string?> seeds = new("--seeds") { Description = "The seeds from A to B.", HelpName = "A..B" };
        Option<FileInfo?> replay = new("--replay") { Description = "Run the case of a reproduction file alone.", HelpName = "FILE" };
        Option<FileInfo?> resume = new("--resume")
        {
            Description = "Keep progress here, and go on from it where it exists.",
            HelpName = "FILE",
        };
        Option<DirectoryInfo?> folder = new("--out") { Description = "Write a small reproduction of each difference here.", HelpName = "DIR" };
        Option<string?> defect = new("--defect")
        {
            Description = $"Make a mistake on purpose, which must be found: {string.Join(", ", PlantedDefect.All.Select(one => one.Name))}.",
            HelpName = "NAME",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("fuzz", "Compare status, gas, events, output and state with anvil on cases from seeds; exit code 1 on a difference.")
        {
            cases, seeds, replay, resume, folder, defect, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new Request(
                Range(parsed.GetValue(seeds), parsed.GetValue(cases)), parsed.GetValue(replay)?.FullName, parsed.GetValue(resume)?.FullName,
                parsed.GetValue(folder)?.FullName, parsed.GetValue(defect), parsed.GetValue(json)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(Request request, CancellationToken cancel)
    {
        PlantedDefect? planted = request.Defect is null ? null : PlantedDefect.Find(request.Defect) ?? throw new CommandFault(
            $"there is no defect named {request.Defect}.", $"name one of: {string.Join(", ", PlantedDefect.All.Select(one => one.Name))}.");
        (string? program, string where) = await AnvilProgram.FindAsync(cancel);
        if (program is null)
            throw new CommandFault($"anvil is not there: {where}.", $"install npm, or name anvil in {AnvilProgram.Variable}.", CommandFault.EnvironmentExitCode);

        await using PeerSide peer = await PeerSide.StartAsync(program, cancel);
        Output output = Output.ForCommand(request.Json);
        EvmRules rules = planted?.Rules ?? EvmRules.Osaka;
        MachineCampaign campaign = new(new OwnSide(rules), peer, rules.Name) { Folder = request.Folder };
        output.Line($"both engines beside {peer.Version}{(planted is null ? "" : $"; on purpose: {planted.What}")}");
        return request.Replay is { } file
            ? await ReplayAsync(campaign, file, output, cancel)
            : await CampaignAsync(request, campaign, peer, output, cancel);
    }

    private static async Task<int> ReplayAsync(MachineCampaign campaign, string file, Output output, CancellationToken cancel)
    {
        MachineCase one;
        try
        {
            one = CaseFile.Load(file).ToCase();
        }
        catch (Exception broken) when (broken is FormatException or FileNotFoundException)
        {
            throw new CommandFault(broken.Message, "name a file that evm fuzz wrote.");
        }

        string? difference = await campaign.CheckAloneAsync(one, cancel);
        output.Line($"seed {one.Seed}: {difference ?? "no difference"}");
        return difference is null ? 0 : CommandFault.FailedExitCode;
    }

    private static async Task<int> CampaignAsync(
        Request request, MachineCampaign campaign, PeerSide peer, Output output, CancellationToken cancel)
    {
        MachineProgress? kept = request.Resume is null ? null : Kept(request);
        ulong start = kept?.Next ?? request.Seeds.From;
        long shownAt = Environment.TickCount64;
        MachineTotals totals = await campaign.RunAsync(
            start, request.Seeds.End > start ? request.Seeds.End - start : 0, kept?.Totals ?? new MachineTotals(), Progress, cancel);
        foreach (MachineDifference difference in totals.Differences)
        {
            output.Line($"DIFFERS seed {difference.Seed}{(difference.Block > 1 ? $" and {difference.Block - 1} more together" : "")}: "
                + difference.What + (difference.File is null ? "" : $" ({difference.File})"));
        }

        output.Line(Line(totals));
        if (request.Json) Console.WriteLine(JsonSerializer.Serialize(ReportOf(request, peer, totals), MachineReportJson.Default.MachineReport));
        return totals.Differences.Count > 0 ? CommandFault.FailedExitCode : cancel.IsCancellationRequested ? 130 : 0;

        void Progress(ulong next, MachineTotals sum)
        {
            if (request.Resume is { } path)
                new MachineProgress(MachineProgress.CurrentVersion, request.Seeds.From, next, request.Defect, sum).Save(path);
            if (Environment.TickCount64 - shownAt < ShownEveryMs) return;
            shownAt = Environment.TickCount64;
            output.Line(Line(sum));
        }
    }

    private static MachineProgress? Kept(Request request)
    {
        MachineProgress? kept = MachineProgress.Load(request.Resume!);
        if (kept is null) return null;
        bool isSame = kept.Version == MachineProgress.CurrentVersion && kept.From == request.Seeds.From && kept.Defect == request.Defect;
        return isSame ? kept : throw new CommandFault(
            $"{request.Resume} is of another campaign (from seed {kept.From}).", "name another file, or the options that it was begun with.");
    }

    private static (ulong From, ulong End) Range(string? seeds, ulong? cases)
    {
        if (seeds is null) return (0, cases ?? CasesDefault);
        string[] ends = seeds.Split("..");
        if (cases is null && ends.Length == 2 && ulong.TryParse(ends[0], CultureInfo.InvariantCulture, out ulong first)
            && ulong.TryParse(ends[1], CultureInfo.InvariantCulture, out ulong last) && last >= first && last < ulong.MaxValue)
            return (first, last + 1);
        throw new CommandFault($"--seeds {seeds} is no range, or --cases is there as well.", "write --seeds 1..5000, or --cases N.");
    }

    private static MachineReport ReportOf(Request request, PeerSide peer, MachineTotals totals) => new(
        peer.Version, EvmRules.Osaka.Name, request.Defect, request.Seeds.From, request.Seeds.End - 1, totals.Cases, totals.Refused,
        totals.Succeeded, totals.Gas, totals.Logs, Math.Round(totals.OwnSeconds, 2), Math.Round(totals.PeerSeconds, 2),
        Math.Round(totals.WallSeconds, 2), totals.Differences);

    private static string Line(MachineTotals totals) => string.Create(
        CultureInfo.InvariantCulture,
        $"{totals.Cases:N0} cases ({totals.Succeeded:N0} succeeded, {totals.Refused:N0} refused by both), {totals.Differences.Count} differences, {totals.Gas / 1e6:N0} Mgas, {totals.Logs:N0} events, processor time {totals.OwnSeconds:N1} s here and {totals.PeerSeconds:N1} s there");

    private sealed record Request(
        (ulong From, ulong End) Seeds, string? Replay, string? Resume, string? Folder, string? Defect, bool Json);
}

/// <summary>What a campaign has shown, for a machine.</summary>
internal sealed record MachineReport(
    string Peer,
    string Rules,
    string? Defect,
    ulong FirstSeed,
    ulong LastSeed,
    long Cases,
    long Refused,
    long Succeeded,
    long Gas,
    long Events,
    double OwnProcessorSeconds,
    double PeerProcessorSeconds,
    double WallSeconds,
    IReadOnlyList<MachineDifference> Differences);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(MachineReport))]
internal sealed partial class MachineReportJson : JsonSerializerContext;
