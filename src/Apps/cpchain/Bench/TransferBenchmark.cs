using System.Diagnostics;
using System.Text.Json.Nodes;
using CPChain.App.Devnet;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Bench;

/// <summary>Transfers per second that a devnet takes over RPC and makes final; all nodes and the load share this machine.</summary>
internal sealed class TransferBenchmark : IBenchmark
{
    private const ulong PeriodMs = 1_000;
    private const int Transfers = 20_000;
    private const int Batch = 100;
    private const int Recoveries = 2_000;
    private static readonly UInt256 FeeCap = Units.Gwei * 1_000UL;

    public string Name => "transfers";

    public string About => "transfers through devnet over batch RPC to final blocks, per second, against one core's signature recoveries";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        input.Progress($"signing {Transfers} transfers");
        Transaction[][] perAccount = [.. Enumerable.Range(0, DevnetAccounts.Count).Select(Sign)];
        double recoveries = RecoveriesPerSecond(perAccount[0]);
        await using BenchNetwork bench = await BenchNetwork.StartAsync(PeriodMs, cancel);
        ChainNodeHead front = new(bench.Network);
        await front.WaitForBlockAsync(2, cancel);
        input.Progress("sending");
        Stopwatch watch = Stopwatch.StartNew();
        Task load = Task.WhenAll(perAccount.Select(transactions => SendAsync(bench.Network.RpcUrl, transactions, cancel)));
        (ulong blocks, TimeSpan took) = await front.WaitForTransactionsAsync(Transfers, watch, cancel);
        await load;
        return
        [
            new($"devnet.transfers nodes=8 period={PeriodMs}ms batch={Batch}", Math.Round(Transfers / took.TotalSeconds, 0), "tx/s",
                "signature recoveries on one core (each of 8 nodes needs one a transfer)", Math.Round(recoveries, 0), Machine.Text),
            new("devnet.transfers.blocks", blocks, "blocks", null, null, Machine.Text),
        ];
    }

    private static Transaction[] Sign(int account)
    {
        using PrivateKey key = DevnetAccounts.Key(account);
        Address to = DevnetAccounts.At((account + 1) % DevnetAccounts.Count);
        Transaction[] signed = new Transaction[Transfers / DevnetAccounts.Count];
        for (int nonce = 0; nonce < signed.Length; nonce++)
        {
            UnsignedTransaction unsigned = UnsignedTransaction.FeeMarket(
                DevnetAccounts.ChainId, (ulong)nonce, FeeCap, Units.Gwei, 21_000) with
            { To = to, Value = UInt256.One };
            signed[nonce] = Transaction.Sign(unsigned, key);
        }

        return signed;
    }

    private static async Task SendAsync(Uri url, Transaction[] transactions, CancellationToken cancel)
    {
        using ChainClient client = new(url);
        foreach (Transaction[] batch in transactions.Chunk(Batch))
        {
            await client.AskAllAsync(
                [.. batch.Select(transaction => ("eth_sendRawTransaction", new JsonArray(Hex.Encode(transaction.Encoded.Span))))], cancel);
        }
    }

    private static double RecoveriesPerSecond(Transaction[] transactions)
    {
        Stopwatch watch = Stopwatch.StartNew();
        foreach (Transaction transaction in transactions.Take(Recoveries))
        {
            Transaction.TryDecode(transaction.Encoded.Span, out Transaction? fresh, out _);
            fresh!.TryRecoverSender(out _);
        }

        return Math.Min(Recoveries, transactions.Length) / watch.Elapsed.TotalSeconds;
    }
}
