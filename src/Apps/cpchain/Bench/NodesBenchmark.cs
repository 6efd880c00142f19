using CPChain.Simulation.Nodes;

namespace CPChain.App.Bench;

/// <summary>
/// What one height of whole nodes costs: consensus, execution, journals, signatures, pool and ledger of all of them, on one thread, over
/// virtual links and disks. Calm worlds: nothing fails in them.
/// </summary>
internal sealed class NodesBenchmark : IBenchmark
{
    private const int Validators = 4;
    private const int Heights = 100;
    private const ulong WorldsBefore = 20;
    private const ulong Worlds = 20;
    private const double MillisecondsMax = 5;

    public string Name => "nodes.height";

    public string About => "processor time of one simulated height of whole nodes, 4 validators and 2 to 4 proposers, beside the bound";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        NodesSettings settings = new() { Heights = Heights, Validators = Validators, IsCalm = true };
        input.Progress($"{WorldsBefore} worlds of {Heights} heights until all is compiled for good, then {Worlds} more");
        Play(1, WorldsBefore, settings, cancel);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ulong heights = Play(WorldsBefore + 1, Worlds, settings, cancel);
        double milliseconds = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / heights;
        return Task.FromResult<IReadOnlyList<BenchResult>>(
        [
            new($"nodes.height n={Validators}", Math.Round(milliseconds, 2), "ms", "bound", MillisecondsMax, Machine.Text),
        ]);
    }

    private static ulong Play(ulong first, ulong worlds, NodesSettings settings, CancellationToken cancel)
    {
        ulong heights = 0;
        for (ulong seed = first; seed < first + worlds; seed++)
        {
            cancel.ThrowIfCancellationRequested();
            heights += RequireGood(NodesRun.Play(seed, settings)).Heights;
        }

        return heights;
    }

    private static NodesOutcome RequireGood(NodesOutcome outcome) => outcome.IsGood
        ? outcome
        : throw new CommandFault($"a calm world went wrong: {outcome}", "play it with sim --seed N --calm and report what it shows.");
}
