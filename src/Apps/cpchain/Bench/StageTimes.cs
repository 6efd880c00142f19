using System.Diagnostics;
using CPChain.EvmTools.Benchmarks;

namespace CPChain.App.Bench;

/// <summary>Wall and processor time of the stages of one piece of work, repeated.</summary>
internal sealed class StageTimes
{
    private const double MillisecondsInSecond = 1e3;
    private const int LookEveryMs = 25;
    private const int RestWithinMs = 30_000;

    // Of one core: what threads use that only wait.
    private const double RestingShareMax = 0.04;

    private readonly Dictionary<string, List<double>> stages = [];
    private readonly Dictionary<string, List<double>> threads = [];
    private readonly List<double> walls = [];
    private readonly List<double> processor = [];
    private readonly List<double> pauses = [];
    private readonly List<double> afterwards = [];
    private readonly Stopwatch watch = new();
    private TimeSpan pausedAtStart;
    private TimeSpan processorAtStart;
    private double threadAtStart;
    private double sum;

    public void Begin()
    {
        // What made the work, such as the proposer of the block, leaves garbage that elsewhere is another process's.
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        sum = 0;
        pausedAtStart = GC.GetTotalPauseDuration();
        processorAtStart = Environment.CpuUsage.TotalTime;
        threadAtStart = CpuClock.OfThread();
        watch.Restart();
    }

    /// <summary>Ends the stage that began with the last call.</summary>
    public void Stage(string name)
    {
        double took = watch.Elapsed.TotalMilliseconds;
        Add(stages, name, took);
        Add(threads, name, (CpuClock.OfThread() - threadAtStart) * MillisecondsInSecond);
        sum += took;
        threadAtStart = CpuClock.OfThread();
        watch.Restart();
    }

    /// <summary>
    /// Ends the work, and waits until what it leaves to be done beside it is done: nodes of the trie written, tables of the store merged. Bounds
    /// speak of idle cores; what this takes is a figure of its own.
    /// </summary>
    public void End(CancellationToken cancel)
    {
        walls.Add(sum);
        pauses.Add((GC.GetTotalPauseDuration() - pausedAtStart).TotalMilliseconds);
        TimeSpan atEnd = Environment.CpuUsage.TotalTime;
        processor.Add((atEnd - processorAtStart).TotalMilliseconds);
        afterwards.Add((Rest(cancel) - atEnd).TotalMilliseconds);
    }

    // The store's threads tell nobody when they are done; the processor's clock does.
    private static TimeSpan Rest(CancellationToken cancel)
    {
        Stopwatch waited = Stopwatch.StartNew();
        TimeSpan last = Environment.CpuUsage.TotalTime;
        while (waited.ElapsedMilliseconds < RestWithinMs)
        {
            if (cancel.WaitHandle.WaitOne(LookEveryMs)) break;
            TimeSpan now = Environment.CpuUsage.TotalTime;
            if ((now - last).TotalMilliseconds <= LookEveryMs * RestingShareMax) return now;
            last = now;
        }

        return last;
    }

    /// <summary>Median and longest of the whole beside its bound, processor time during it and after it, and the median of each stage.</summary>
    public IEnumerable<BenchResult> Results(string name, string parameters, string bound, double boundMs)
    {
        yield return new($"{name} {parameters}", Median(walls), "ms", bound, boundMs, Machine.Text);
        yield return new($"{name}.longest {parameters}", Math.Round(walls.Max(), 1), "ms", bound, boundMs, Machine.Text);
        yield return new($"{name}.processor {parameters}", Median(processor), "ms", "wall time", Median(walls), Machine.Text);
        yield return new($"{name}.afterwards {parameters}", Median(afterwards), "ms", "processor time of the work", Median(processor), Machine.Text);
        yield return new($"{name}.collection {parameters}", Median(pauses), "ms", "wall time", Median(walls), Machine.Text);
        foreach ((string stage, List<double> times) in stages)
        {
            yield return new($"{name}.{stage} {parameters}", Median(times), "ms",
                "processor time of the calling thread", Median(threads[stage]), Machine.Text);
        }
    }

    /// <summary>Wall times of one stage.</summary>
    public IReadOnlyCollection<double> Of(string stage) => stages[stage];

    private static void Add(Dictionary<string, List<double>> to, string name, double value)
    {
        if (!to.TryGetValue(name, out List<double>? values)) to.Add(name, values = []);
        values.Add(value);
    }

    public static double Median(IReadOnlyCollection<double> values) => Math.Round(values.Order().ElementAt(values.Count / 2), 1);
}
