using System.Diagnostics;
using System.Globalization;
using CPChain.App.Devnet;
using CPChain.Sdk;

namespace CPChain.App.Bench;

/// <summary>What eight nodes, a process each, take of the machine while nothing happens but blocks. Reads /proc, so Linux alone.</summary>
internal sealed class IdleBenchmark : IBenchmark
{
    private const ulong PeriodMs = 1_000;
    private const ulong Blocks = 1_000;
    private const ulong BlocksBetweenWords = 100;
    private const double BytesPerKibibyte = 1_024;
    private static readonly TimeSpan MemoryAfter = TimeSpan.FromMinutes(10);

    public string Name => "idle";

    public string About => "memory after ten minutes and disk writes over 1,000 blocks of an idle devnet, a process a node";

    public bool IsLong => true;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        input.Progress($"{Blocks} blocks of {PeriodMs} ms; memory is read after {MemoryAfter.TotalMinutes} minutes");
        Stopwatch watch = Stopwatch.StartNew();
        await using BenchNetwork bench = await BenchNetwork.StartAsync(PeriodMs, cancel, processes: true);
        ChildNode[] nodes = [.. bench.Network.Nodes.OfType<ChildNode>()];
        using ChainClient client = bench.Network.Connect();
        ulong? first = null;
        double? memory = null;
        long[] written = [];
        await foreach (ulong head in new HeadWatch(client, TimeSpan.FromMilliseconds(PeriodMs)).NumbersAsync(cancel))
        {
            if (first is null) (first, written, watch) = (head, [.. nodes.Select(BytesWritten)], Restart(watch, input));
            if (head % BlocksBetweenWords == 0) input.Progress($"block {head}");
            if (memory is null && watch.Elapsed >= MemoryAfter) memory = nodes.Sum(MemoryGb);
            if (head < first + Blocks || memory is null) continue;
            double blocks = head - first.Value;
            double perBlock = nodes.Select((node, index) => (BytesWritten(node) - written[index]) / blocks).Max();
            return
            [
                Result("idle.memory nodes=8", memory.Value, "GB", null, null),
                Result("idle.writes of=the busiest node", perBlock / BytesPerKibibyte, "KiB/block", null, null),
                Result("idle.interval", watch.Elapsed.TotalMilliseconds / blocks, "ms/block", "the period", PeriodMs),
            ];
        }

        throw new OperationCanceledException(cancel);
    }

    private static Stopwatch Restart(Stopwatch sinceCommand, BenchInput input)
    {
        input.Progress($"first block {sinceCommand.Elapsed.TotalSeconds:0.0} s after the start");
        return Stopwatch.StartNew();
    }

    private static BenchResult Result(string name, double value, string unit, string? peer, double? peerValue) =>
        new(name, Math.Round(value, 3), unit, peer, peerValue, Machine.Text);

    // What the process gave to the system, whether or not it has reached the disk.
    private static long BytesWritten(ChildNode node) => Read(node, "io", "wchar:");

    private static double MemoryGb(ChildNode node) => Read(node, "smaps_rollup", "Pss:") * BytesPerKibibyte / 1e9;

    private static long Read(ChildNode node, string file, string field)
    {
        string line = File.ReadLines($"/proc/{node.ProcessId}/{file}").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
