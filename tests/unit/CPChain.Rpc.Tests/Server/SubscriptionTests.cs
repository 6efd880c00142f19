using System.Net.WebSockets;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>JSON-RPC over WebSocket, and what clients are told without asking.</summary>
public sealed class SubscriptionTests
{
    // Creation code that logs one topic, 42, and leaves no contract.
    private static readonly byte[] LogsOneTopic = Hex.Decode("0x602a60006000a1");

    // Creation code that logs 10,000 bytes without a topic, and leaves no contract.
    private static readonly byte[] LogsTenThousandBytes = Hex.Decode("0x6127105fa000");

    private const string Topic = "0x000000000000000000000000000000000000000000000000000000000000002a";
    private const string OtherTopic = "0x000000000000000000000000000000000000000000000000000000000000002b";

    [Fact]
    public async Task Requests_and_batches_are_answered_as_over_http()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        Assert.Equal(await Text(fixture, "eth_chainId"), (await client.ResultAsync("eth_chainId")).GetString());
        Assert.Equal(-32601, (await client.AskAsync("eth_nothing")).GetProperty("error").GetProperty("code").GetInt32());
        await client.SendAsync("""[{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},{"jsonrpc":"2.0","id":2,"method":"eth_blockNumber"}]""");
        Assert.Equal(2, (await client.NextAsync())!.Value.GetArrayLength());
        await client.SendAsync("{");
        Assert.Equal(-32700, (await client.NextAsync())!.Value.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task New_heads_and_matching_logs_are_told_and_others_are_not()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        string never = (await client.ResultAsync("eth_subscribe", $$"""["logs",{"topics":["{{OtherTopic}}"]}]""")).GetString()!;
        string logs = (await client.ResultAsync("eth_subscribe", $$"""["logs",{"topics":["{{Topic}}"]}]""")).GetString()!;
        string heads = (await client.ResultAsync("eth_subscribe", """["newHeads"]""")).GetString()!;
        Assert.Equal(3, new HashSet<string>([never, logs, heads]).Count);

        using AccountSender sender = fixture.Sender(1);
        ReceiptInfo receipt = await sender.SendAndWaitAsync(null, LogsOneTopic);

        JsonElement head = await client.ToldAsync(heads);
        Assert.Equal($"0x{receipt.BlockNumber:x}", head.GetProperty("number").GetString());
        Assert.Equal(fixture.Chain.Ledger.HashOf(receipt.BlockNumber).ToString(), head.GetProperty("hash").GetString());
        JsonElement log = await client.ToldAsync(logs);
        Assert.Equal(receipt.TransactionHash.ToString(), log.GetProperty("transactionHash").GetString());
        Assert.Equal(Topic, log.GetProperty("topics")[0].GetString());
        Assert.False(log.GetProperty("removed").GetBoolean());
    }

    [Fact]
    public async Task Pending_transactions_are_told_by_hash_or_whole()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        await using SocketClient other = await SocketClient.ConnectAsync(fixture.Server);
        string hashes = (await client.ResultAsync("eth_subscribe", """["newPendingTransactions"]""")).GetString()!;
        string whole = (await other.ResultAsync("eth_subscribe", """["newPendingTransactions",true]""")).GetString()!;

        using AccountSender sender = fixture.Sender(2);
        Hash256 sent = await sender.SendAsync(sender.Address, default);

        Assert.Equal(sent.ToString(), (await client.ToldAsync(hashes)).GetString());
        JsonElement told = await other.ToldAsync(whole);
        Assert.Equal(sent.ToString(), told.GetProperty("hash").GetString());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("blockNumber").ValueKind);
    }

    [Fact]
    public async Task Who_unsubscribes_is_told_nothing_more()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        string first = (await client.ResultAsync("eth_subscribe", """["newHeads"]""")).GetString()!;
        Assert.True((await client.ResultAsync("eth_unsubscribe", $"[\"{first}\"]")).GetBoolean());
        Assert.Equal("subscription not found",
            (await client.AskAsync("eth_unsubscribe", $"[\"{first}\"]")).GetProperty("error").GetProperty("message").GetString());
        string second = (await client.ResultAsync("eth_subscribe", """["newHeads"]""")).GetString()!;

        using AccountSender sender = fixture.Sender(1);
        await sender.SendAndWaitAsync(sender.Address, default);

        // The next message is of the second; the first would have come before it.
        await client.ToldAsync(second);
    }

    [Fact]
    public async Task Syncing_is_told_when_it_ends()
    {
        ulong known = 10;
        await using RpcFixture fixture = await RpcFixture.StartAsync(backend: b => b with { HighestKnown = () => known });
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        string syncing = (await client.ResultAsync("eth_subscribe", """["syncing"]""")).GetString()!;
        using AccountSender sender = fixture.Sender(1);
        await sender.SendAndWaitAsync(sender.Address, default);
        Assert.Equal("0xa", (await client.ToldAsync(syncing)).GetProperty("highestBlock").GetString());
        known = 0;
        await sender.SendAndWaitAsync(sender.Address, default);
        Assert.False((await client.ToldAsync(syncing)).GetBoolean());
    }

    [Fact]
    public async Task What_cannot_be_subscribed_to_is_refused_with_the_reason()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(change: o => o with { SubscriptionsMax = 1 });
        Assert.Equal((-32601, "notifications not supported: connect by WebSocket"),
            await fixture.RefusalAsync("eth_subscribe", """["newHeads"]"""));
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        Assert.Equal("no \"weather\" subscription in eth namespace", await Refusal("""["weather"]"""));
        Assert.Contains("required argument 0", await Refusal("[]"), StringComparison.Ordinal);
        Assert.Contains("blocks that come", await Refusal("""["logs",{"fromBlock":"0x1"}]"""), StringComparison.Ordinal);
        await client.ResultAsync("eth_subscribe", """["newHeads"]""");
        Assert.Contains("at most 1", await Refusal("""["newHeads"]"""), StringComparison.Ordinal);

        async Task<string> Refusal(string parameters) =>
            (await client.AskAsync("eth_subscribe", parameters)).GetProperty("error").GetProperty("message").GetString()!;
    }

    [Theory]
    [InlineData(WebSocketMessageType.Text, 2_000, WebSocketCloseStatus.MessageTooBig)]
    [InlineData(WebSocketMessageType.Binary, 10, WebSocketCloseStatus.InvalidMessageType)]
    public async Task A_message_that_cannot_be_read_ends_the_connection_with_its_reason(
        WebSocketMessageType type, int bytes, WebSocketCloseStatus status)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(change: o => o with { BodyBytesMax = 1_000 });
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        await client.SendAsync(new byte[bytes], type);
        Assert.Null(await client.NextAsync());
        Assert.Equal(status, client.Closed);
        await using SocketClient next = await SocketClient.ConnectAsync(fixture.Server);
        await next.ResultAsync("eth_chainId");
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_and_others_are_told()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(change: o => o with { SocketBytesMax = 200_000 });
        await using SocketClient deaf = await SocketClient.ConnectAsync(fixture.Server);
        for (int i = 0; i < 40; i++) await deaf.ResultAsync("eth_subscribe", "[\"logs\",{}]");
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        string heads = (await client.ResultAsync("eth_subscribe", """["newHeads"]""")).GetString()!;
        using AccountSender sender = fixture.Sender(1);
        // 40 times 40 messages of 20 KB: far more than the two ends of a connection hold in the system's buffers.
        for (int i = 0; i < 40; i++)
        {
            await sender.SendAndWaitAsync(null, LogsTenThousandBytes);
            await client.ToldAsync(heads);
        }
        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            while (await deaf.NextAsync() is not null)
            {
            }
            throw new WebSocketException("closed in order");
        });
    }

    [Fact]
    public async Task A_page_of_another_site_gets_no_connection_unless_it_is_allowed()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(change: o => o with { AllowedOrigins = ["https://wallet.example"] });
        await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.ConnectAsync(fixture.Server, "https://evil.example"));
        await using SocketClient wallet = await SocketClient.ConnectAsync(fixture.Server, "https://wallet.example");
        await wallet.ResultAsync("eth_chainId");
    }

    [Fact]
    public async Task A_server_that_ends_closes_its_connections()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        await using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        await client.ResultAsync("eth_subscribe", """["newHeads"]""");
        Task stopping = fixture.Server.DisposeAsync().AsTask();
        Assert.Null(await client.NextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.Closed);
        await stopping;
    }

    private static async Task<string?> Text(RpcFixture fixture, string method) => (await fixture.ResultAsync(method)).GetString();
}
