using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.ModelChecking;
using CPChain.ModelChecking.Counterexamples;

namespace CPChain.App.Modelling;

/// <summary>The result of a search or a replay as one JSON object.</summary>
internal sealed record ModelResult(
    int Validators, int Byzantine, int Rounds, int Blocks, string Rules, string Entry, string Progress, string Mishaps,
    long States, long LocalStates, int Depth, bool Complete, string? Violation, string? Stuck,
    IReadOnlyList<string> Trace, double Seconds, long MemoryMb);

/// <summary>One weakening of the campaign as JSON.</summary>
internal sealed record WeakeningResult(
    string Name, string Rule, string Description, int Rounds, int Blocks, long States, int Depth, int Steps,
    double Seconds, string? Finding);

/// <summary>One exploration of the campaign as JSON; a fault is anything but what is on record.</summary>
internal sealed record ExplorationResult(
    string Name, long States, int Depth, double Seconds, string Progress, string? Violation, string? Stuck, string? Fault);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ModelResult))]
[JsonSerializable(typeof(IReadOnlyList<WeakeningResult>))]
[JsonSerializable(typeof(IReadOnlyList<ExplorationResult>))]
internal sealed partial class ModelJson : JsonSerializerContext;

/// <summary>Where a search tells what it found: a person, a machine, a trace file, a picture.</summary>
internal sealed class ModelOutput(bool json, string? traceFile, string? pictureFile)
{
    private readonly Output _output = Output.ForCommand(json);

    /// <summary>Before a search of minutes, not after it.</summary>
    public void RequireWritable()
    {
        if (traceFile is not null) OutputFile.RequireWritable(traceFile);
        if (pictureFile is not null) OutputFile.RequireWritable(pictureFile);
    }

    public void Line(string text) => _output.Line(text);

    /// <summary>How far the search is, on standard error, over and over on one line of a terminal.</summary>
    public static void Progress(SearchProgress progress)
    {
        if (Console.IsErrorRedirected) return;
        Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\r{progress.Explored:N0} explored of {progress.States:N0} states, depth {progress.Depth}   "));
    }

    public static void EndProgress()
    {
        if (!Console.IsErrorRedirected) Console.Error.Write("\r".PadRight(70) + "\r");
    }

    public void Result(ModelResult result)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(result, ModelJson.Default.ModelResult));
    }

    public void Steps(IReadOnlyList<TraceStep> steps)
    {
        for (int number = 0; number < steps.Count; number++)
            Line(string.Create(CultureInfo.InvariantCulture, $"  {number + 1,2}. {steps[number].Sentence}"));
    }

    public void Keep(Counterexample counterexample)
    {
        if (traceFile is not null) File.WriteAllText(traceFile, counterexample.ToString());
        if (pictureFile is not null) File.WriteAllText(pictureFile, SpaceTimeDiagram.Draw(counterexample));
    }
}
