using System.Text.Json;
using System.Text.Json.Serialization;

namespace CPChain.Simulation.Twins;

/// <summary>How far a campaign has come: what it needs to go on, and what it has shown so far.</summary>
/// <param name="Version">Of this file and of the numbering of scenarios.</param>
/// <param name="Validators">n.</param>
/// <param name="Seed">The order of scenarios.</param>
/// <param name="Weaken">The weakening of the rules; null for none.</param>
/// <param name="From">First position of the campaign.</param>
/// <param name="Next">First position that is not played yet.</param>
/// <param name="Totals">What positions From to Next - 1 have shown.</param>
public sealed record TwinProgress(
    int Version, int Validators, ulong Seed, string? Weaken, long From, long Next, TwinTotals Totals)
{
    public const int CurrentVersion = 1;

    /// <summary>The campaign that a file keeps; null where there is none.</summary>
    public static TwinProgress? Load(string path) => File.Exists(path)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(path), TwinJson.Default.TwinProgress)
        : null;

    /// <summary>Replaces the file as a whole, so that a crash leaves the old one or the new one.</summary>
    public void Save(string path)
    {
        string part = path + ".part";
        File.WriteAllBytes(part, JsonSerializer.SerializeToUtf8Bytes(this, TwinJson.Default.TwinProgress));
        File.Move(part, path, overwrite: true);
    }
}

/// <summary>The file of a campaign.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(TwinProgress))]
internal sealed partial class TwinJson : JsonSerializerContext;
