using System.Text.Json;
using System.Text.Json.Serialization;

namespace CPChain.App.Bench;

/// <summary>One figure, with something to hold it against from the same run where there is such a thing.</summary>
/// <param name="Name">area.operation, with parameters as key=value.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Peer">What stands beside it: another implementation or a physical limit.</param>
/// <param name="PeerValue">The peer's figure in the same unit.</param>
/// <param name="Machine">Processor, cores, system and runtime.</param>
public sealed record BenchResult(string Name, double Value, string Unit, string? Peer, double? PeerValue, string Machine)
{
    public static string ToJson(IReadOnlyList<BenchResult> results) => JsonSerializer.Serialize(results, BenchJson.Default.IReadOnlyListBenchResult);
}

/// <summary>JSON of the results, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<BenchResult>))]
internal sealed partial class BenchJson : JsonSerializerContext;
