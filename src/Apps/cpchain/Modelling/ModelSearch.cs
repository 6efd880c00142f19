using System.Diagnostics;
using System.Globalization;
using CPChain.ModelChecking;
using CPChain.ModelChecking.Counterexamples;

namespace CPChain.App.Modelling;

/// <summary>One search: explore, tell, keep the counterexample.</summary>
internal static class ModelSearch
{
    public static int Run(ModelBounds bounds, ModelOutput output, CancellationToken cancel)
    {
        output.RequireWritable();
        Model model = bounds.ToModel();
        output.Line(Bounds(model, bounds.RulesName));
        Stopwatch watch = Stopwatch.StartNew();
        Report report = Explorer.Explore(model, ModelOutput.Progress, cancel);
        ModelOutput.EndProgress();
        IReadOnlyList<TraceStep> trace = report.Violation is null
            ? report.Trace : Replay.WithDecisions(model, report.Trace);
        double seconds = Math.Round(watch.Elapsed.TotalSeconds, 2);
        long memoryMb = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.States:N0} states ({report.LocalStates:N0} of one validator), depth {report.Depth}, {seconds:0.0} s, {memoryMb:N0} MB"));
        output.Line(Verdict(report));
        output.Steps(trace);
        if (!report.Holds && (report.Violation ?? report.Stuck) is { } finding)
            output.Keep(new Counterexample(model, bounds.RulesName, finding, trace));
        output.Result(new ModelResult(
            model.Committee.Validators, model.Byzantine, model.RoundMax, model.Blocks, bounds.RulesName,
            model.Entry.ToString(), model.Progress.ToString(), model.Mishaps.ToString(), report.States, report.LocalStates,
            report.Depth, report.IsComplete, report.Violation, report.Stuck, [.. trace.Select(step => step.Sentence)],
            seconds, memoryMb));
        return report.Holds ? 0 : CommandFault.FailedExitCode;
    }

    private static string Bounds(Model model, string rules) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Committee.Validators} validators, {model.Byzantine} Byzantine, rounds 0-{model.RoundMax}, "
        + $"{model.Blocks} block{(model.Blocks == 1 ? "" : "s")}, rules {rules}, entry {model.Entry}, progress {model.Progress}, "
        + $"mishaps {model.Mishaps}");

    private static string Verdict(Report report) => report switch
    {
        { Violation: { } violation } => $"VIOLATION: {violation}",
        { Stuck: { } stuck } => $"STUCK: {stuck}",
        { IsComplete: true } => "every state was visited: no violation, nothing stuck",
        _ => "GAVE UP: there are more states than --states-max; nothing is proven",
    };
}
