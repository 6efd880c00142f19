using System.Text.Json;
using System.Text.Json.Serialization;

namespace CPChain.Fuzzing.Machine;

/// <summary>How far a campaign has come: what it needs to go on, and what it has shown so far.</summary>
/// <param name="Version">Of this file and of the cases that seeds stand for.</param>
/// <param name="From">First seed.</param>
/// <param name="Next">First seed that was not run yet.</param>
/// <param name="Defect">The mistake made on purpose; null for none.</param>
/// <param name="Totals">What came of the seeds before <paramref name="Next"/>.</param>
public sealed record MachineProgress(int Version, ulong From, ulong Next, string? Defect, MachineTotals Totals)
{
    /// <summary>Rises when seeds come to stand for other cases.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The campaign that a file keeps; null where there is none.</summary>
    public static MachineProgress? Load(string path) => File.Exists(path)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(path), MachineJson.Default.MachineProgress)
        : null;

    /// <summary>Replaces the file as a whole, so that a crash leaves the old one or the new one.</summary>
    public void Save(string path)
    {
        string part = path + ".part";
        File.WriteAllBytes(part, JsonSerializer.SerializeToUtf8Bytes(this, MachineJson.Default.MachineProgress));
        File.Move(part, path, overwrite: true);
    }
}

/// <summary>The file of a campaign.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(MachineProgress))]
internal sealed partial class MachineJson : JsonSerializerContext;
