using System.Text.Json.Nodes;
using CPChain.Rpc.Tests.Chain;
using CPChain.Samples;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Client;

/// <summary>Events in order and each once: over ranges that are too much for one query, for ever, and across interruptions.</summary>
public sealed class EventStreamTests
{
    private static readonly Address s_somebody = Address.Parse("0x00000000000000000000000000000000000000bb");

    // Only a hint of the socket can wake such a client.
    private static readonly ChainClientOptions s_hintsOnly = new() { PollInterval = TimeSpan.FromHours(1) };

    [Theory]
    [InlineData(4UL, 1_000)]
    [InlineData(1_000UL, 3)]
    public async Task A_range_that_is_too_much_for_the_node_is_read_in_pieces(ulong blocksMax, int logsMax)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(
            change: o => o with { LogsBlocksMax = blocksMax, LogsMax = logsMax });
        using AccountSender sender = fixture.Sender(0);
        SampleToken token = await DeployAsync(sender);
        for (ulong i = 1; i <= 12; i++) await token.TransferAsync(sender, s_somebody, i).AndWaitAsync();
        IReadOnlyList<EventLog<SampleToken.TransferEvent>> all =
            await token.TransferEvents.GetAsync(filter: new() { To = s_somebody });
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (UInt256)(ulong)i), all.Select(e => e.Event.Value));
        Assert.Equal([5UL, 6UL], (await token.TransferEvents.GetAsync(all[4].Position, all[5].Log.BlockNumber)).Select(e => (ulong)e.Event.Value));
        Assert.Empty(await token.TransferEvents.GetAsync(1_000));
    }

    [Fact]
    public async Task A_block_with_too_many_logs_is_the_nodes_refusal()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(change: o => o with { LogsMax = 2 });
        using AccountSender sender = fixture.Sender(0);
        CPChain.Rpc.Tests.Generated.Everything all = await CPChain.Rpc.Tests.Generated.Everything.DeployAsync(
            sender, 0, new CPChain.Rpc.Tests.Generated.Everything.Point(0, 0), [], UInt256.Zero).AndWaitAsync();
        await all.TellAsync(sender, new([0, 0, 0, 0], "", [], [new(0, 0), new(0, 0)], 0, s_somebody)).AndWaitAsync();
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (LogInfo _ in fixture.Client.ReadLogsAsync(new LogWish(), 0)) { }
        });
        Assert.Equal(-32005, e.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_events_are_told_by_the_socket_or_by_asking(bool bySocket)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        SampleToken token = await DeployAsync(sender);
        await token.TransferAsync(sender, s_somebody, 1UL).AndWaitAsync();
        using ChainClient client = new(fixture.Server.Url, bySocket
            ? s_hintsOnly : new ChainClientOptions { UsesSocket = false, PollInterval = TimeSpan.FromMilliseconds(10) });
        ulong seen = 0;
        await foreach (EventLog<SampleToken.TransferEvent> moved in
            new SampleToken(client, token.Address).TransferEvents.FollowAsync(0, new() { To = s_somebody }))
        {
            Assert.Equal(++seen, (ulong)moved.Event.Value);
            if (seen == 4) break;
            await token.TransferAsync(sender, s_somebody, seen + 1).AndWaitAsync();
        }
        Assert.Equal(4UL, seen);
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_stopped_within_a_block_too()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        using AccountSender sender = fixture.Sender(0);
        Task<SampleToken> deploying = DeployAsync(sender);
        while (fixture.Chain.Seal().Transactions.Length == 0) await Task.Yield();
        SampleToken token = await deploying;
        for (ulong i = 1; i <= 5; i++) await token.TransferAsync(sender, s_somebody, i);
        Assert.Equal(5, fixture.Chain.Seal().Transactions.Length);
        List<ulong> seen = [];
        LogPosition next = 0;
        for (int part = 0; part < 3; part++)
        {
            await foreach (EventLog<SampleToken.TransferEvent> moved in token.TransferEvents.FollowAsync(next, new() { To = s_somebody }))
            {
                seen.Add((ulong)moved.Event.Value);
                next = moved.Position.Next;
                if (seen.Count % 2 == 0 || seen.Count == 5) break;
            }
        }
        Assert.Equal([1UL, 2, 3, 4, 5], seen);
    }

    [Fact]
    public async Task A_reader_outlives_a_restart_of_the_node()
    {
        await using InstantChain chain = new(sealsAtOnce: true);
        RpcBackend parts = new() { Chain = new LedgerSource(chain.Ledger), Pool = chain.Pool, NetworkName = chain.Genesis.Name };
        RpcServer server = await RpcServer.StartAsync(new RpcOptions { Port = 0 }, parts);
        using ChainClient client = new(server.Url, new ChainClientOptions { PollInterval = TimeSpan.FromMilliseconds(10) });
        using AccountSender sender = new(client, InstantChain.Rich[0]);
        SampleToken token = await DeployAsync(sender);
        await token.TransferAsync(sender, s_somebody, 1UL).AndWaitAsync();
        await using IAsyncEnumerator<EventLog<SampleToken.TransferEvent>> reader =
            token.TransferEvents.FollowAsync(0, new() { To = s_somebody }).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());

        ValueTask<bool> waiting = reader.MoveNextAsync();
        await server.DisposeAsync();
        server = await RpcServer.StartAsync(new RpcOptions { Port = server.Url.Port }, parts);
        await token.TransferAsync(sender, s_somebody, 2UL).AndWaitAsync();
        Assert.True(await waiting);
        Assert.Equal((UInt256)2UL, reader.Current.Event.Value);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Blocks_come_in_order_and_a_reader_is_stopped_by_its_token()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        fixture.Chain.Seal();
        using CancellationTokenSource stop = new();
        List<ulong> numbers = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (BlockInfo block in fixture.Client.FollowBlocksAsync(0, stop.Token))
            {
                numbers.Add(block.Number);
                if (numbers.Count < 4) fixture.Chain.Seal();
                else await stop.CancelAsync();
            }
        });
        Assert.Equal([0UL, 1, 2, 3], numbers.Take(4));
    }

    [Fact]
    public async Task A_node_that_repeats_or_adds_logs_is_not_believed()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        SampleToken token = await DeployAsync(sender);
        await using LyingNode liar = new(fixture.Server.Url);
        SampleToken seen = new(liar.Client, token.Address);
        Assert.Single(await seen.TransferEvents.GetAsync());
        liar.Lie = ("eth_getLogs", result => new JsonArray(result[0]!.DeepClone(), result[0]!.DeepClone()));
        await Assert.ThrowsAsync<BadAnswerException>(() => seen.TransferEvents.GetAsync());
        liar.Lie = ("eth_getLogs", OfSomebody);
        await Assert.ThrowsAsync<BadAnswerException>(() => seen.TransferEvents.GetAsync());
    }

    private static JsonNode OfSomebody(JsonNode logs)
    {
        logs[0]!["address"] = s_somebody.ToString();
        return logs;
    }

    private static Task<SampleToken> DeployAsync(AccountSender sender) =>
        SampleToken.DeployAsync(sender, "Sample", "SMP", Coins.Of(1_000m, 18)).AndWaitAsync();
}
