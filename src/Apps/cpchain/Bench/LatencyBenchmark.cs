using System.Diagnostics;
using CPChain.App.Devnet;
using CPChain.Consensus;

namespace CPChain.App.Bench;

/// <summary>From the sight of a proposal to its certificate, on an idle chain; beside it one synchronised write of this disk.</summary>
internal sealed class LatencyBenchmark : IBenchmark
{
    private const ulong PeriodMs = 1_000;
    private const ulong Blocks = 40;
    private const int Writes = 200;

    public string Name => "latency";

    public string About => "proposal to certificate on an idle devnet, median and 99th percentile, against one fsync";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        input.Progress($"{Blocks} blocks of {PeriodMs} ms");
        await using BenchNetwork bench = await BenchNetwork.StartAsync(PeriodMs, cancel);
        foreach (ChainServer validator in bench.Validators) await validator.Node.WaitForBlockAsync(Blocks, cancel);
        DurationSummary[] all = [.. bench.Validators.Select(validator => validator.Node.Metrics.ProposalToCertificate())];
        double fsync = Math.Round(FsyncMedianMs(), 3);
        return
        [
            new("consensus.proposal-to-certificate quantile=median", Math.Round(all.Average(one => one.MedianMs), 2), "ms", "one write and fsync of 4 KiB", fsync, Machine.Text),
            new("consensus.proposal-to-certificate quantile=p99", Math.Round(all.Max(one => one.P99Ms), 2), "ms", "one write and fsync of 4 KiB", fsync, Machine.Text),
        ];
    }

    private static double FsyncMedianMs()
    {
        string path = Path.GetTempFileName();
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] page = new byte[4096];
            double[] times = new double[Writes];
            for (int i = 0; i < Writes; i++)
            {
                long from = Stopwatch.GetTimestamp();
                file.Write(page);
                file.Flush(flushToDisk: true);
                times[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            }

            Array.Sort(times);
            return times[Writes / 2];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
