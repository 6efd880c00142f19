using System.CommandLine;
using System.Globalization;
using CPChain.App.Bench;
using CPChain.App.Terminal;
using CPChain.Evm;
using CPChain.EvmTools.Benchmarks;

namespace CPChain.App.Commands;

/// <summary>`cpchain evm bench`: speed of the machine, with anvil beside it.</summary>
internal static class EvmBenchCommand
{
    private const string DataVariable = "CPCHAIN_DATA";
    private const string Precompiles = "precompiles";
    private const ulong GasDefault = 100_000_000;
    private const ulong PrecompileGasDefault = 10_000_000;
    private const int RoundsDefault = 15;
    private const int RoundsMax = 1000;

    public static Command Create()
    {
        Argument<FileInfo[]> files = new("FILE")
        {
            Description = $"Programs in the format of state tests; by default those of {DataVariable}/evm-benchmarks and our own "
                + $"token transfer, collectible mint and swap. The word {Precompiles} stands for every precompiled contract at "
                + "costly inputs.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<int> rounds = new("--rounds")
        {
            Description = "How often each program is timed.",
            HelpName = "N",
            DefaultValueFactory = static _ => RoundsDefault,
        };
        Option<ulong?> gas = new("--gas")
        {
            Description = $"Least gas of one timed call; by default {GasDefault}, for precompiled contracts {PrecompileGasDefault}.",
            HelpName = "N",
        };
        Option<bool> alone = new("--alone") { Description = "Leave anvil out." };
        Option<bool> json = new("--json") { Description = "Print one JSON object with a figure for each program." };
        Command command = new("bench", "Measure the machine, beside anvil where npm serves it.") { files, rounds, gas, alone, json };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(files) ?? [], Bounded(parsed.GetValue(rounds)), parsed.GetValue(gas), parsed.GetValue(alone),
            parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo[] files, int rounds, ulong? gas, bool alone, bool json, CancellationToken cancel)
    {
        Output output = Output.ForCommand(json);
        (string? anvil, string peer) = alone ? (null, "left out (--alone)") : await AnvilProgram.FindAsync(cancel);
        output.Line($"{Machine.Text}; beside: {peer}");

        // The newest fork without a cap on the gas of a transaction, but prices of precompiled contracts are those of this chain.
        bool precompiles = files is [{ Name: Precompiles, Exists: false }];
        EngineBenchOptions options = precompiles
            ? new(
                [.. PrecompilePrograms.All(EvmRules.Osaka)], EvmRules.Osaka, rounds, gas ?? PrecompileGasDefault, anvil, peer,
                Machine.Text)
            : new([.. Programs(files)], EvmRules.Prague, rounds, gas ?? GasDefault, anvil, peer, Machine.Text);
        BenchReport report = await EngineBench.RunAsync(options, figure => output.Line(Line(figure)), cancel);
        output.Line($"  {"geometric mean",-32} {Number(report.GeometricMean),12} Mgas/s"
            + (report.GeometricMeanRatio is { } ratio ? $"   {Number(ratio)} times anvil" : ""));
        if (json) Console.WriteLine(report.ToJson());
        return report.Programs.All(static one => one.SameGas != false) ? 0 : CommandFault.FailedExitCode;
    }

    private static IEnumerable<BenchProgram> Programs(FileInfo[] files)
    {
        foreach (FileInfo file in files.Length > 0 ? files : Defaults())
        {
            if (!file.Exists) throw new CommandFault($"there is no file {file.FullName}.", "name a file of state tests.");
            foreach (BenchProgram program in Read(file)) yield return program;
        }

        if (files.Length > 0) yield break;
        foreach (BenchProgram program in BenchProgram.OwnPrograms()) yield return program;
    }

    private static IReadOnlyList<BenchProgram> Read(FileInfo file)
    {
        try
        {
            return BenchProgram.Read(file.Name, File.ReadAllBytes(file.FullName));
        }
        catch (FormatException broken)
        {
            throw new CommandFault(broken.Message, "name a file of state tests.");
        }
    }

    private static FileInfo[] Defaults()
    {
        string? data = Environment.GetEnvironmentVariable(DataVariable);
        string folder = Path.Combine(data ?? "", "evm-benchmarks");
        if (string.IsNullOrEmpty(data) || !Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(static file => new FileInfo(file))];
    }

    private static string Line(BenchFigure figure)
    {
        string line = $"  {figure.Name,-32} {Number(figure.MgasPerSecond),12} Mgas/s";
        if (figure.Ratio is null) return line;
        string gas = figure.SameGas == true ? "" : "   GAS DIFFERS";
        return $"{line}   anvil {Number(figure.AnvilMgasPerSecond!.Value),10}   {Number(figure.Ratio.Value),8} times{gas}";
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);

    private static int Bounded(int rounds) => rounds is >= 1 and <= RoundsMax
        ? rounds : throw new CommandFault($"--rounds {rounds} is out of range.", $"choose 1 to {RoundsMax}.");
}
