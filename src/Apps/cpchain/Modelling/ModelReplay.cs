using CPChain.ModelChecking;
using CPChain.ModelChecking.Counterexamples;

namespace CPChain.App.Modelling;

/// <summary>A written counterexample, run through whole validators.</summary>
internal static class ModelReplay
{
    private const long BytesMax = 1 << 20;

    public static int Run(string file, ModelOutput output)
    {
        if (!File.Exists(file)) throw new CommandFault($"there is no file {file}.", "name a file that --trace has written.");
        if (new FileInfo(file).Length > BytesMax) throw new CommandFault($"{file} is too long for a trace.", "name another file.");
        Counterexample counterexample = Counterexample.TryParse(File.ReadAllText(file), out string fault)
            ?? throw new CommandFault($"{file} is no trace: {fault}.", "name a file that --trace has written.");

        Replay replay = Replay.Run(counterexample.Model, counterexample.Steps);
        IReadOnlyList<TraceStep> steps = [.. replay.Steps.Select(step => step.Step with { Outcome = step.Outcome })];
        output.Steps(steps);
        if (replay.Impossible is { } impossible) output.Line($"IMPOSSIBLE: {impossible}");
        output.Line(replay.Violation is { } violation ? $"VIOLATION: {violation}" : "no guarantee is broken");
        output.Keep(counterexample);
        Model model = counterexample.Model;
        output.Result(new ModelResult(
            model.Committee.Validators, model.Byzantine, model.RoundMax, model.Blocks, counterexample.RulesName,
            model.Entry.ToString(), model.Progress.ToString(), model.Mishaps.ToString(), 0, 0, steps.Count, false,
            replay.Violation ?? replay.Impossible, null, [.. steps.Select(step => step.Sentence)], 0, 0));
        return replay.Violation is null && replay.Impossible is null ? 0 : CommandFault.FailedExitCode;
    }
}
