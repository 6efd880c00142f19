using System.Diagnostics;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.TxPool;

namespace CPChain.App.Bench;

/// <summary>Blocks of 10,000 transfers as one node imports them, one after the other, to the durable commit.</summary>
internal sealed class ImportBenchmark : IBenchmark
{
    private const int Keyed = 40_000;
    private const int WarmUps = 4;
    private const int Rounds = 6;
    private const double UnknownMsMax = 400;
    private const double KnownMsMax = 200;
    private static readonly LedgerOptions Options = new();

    public string Name => "import";

    public string About => "import of a block of 10,000 signed transfers among 1,000,000 accounts (--accounts): decoding, senders, execution, roots, receipts, durable commit";

    public bool IsLong => true;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        using BenchChain chain = new(input.Accounts, Keyed, Options, input.Progress);
        string journal = Path.Combine(Path.GetDirectoryName(chain.Path)!, "pool");
        await using TransactionPool pool = TransactionPool.Open(
            journal, new PoolOptions(), chain.Ledger.Rules, chain.Ledger.Head, chain.Ledger.HeadState);
        StageTimes unknown = new(), known = new();
        List<double> recoveries = [];
        input.Progress("importing");
        for (int round = -WarmUps; round < Rounds; round++)
        {
            foreach (bool isKnown in (bool[])[false, true])
            {
                cancel.ThrowIfCancellationRequested();
                Block made = chain.MakeBlock();
                byte[] bytes = made.Encode();
                if (isKnown) pool.AddFromPeer([.. Decode(bytes, chain.Ledger.Rules).Transactions]);
                else if (round >= 0) recoveries.Add(RecoverAlone(Decode(bytes, chain.Ledger.Rules)));
                Import(chain.Ledger, pool, bytes, round < 0 ? new StageTimes() : isKnown ? known : unknown, cancel);
            }
        }

        string parameters = $"transfers={BenchChain.TransfersInBlock} accounts={input.Accounts} cache={Options.CacheBytes >> 20}MiB";
        return
        [
            .. unknown.Results("import", $"senders=unknown {parameters}", "bound on 2 idle cores", UnknownMsMax),
            .. known.Results("import", $"senders=known {parameters}", "bound on 2 idle cores", KnownMsMax),
            new($"import.recovery {parameters}", StageTimes.Median(unknown.Of("senders")), "ms",
                "the signatures alone, on one thread", StageTimes.Median(recoveries), Machine.Text),
            new($"import.fsync bytes=4096", Sync(journal), "ms", null, null, Machine.Text),
        ];
    }

    private static void Import(ChainLedger ledger, TransactionPool pool, byte[] bytes, StageTimes times, CancellationToken cancel)
    {
        ChainRules rules = ledger.Rules;
        times.Begin();
        Block block = pool.Intern(Decode(bytes, rules));
        times.Stage("decode");
        LedgerState state = ledger.HeadState;
        SenderRecovery.Run(block.Transactions, state, TaskScheduler.Default);
        times.Stage("senders");
        ExecutionOutcome outcome = BlockExecutor.Execute(block, ledger.Head, state, rules);
        times.Stage("execution");
        ledger.Append(block, BenchChain.Certificate, outcome.Result ?? throw new InvalidOperationException($"{outcome.Fault}"));
        times.Stage("commit");
        pool.OnFinal(block, outcome.Result, ledger.HeadState);
        times.Stage("pool");
        times.End(cancel);
    }

    private static Block Decode(byte[] bytes, ChainRules rules) =>
        Block.TryDecode(bytes, rules.Limits, out Block? block, out BlockFault fault) ? block : throw new InvalidOperationException($"{fault}");

    private static double RecoverAlone(Block block)
    {
        Stopwatch watch = Stopwatch.StartNew();
        foreach (Transaction transaction in block.Transactions) transaction.TryRecoverSender(out _);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Sync(string beside)
    {
        const int times = 51;
        using FileStream file = new(beside + ".sync", FileMode.Create);
        List<double> took = [];
        for (int i = 0; i < times; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            file.Write(new byte[4_096]);
            file.Flush(flushToDisk: true);
            took.Add(watch.Elapsed.TotalMilliseconds);
        }

        return Math.Round(took.Order().ElementAt(times / 2), 2);
    }
}
