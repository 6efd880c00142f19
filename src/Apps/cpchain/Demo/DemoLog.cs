using System.Diagnostics;
using CPChain.App.Demo.People;
using CPChain.App.Terminal;
using CPChain.Pdash.Progress;

namespace CPChain.App.Demo;

/// <summary>What a run has shown so far; each entry is printed as it comes.</summary>
public sealed class DemoLog(Output output)
{
    private readonly Lock gate = new();
    private readonly List<DemoCheck> checks = [];
    private readonly List<DemoStage> stages = [];
    private readonly List<DemoTransaction> transactions = [];

    public IReadOnlyList<DemoCheck> Checks
    {
        get
        {
            lock (gate) return [.. checks];
        }
    }

    public IReadOnlyList<DemoStage> Stages
    {
        get
        {
            lock (gate) return [.. stages];
        }
    }

    public IReadOnlyList<DemoTransaction> Transactions
    {
        get
        {
            lock (gate) return [.. transactions];
        }
    }

    /// <summary>Runs a part of the demo under a heading.</summary>
    public async Task<T> StageAsync<T>(string name, Func<Task<T>> part)
    {
        output.Heading(name);
        Stopwatch watch = Stopwatch.StartNew();
        T result = await part();
        lock (gate) stages.Add(new DemoStage(name, watch.ElapsedMilliseconds));
        return result;
    }

    public Task StageAsync(string name, Func<Task> part) => StageAsync(name, async () =>
    {
        await part();
        return true;
    });

    /// <summary>Something that must happen. What goes wrong inside it fails the check, not the run; a full disk ends the run.</summary>
    public async Task CheckAsync(PlatformLayer layer, string name, Func<Task<(bool Passed, string Proven)>> show)
    {
        Stopwatch watch = Stopwatch.StartNew();
        bool passed;
        string proven;
        try
        {
            (passed, proven) = await show();
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or CommandFault) && !Failures.IsDiskFull(failure))
        {
            (passed, proven) = (false, failure.Message);
        }

        DemoCheck check = new(name, Name(layer), passed, proven, watch.ElapsedMilliseconds);
        lock (gate) checks.Add(check);
        output.Step(passed, check.Layer, name, check.Milliseconds);
        output.Detail(proven);
    }

    /// <summary>Prints a participant's step.</summary>
    public void Step(string who, StepReport step)
    {
        output.Step(true, Name(step.Layer), $"{who}: {step.Name}", (long)step.Ms);
        output.Detail(step.Proven);
    }

    public void Transaction(string what, Transacted transacted)
    {
        lock (gate) transactions.Add(new DemoTransaction(what, transacted.Hash.ToString(), transacted.Block, transacted.Gas));
    }

    private static string Name(PlatformLayer layer) => layer.ToString().ToLowerInvariant();
}
