using System.Diagnostics;
using CPChain.App.Demo.People;
using CPChain.App.Devnet;
using CPChain.App.Terminal;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Csv;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Wire;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>
/// The main job from end to end: readings are collected, packed, encrypted, stored, anchored, sold, delivered through proxies,
/// verified and paid for; then it is broken on purpose. Every step goes through public interfaces and real sockets.
/// </summary>
public sealed class DemoRun(DemoOptions options, DemoHooks hooks, Output output)
{
    private const string StreamName = "demo";
    private const string SampledTimeColumn = "time_s";
    private const string ReceivedFile = "received.csv";
    private static readonly UInt256 Price = Units.Cpc * 25UL;
    private static readonly UInt256 ProxyFee = Units.Cpc;
    private static readonly UInt256 Pocket = Units.Cpc * 100UL;

    private readonly DemoLog log = new(output);
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public async Task<DemoReport> RunAsync(CancellationToken cancel)
    {
        if (options.DataFile is not null) DemoInput.DemandFile(options.DataFile);
        using DemoFolder folder = DemoFolder.Create(options.KeepFolder);
        try
        {
            DemoInput.DemandRoom(folder.Path, options.DataFile);
            return await RunAsync(folder, cancel);
        }
        catch (Exception failure) when (failure is OperationCanceledException
            || (Failures.TryExplain(failure, out _) && failure is not InvariantViolation and not ChainClientException))
        {
            // Not a defect to look into: nothing half-made stays.
            folder.Discard();
            throw;
        }
    }

    private async Task<DemoReport> RunAsync(DemoFolder folder, CancellationToken cancel)
    {
        CsvTable? given = options.DataFile is null ? null : DemoInput.Read(options.DataFile);
        if (given is not null) _ = DemoCut.For(given, options.TimeColumn);
        DevnetShape shape = new(PeriodMs: 1_000, Validators: 4, Proposers: 4, StorageNodes: 6, Proxies: 3, RpcPort: 0);
        DevnetFolder plan = DevnetFolder.OpenOrCreate(folder.Path, shape, (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await using DemoPeople people = DemoPeople.Begin(plan, options, hooks, log, cancel);
        Task<Readings> readings = given is null
            ? SampleAsync(people, cancel) : Task.FromResult(new Readings(options.DataFile!, given, options.TimeColumn));
        await using DemoScene scene = await log.StageAsync(
            "Network", async () => DemoScene.Around(await LocalNetwork.StartAsync(plan, options.Processes, hooks.Nodes, cancel), people));
        return await scene.Network.GuardAsync(running => ShowAsync(scene, folder, readings, running), cancel);
    }

    private async Task<DemoReport> ShowAsync(DemoScene scene, DemoFolder folder, Task<Readings> readings, CancellationToken cancel)
    {
        await log.CheckAsync(PlatformLayer.Control, "4 validators and 4 proposers make blocks", async () =>
        {
            ulong head = await scene.WaitForBlockAsync(1, cancel);
            return (head >= 1, $"block {head} is final, chain id {scene.Genesis.ChainId}, a block every {scene.Genesis.Times.PeriodMs} ms");
        });
        Cast people = await log.StageAsync("People and proxies", () => EnterAsync(scene, cancel));
        await log.StageAsync("Nodes that fail", () => new NodeFaults(scene, log).ShowAsync(cancel));
        Readings taken = await log.StageAsync("Readings", () => readings);
        scene.Table = taken.Table;
        await log.StageAsync("Protect and prove", () => CollectAsync(scene, people, taken, cancel));
        await log.StageAsync("Sell and deliver", () => SellAsync(scene, people, Path.Combine(folder.Path, ReceivedFile), cancel));
        UInt256 sellerPaid = await log.StageAsync("Pay", () => PayAsync(scene, people, cancel));
        await log.StageAsync("Attacks and damage", () => new DataFaults(scene, log, hooks.Cipher).ShowAsync(cancel));
        if (hooks.Observe is not null) await hooks.Observe(scene);
        return await ReportAsync(scene, taken.Table, sellerPaid, cancel);
    }

    private async Task<Readings> SampleAsync(DemoPeople people, CancellationToken cancel)
    {
        IGatewayDesk gateway = await people.Gateway;
        string path = await gateway.SampleAsync(options.SampleFor, options.SampleEvery, cancel);
        return new Readings(path, DemoInput.Read(path), SampledTimeColumn);
    }

    private async Task<Cast> EnterAsync(DemoScene scene, CancellationToken cancel)
    {
        DemoPeople people = scene.People;
        Cast cast = new(await people.Seller, await people.Gateway, await people.Buyer, await people.Researcher);
        using PrivateKey rich = DevnetAccounts.Key(0);
        using AccountSender faucet = new(scene.Client, rich);
        Address[] all = [cast.Seller.Address, cast.Buyer.Address, cast.Researcher.Address, .. scene.Proxies];
        List<Hash256> sent = [];
        foreach (Address address in all) sent.Add(await faucet.SendAsync(address, default, Pocket, gasLimit: 21_000, cancel: cancel));
        foreach (Hash256 hash in sent) await scene.Client.WaitForReceiptAsync(hash, TimeSpan.FromSeconds(30), cancel);
        await log.CheckAsync(PlatformLayer.Contract, "3 proxies register with their stake", async () =>
        {
            MarketContract market = new(scene.Client);
            foreach (Address proxy in scene.Proxies)
            {
                while (await market.GetProxyAsync(proxy, default, cancel) is null)
                {
                    await scene.WaitForBlockAsync(await scene.Client.GetBlockNumberAsync(cancel) + 1, cancel);
                }
            }

            return (true, $"{Units.FormatCpc(MarketContract.MinStake)} each; any two of them can re-encrypt, none can read");
        });
        await new DemoReputation(scene, log).JoinAsync(cast.Seller.Address, cancel);
        return cast;
    }

    private async Task CollectAsync(DemoScene scene, Cast people, Readings taken, CancellationToken cancel)
    {
        StreamProfile profile = DemoCut.For(taken.Table, taken.TimeColumn);
        Hash256 stream = await people.Seller.RegisterStreamAsync(StreamName, profile, people.Gateway.Address, cancel);
        CollectJob job = new(taken.Path, taken.TimeColumn, stream, profile, people.Seller.Peer);
        scene.Collected = await people.Gateway.CollectAsync(job, cancel);
        foreach ((AnchorReply anchor, int index) in scene.Collected.Anchors.Select((anchor, index) => (anchor, index)))
        {
            log.Transaction($"anchor {index + 1}", new Transacted(anchor.TransactionHash, anchor.BlockNumber, anchor.GasUsed));
        }

        await log.CheckAsync(PlatformLayer.Control, "One record on the chain for u blocks", async () =>
        {
            int blocks = scene.Collected.Uploads.Sum(upload => upload.Manifest.Blocks.Count);
            int expected = (blocks + profile.BlocksPerUpload - 1) / profile.BlocksPerUpload;
            RegisteredStream onChain = await new DataRegistryContract(scene.Client).GetStreamAsync(stream, default, cancel);
            bool passed = onChain.Records == expected && onChain.NextSeq == (ulong)blocks;
            return (passed, $"{blocks} blocks of {profile.PeriodMs} ms, a key for {profile.BlocksPerKey}, {onChain.Records} records on the chain");
        });
    }

    private async Task SellAsync(DemoScene scene, Cast people, string saveAs, CancellationToken cancel)
    {
        CollectReport collected = scene.Collected!;
        ulong last = collected.Uploads[^1].Manifest.Blocks[^1].Header.Interval;
        Offer whole = new(collected.Shape.StreamId, 0, last, Price, ProxyFee, scene.Proxies, Threshold: 2);
        Offer first = whole with { LastInterval = 0, Price = Units.Cpc };
        Task<DemoSale> sale = DemoSale.MakeAsync(new("all", whole, saveAs), people.Seller, people.Buyer, scene, log, cancel);
        Task<DemoSale> small = DemoSale.MakeAsync(new("interval 0", first, null), people.Seller, people.Researcher, scene, log, cancel);
        await Task.WhenAll(sale, small);
        scene.Sale = await sale;
        scene.SmallSale = await small;
        await log.CheckAsync(PlatformLayer.Application, "The buyer has the readings, byte for byte", async () =>
        {
            byte[] file = await File.ReadAllBytesAsync(saveAs, cancel);
            bool same = scene.Table!.HasBytes(file);
            return (same, $"{scene.Sale.Fetched.Rows} rows, {file.Length} bytes, each verified against the chain");
        });
    }

    private async Task<UInt256> PayAsync(DemoScene scene, Cast people, CancellationToken cancel)
    {
        UInt256 paid = UInt256.Zero;
        MarketContract market = new(scene.Client);
        await log.CheckAsync(PlatformLayer.Contract, "Seller and proxies are paid", async () =>
        {
            UInt256 owed = await market.GetOwedAsync(people.Seller.Address, default, cancel);
            log.Transaction("seller withdraws", await people.Seller.WithdrawAsync(cancel));
            paid = owed;
            foreach (Address proxy in scene.Proxies)
            {
                while (!(await market.GetOwedAsync(proxy, default, cancel)).IsZero)
                {
                    await scene.WaitForBlockAsync(await scene.Client.GetBlockNumberAsync(cancel) + 1, cancel);
                }
            }

            MarketSums sums = await market.GetSumsAsync(default, cancel);
            bool conserved = sums.Balance == sums.Escrow + sums.Owed + sums.Stakes;
            return (conserved && owed == Price + Units.Cpc,
                $"the seller took {Units.FormatCpc(owed)}, each proxy {Units.FormatCpc(ProxyFee + ProxyFee)}; the market's books balance");
        });
        await new DemoReputation(scene, log).ShowAsync(people.Seller.Address, cancel);
        return paid;
    }

    private async Task<DemoReport> ReportAsync(DemoScene scene, CsvTable table, UInt256 sellerPaid, CancellationToken cancel)
    {
        CollectReport collected = scene.Collected!;
        BlockInfo head = (await scene.Client.GetBlockAsync(BlockTag.Latest, cancel))!;
        int impeached = 0;
        for (ulong number = 1; number <= head.Number; number++)
        {
            if ((await scene.Client.GetBlockAsync(number, cancel))!.Coinbase.IsZero) impeached++;
        }

        return new DemoReport
        {
            Rows = table.RowCount,
            RowsVerified = scene.Sale!.Fetched.Rows,
            RawBytes = table.TotalBytes,
            CompressedBytes = collected.Tally.CodedBytes,
            StoredBytes = collected.StoredBytes,
            NumericCellsPercent = collected.Tally.Cells == 0 ? 0 : Math.Round(100.0 * collected.Tally.NumberCells / collected.Tally.Cells, 2),
            Anchors = collected.Anchors.Count,
            Blocks = head.Number,
            HeadHash = head.Hash.ToString(),
            ImpeachBlocks = impeached,
            SellerPaid = sellerPaid.ToString(),
            ProxiesPaid = [.. await DemoPayments.OfProxiesAsync(scene, cancel)],
            Transactions = log.Transactions,
            Stages = log.Stages,
            ElapsedMs = watch.ElapsedMilliseconds,
            Checks = log.Checks,
            Kept = options.KeepFolder,
        };
    }

    /// <summary>The readings: the gateway's file, the same as a table, and its time column.</summary>
    private sealed record Readings(string Path, CsvTable Table, string? TimeColumn);

    private sealed record Cast(ISellerDesk Seller, IGatewayDesk Gateway, IBuyerDesk Buyer, IBuyerDesk Researcher);
}
