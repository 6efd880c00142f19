using CPChain.EvmTools.Benchmarks;
using CPChain.Simulation;

namespace CPChain.Fuzzing.Decoders;

/// <summary>
/// Shows all decoders mutated bytes in turns. Each thread has chance of its own, so that a run with one thread and a number of cases is the
/// same every time.
/// </summary>
public static class DecoderCampaign
{
    private const int Turn = 200;

    /// <summary>Runs until the cases are shown, the processor time of all threads is used, or the caller has had enough.</summary>
    /// <param name="entries">The decoders.</param>
    /// <param name="seed">What chance begins with.</param>
    /// <param name="cases">Inputs of all decoders together.</param>
    /// <param name="seconds">Processor time of all threads together.</param>
    /// <param name="jobs">Threads.</param>
    /// <param name="cancel">Ends it after a turn.</param>
    public static DecoderTotals Run(
        IReadOnlyList<DecoderEntry> entries, ulong seed, long cases, double seconds, int jobs, CancellationToken cancel)
    {
        (DecoderRun[] Runs, double Seconds)[] done = new (DecoderRun[], double)[jobs];
        Thread[] threads = new Thread[jobs];
        for (int job = 0; job < jobs; job++)
        {
            int own = job;
            // A stack of the usual size: what recurses too deeply must be found.
            threads[job] = new Thread(() => done[own] = RunOne(entries, unchecked(seed + ((ulong)own << 32)), cases / jobs, seconds / jobs, cancel));
            threads[job].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        List<DecoderTally> tallies = [];
        for (int index = 0; index < entries.Count; index++)
        {
            DecoderTally[] parts = [.. done.Select(one => one.Runs[index].Tally)];
            tallies.Add(new DecoderTally(
                entries[index].Name, parts.Sum(static one => one.Inputs), parts.Sum(static one => one.Taken),
                parts.Max(static one => one.AllocatedMost), parts.Max(static one => one.SecondsMost)));
        }

        return new DecoderTotals(
            seed, tallies.Sum(static one => one.Inputs), tallies.Sum(static one => one.Taken), done.Sum(static one => one.Seconds), tallies,
            [.. done.SelectMany(static one => one.Runs).SelectMany(static run => run.Failures)]);
    }

    private static (DecoderRun[] Runs, double Seconds) RunOne(
        IReadOnlyList<DecoderEntry> entries, ulong seed, long cases, double seconds, CancellationToken cancel)
    {
        double start = CpuClock.OfThread();
        SeededRandom chance = new(seed);
        DecoderRun[] runs = [.. entries.Select(entry => new DecoderRun(entry, new SeededRandom(chance.Next())))];
        foreach (DecoderRun run in runs) run.TrySeeds();
        long left = cases;
        while (left > 0 && !cancel.IsCancellationRequested)
        {
            foreach (DecoderRun run in runs)
            {
                int turn = (int)Math.Min(Turn, left);
                run.Run(turn);
                left -= turn;
                if (left == 0 || CpuClock.OfThread() - start >= seconds) return (runs, CpuClock.OfThread() - start);
            }
        }

        return (runs, CpuClock.OfThread() - start);
    }
}
