using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using CPChain.Chain;
using CPChain.Rpc;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.App.Bench;

/// <summary>Raw transactions by batch RPC into the pool of one node, signed before, each durable in its journal when it is answered.</summary>
internal sealed class IngestBenchmark : IBenchmark
{
    private const int Senders = 400;
    private const int PerSender = 100;
    private const int Batch = 100;
    private const int Connections = 4;
    private const int WarmUps = 10_000;
    private const double PerSecondMin = 10_000;

    public string Name => "ingest";

    public string About => "raw transactions per second into one node's pool over batch RPC, with the client on the same machine";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        using BenchChain chain = new(Senders, Senders, new(), input.Progress);
        await using TransactionPool pool = TransactionPool.Open(
            Path.Combine(Path.GetDirectoryName(chain.Path)!, "pool"), new PoolOptions(), chain.Ledger.Rules, chain.Ledger.Head, chain.Ledger.HeadState);
        input.Progress($"signing {Senders * PerSender} transfers");
        Transaction[] signed = chain.SignMany(PerSender);
        byte[][] bodies = [.. signed.Chunk(Batch).Select(Body)];
        await using RpcServer server = await RpcServer.StartAsync(
            new RpcOptions { Port = 0 }, new RpcBackend { Chain = new LedgerSource(chain.Ledger), Pool = pool, NetworkName = "bench" }, cancel: cancel);
        await SendAsync(server.Url, bodies[..(WarmUps / Batch)], cancel);
        TimeSpan processorBefore = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        await SendAsync(server.Url, bodies[(WarmUps / Batch)..], cancel);
        double seconds = watch.Elapsed.TotalSeconds;
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - processorBefore).TotalSeconds;
        int sent = signed.Length - WarmUps;
        if (pool.Status().Pending != signed.Length) throw new InvalidOperationException("not all transactions wait");
        string parameters = $"batch={Batch} connections={Connections}";
        return
        [
            new($"ingest {parameters}", Math.Round(sent / seconds), "tx/s", "bound", PerSecondMin, Machine.Text),
            new($"ingest.processor {parameters}", Math.Round(processor / sent * 1e6, 1), "us/tx",
                "one recovery of a signature", Math.Round(RecoveryMicroseconds(signed), 1), Machine.Text),
        ];
    }

    private static async Task SendAsync(Uri url, byte[][] bodies, CancellationToken cancel)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using HttpClient client = new();
            for (int mine = Interlocked.Increment(ref next); mine < bodies.Length; mine = Interlocked.Increment(ref next))
            {
                using ByteArrayContent content = new(bodies[mine]);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using HttpResponseMessage answer = await client.PostAsync(url, content, cancel);
                string text = await answer.Content.ReadAsStringAsync(cancel);
                if (text.Contains("\"error\"", StringComparison.Ordinal)) throw new InvalidOperationException(text[..Math.Min(text.Length, 400)]);
            }
        }));
    }

    private static byte[] Body(Transaction[] batch) => Encoding.UTF8.GetBytes("[" + string.Join(",", batch.Select((one, index) =>
        $$"""{"jsonrpc":"2.0","id":{{index}},"method":"eth_sendRawTransaction","params":["{{Hex.Encode(one.Encoded.Span)}}"]}""")) + "]");

    private static double RecoveryMicroseconds(Transaction[] signed)
    {
        Transaction[] fresh = [.. signed.Take(2_000).Select(one =>
            Transaction.TryDecode(one.Encoded.Span, out Transaction? again, out _) ? again : throw new InvalidOperationException("not read again"))];
        Stopwatch watch = Stopwatch.StartNew();
        foreach (Transaction transaction in fresh) transaction.TryRecoverSender(out _);
        return watch.Elapsed.TotalMicroseconds / fresh.Length;
    }
}
