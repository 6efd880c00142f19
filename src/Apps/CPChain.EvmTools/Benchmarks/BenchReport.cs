using System.Text.Json;
using System.Text.Json.Serialization;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>What one program reached. Speeds are the best of all rounds, in millions of gas a second.</summary>
/// <param name="Name">File and input.</param>
/// <param name="Gas">Gas of the timed call.</param>
/// <param name="MgasPerSecond">This project's machine, by processor time.</param>
/// <param name="WallMgasPerSecond">The same by wall time.</param>
/// <param name="AnvilMgasPerSecond">Anvil's engine on the same call, by processor time; null where it was not there.</param>
/// <param name="AnvilWallMgasPerSecond">The same by wall time.</param>
/// <param name="Ratio">Median over the pairs of rounds, by processor time.</param>
/// <param name="SameGas">Whether both used the same gas.</param>
public sealed record BenchFigure(
    string Name, ulong Gas, double MgasPerSecond, double WallMgasPerSecond, double? AnvilMgasPerSecond,
    double? AnvilWallMgasPerSecond, double? Ratio, bool? SameGas);

/// <summary>A whole run.</summary>
/// <param name="Machine">Processor, cores, system and runtime.</param>
/// <param name="LoadBefore">Load average of one minute when the run began.</param>
/// <param name="Fork">Rule set of both engines.</param>
/// <param name="Rounds">How often each program was timed.</param>
/// <param name="Peer">Version of anvil, or why it was left out.</param>
/// <param name="Programs">One figure each.</param>
public sealed record BenchReport(
    string Machine, double LoadBefore, string Fork, int Rounds, string Peer, IReadOnlyList<BenchFigure> Programs)
{
    /// <summary>Geometric mean of our speeds, Mgas/s.</summary>
    public double GeometricMean => Mean(Programs.Select(static one => one.MgasPerSecond));

    /// <summary>Geometric mean of the ratios to anvil; null without it.</summary>
    public double? GeometricMeanRatio => Programs.Count > 0 && Programs.All(static one => one.Ratio is not null)
        ? Mean(Programs.Select(static one => one.Ratio!.Value))
        : null;

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BenchReportJson.Default.BenchReport);

    private static double Mean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}

/// <summary>JSON of the report, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchReportJson : JsonSerializerContext;
