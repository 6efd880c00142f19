using System.Globalization;
using CPChain.Evm;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>What to measure.</summary>
/// <param name="Programs">The programs.</param>
/// <param name="Rules">The fork on which both engines run.</param>
/// <param name="Rounds">How often each is timed.</param>
/// <param name="Gas">Least gas of one timed call.</param>
/// <param name="Anvil">Path of anvil; null leaves it out.</param>
/// <param name="Peer">What stands in the report for anvil where it is left out.</param>
/// <param name="Machine">Processor, cores, system and runtime.</param>
public sealed record EngineBenchOptions(
    IReadOnlyList<BenchProgram> Programs, EvmRules Rules, int Rounds, ulong Gas, string? Anvil, string Peer, string Machine);

/// <summary>The benchmark of the machine, with anvil beside it.</summary>
public static class EngineBench
{
    /// <summary>Runs all programs and reports each as soon as it is known.</summary>
    public static async Task<BenchReport> RunAsync(
        EngineBenchOptions options, Action<BenchFigure> onFigure, CancellationToken cancel)
    {
        double load = Load();
        await using Anvil? anvil = options.Anvil is null ? null : await Anvil.StartAsync(options.Anvil, options.Rules, cancel);
        BenchRun run = new(anvil, options.Rules, options.Rounds, options.Gas);
        List<BenchFigure> figures = [];
        foreach (BenchProgram program in options.Programs)
        {
            figures.Add(await run.MeasureAsync(program, cancel));
            onFigure(figures[^1]);
        }

        return new BenchReport(options.Machine, load, options.Rules.Name, options.Rounds, options.Peer, figures);
    }

    private static double Load() =>
        File.Exists("/proc/loadavg")
        && double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture, out double load)
            ? load
            : 0;
}
