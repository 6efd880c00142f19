using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>Blocks, transactions, receipts, accounts, fees and this chain's own view, over HTTP.</summary>
public sealed class ChainMethodTests
{
    private static readonly Address s_receiver = Address.Parse("0x00000000000000000000000000000000000000aa");

    [Fact]
    public async Task Identity_and_progress()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(backend: b => b with
        {
            ClientVersion = "cpchain/0.1.0",
            Peers = () => [new PeerFacts(s_receiver, "validator", "127.0.0.1:1", true)],
        });
        fixture.Chain.Seal();
        Assert.Equal("cpchain/0.1.0", (await fixture.ResultAsync("web3_clientVersion")).GetString());
        Assert.Equal("0x100b", (await fixture.ResultAsync("eth_chainId")).GetString());
        Assert.Equal("4107", (await fixture.ResultAsync("net_version")).GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("net_peerCount")).GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("eth_blockNumber")).GetString());
        Assert.False((await fixture.ResultAsync("eth_syncing")).GetBoolean());
        Assert.Empty((await fixture.ResultAsync("eth_accounts")).EnumerateArray());
        Assert.Equal("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            (await fixture.ResultAsync("web3_sha3", "[\"0x\"]")).GetString());
    }

    [Fact]
    public async Task A_node_that_is_behind_says_so()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(backend: b => b with { HighestKnown = () => 40 });
        Assert.Equal("0x28", (await fixture.ResultAsync("eth_syncing")).GetProperty("highestBlock").GetString());
    }

    [Fact]
    public async Task A_block_is_found_by_number_tag_and_hash_with_time_in_seconds()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Transaction transfer = Transfer(0, 0);
        fixture.Chain.MoveTime(TimeSpan.FromMilliseconds(12_345));
        Block block = fixture.Chain.SealExactly(transfer);
        foreach (string tag in new[] { "latest", "safe", "finalized", "pending", "0x1" })
        {
            JsonElement shown = await fixture.ResultAsync("eth_getBlockByNumber", $"[\"{tag}\",false]");
            Assert.Equal(block.Hash.ToString(), shown.GetProperty("hash").GetString());
        }
        JsonElement byHash = await fixture.ResultAsync("eth_getBlockByHash", $"[\"{block.Hash}\",true]");
        Assert.Equal(new UInt256((InstantChain.StartMs + 12_345) / 1_000).ToHexQuantity(), byHash.GetProperty("timestamp").GetString());
        Assert.Equal(transfer.Hash.ToString(), byHash.GetProperty("transactions")[0].GetProperty("hash").GetString());
        Assert.Equal(JsonValueKind.Null, (await fixture.ResultAsync("eth_getBlockByNumber", "[\"0x9\",false]")).ValueKind);
        Assert.Equal("0x0", (await fixture.ResultAsync("eth_getBlockByNumber", "[\"earliest\",false]")).GetProperty("number").GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("eth_getBlockTransactionCountByNumber", "[\"latest\"]")).GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("eth_getBlockTransactionCountByHash", $"[\"{block.Hash}\"]")).GetString());
        Assert.Single((await fixture.ResultAsync("eth_getBlockReceipts", "[\"latest\"]")).EnumerateArray());
    }

    [Fact]
    public async Task A_transaction_goes_from_the_pool_into_a_block()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Transaction transfer = Transfer(0, 0);
        string raw = Hex.Encode(transfer.Encoded.Span);
        Assert.Equal(transfer.Hash.ToString(), (await fixture.ResultAsync("eth_sendRawTransaction", $"[\"{raw}\"]")).GetString());
        Assert.Equal((-32000, "already known"), await fixture.RefusalAsync("eth_sendRawTransaction", $"[\"{raw}\"]"));

        JsonElement waiting = await fixture.ResultAsync("eth_getTransactionByHash", $"[\"{transfer.Hash}\"]");
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("blockNumber").ValueKind);
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("blockTimestamp").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await fixture.ResultAsync("eth_getTransactionReceipt", $"[\"{transfer.Hash}\"]")).ValueKind);
        string sender = InstantChain.Rich[0].Address.ToString();
        Assert.Equal("0x0", (await fixture.ResultAsync("eth_getTransactionCount", $"[\"{sender}\",\"latest\"]")).GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("eth_getTransactionCount", $"[\"{sender}\",\"pending\"]")).GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("txpool_status")).GetProperty("pending").GetString());
        JsonElement content = await fixture.ResultAsync("txpool_content");
        Assert.Equal(transfer.Hash.ToString(), content.GetProperty("pending")
            .GetProperty(AddressChecksum.Format(InstantChain.Rich[0].Address)).GetProperty("0").GetProperty("hash").GetString());

        Block block = fixture.Chain.Seal();
        JsonElement placed = await fixture.ResultAsync("eth_getTransactionByHash", $"[\"{transfer.Hash}\"]");
        Assert.Equal(block.Hash.ToString(), placed.GetProperty("blockHash").GetString());
        Assert.Equal(sender, placed.GetProperty("from").GetString());
        JsonElement receipt = await fixture.ResultAsync("eth_getTransactionReceipt", $"[\"{transfer.Hash}\"]");
        Assert.Equal("0x1", receipt.GetProperty("status").GetString());
        Assert.Equal("0x5208", receipt.GetProperty("gasUsed").GetString());
        Assert.Equal("0x3e8", (await fixture.ResultAsync("eth_getBalance", $"[\"{s_receiver}\",\"latest\"]")).GetString());
        Assert.Equal(placed.GetRawText(), (await fixture.ResultAsync("eth_getTransactionByBlockNumberAndIndex", "[\"0x1\",\"0x0\"]")).GetRawText());
        Assert.Equal(raw, (await fixture.ResultAsync("eth_getRawTransactionByHash", $"[\"{transfer.Hash}\"]")).GetString());
    }

    [Fact]
    public async Task Refused_transactions_say_why_in_the_words_that_tools_know()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        fixture.Chain.SealExactly(Transfer(0, 0));
        Assert.Contains("nonce too low", (await SendRefused(fixture, Transfer(0, 0, value: 7))).Message, StringComparison.Ordinal);
        Assert.Contains("insufficient funds", (await SendRefused(fixture, Transfer(0, 1, value: 2_000_000))).Message, StringComparison.Ordinal);
        Transaction foreign = Transaction.Sign(
            UnsignedTransaction.FeeMarket(1, 1, Units.Gwei * 3UL, Units.Gwei, 21_000) with { To = s_receiver }, InstantChain.Rich[0]);
        Assert.Contains("chain id", (await SendRefused(fixture, foreign)).Message, StringComparison.Ordinal);
        Assert.Equal(-32000, (await fixture.RefusalAsync("eth_sendRawTransaction", "[\"0x\"]")).Code);
        Assert.Equal(-32000, (await fixture.RefusalAsync("eth_sendRawTransaction", "[\"0x03c0\"]")).Code);
        string blobs = "[\"0x03" + new string('0', 2 * 131_072) + "\"]";
        Assert.Contains("blob transactions", (await fixture.RefusalAsync("eth_sendRawTransaction", blobs)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_state_is_read_at_its_block_and_unknown_blocks_are_refused()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Block first = fixture.Chain.SealExactly(Transfer(0, 0));
        fixture.Chain.SealExactly(Transfer(0, 1));
        string account = $"\"{s_receiver}\"";
        Assert.Equal("0x7d0", (await fixture.ResultAsync("eth_getBalance", $"[{account},\"latest\"]")).GetString());
        Assert.Equal("0x3e8", (await fixture.ResultAsync("eth_getBalance", $"[{account},\"0x1\"]")).GetString());
        Assert.Equal("0x3e8", (await fixture.ResultAsync("eth_getBalance", $"[{account},{{\"blockHash\":\"{first.Hash}\"}}]")).GetString());
        Assert.Equal("0x0", (await fixture.ResultAsync("eth_getBalance", $"[{account},\"0x0\"]")).GetString());
        Assert.Equal((-32000, "header not found"), await fixture.RefusalAsync("eth_getBalance", $"[{account},\"0x9\"]"));
    }

    [Fact]
    public async Task Many_clients_read_and_send_at_once_and_every_acknowledged_transaction_gets_into_a_block()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        const int each = 50;
        string[][] batches = [.. Enumerable.Range(0, 8).Select(rich => Enumerable.Range(0, each).Select(nonce =>
            $$"""{"jsonrpc":"2.0","id":{{nonce}},"method":"eth_sendRawTransaction","params":["{{Hex.Encode(Transfer(rich, (ulong)nonce).Encoded.Span)}}"]}""").ToArray())];
        string[] answers = await Task.WhenAll(batches.Select(async batch => (await fixture.PostAsync($"[{string.Join(',', batch)}]")).Body));
        Assert.All(answers, answer => Assert.DoesNotContain("error", answer, StringComparison.Ordinal));
        Block block = fixture.Chain.Seal();
        Assert.Equal(8 * each, block.Transactions.Length);
        JsonElement[] receipts = await Task.WhenAll(block.Transactions.Select(t => fixture.ResultAsync("eth_getTransactionReceipt", $"[\"{t.Hash}\"]")));
        Assert.All(receipts, receipt => Assert.Equal("0x1", receipt.GetProperty("status").GetString()));
        Assert.Equal(8 * each, (await fixture.ResultAsync("eth_getBlockReceipts", "[\"latest\"]")).GetArrayLength());
    }

    [Fact]
    public async Task Transactions_that_are_sent_together_are_answered_as_each_would_be_alone()
    {
        await using RpcFixture together = await RpcFixture.StartAsync(sealsAtOnce: false);
        await using RpcFixture alone = await RpcFixture.StartAsync(sealsAtOnce: false);
        string first = Hex.Encode(Transfer(0, 0).Encoded.Span), second = Hex.Encode(Transfer(1, 0).Encoded.Span);
        string[] requests =
        [
            Request("eth_sendRawTransaction", $"[\"{first}\"]"), Request("eth_chainId", "[]"), Request("eth_sendRawTransaction", "[\"0x\"]"),
            Request("eth_sendRawTransaction", "[7]"), Request("eth_sendRawTransaction", "[]"), Request("eth_sendRawTransaction", "{}"), "[]", "3",
            Request("eth_sendRawTransaction", $"[\"{first}\"]"), Request("eth_sendRawTransaction", $"[\"{first[..^2]}00\"]"),
            Request("eth_sendRawTransaction", $"[\"{second}\"]"), Request("eth_getTransactionCount", $"[\"{InstantChain.Rich[1].Address}\",\"pending\"]"),
            Request("eth_sendRawTransaction", $"[\"{Hex.Encode(Transfer(2, 0).Encoded.Span)}\"]"), Request("eth_sendRawTransaction", "[\"0x03c0\"]"),
        ];
        List<string> answers = [];
        foreach (string request in requests) answers.Add((await alone.PostAsync(request == "[]" ? "[[]]" : request)).Body.Trim('[', ']'));
        Assert.Equal($"[{string.Join(',', answers)}]", (await together.PostAsync($"[{string.Join(',', requests)}]")).Body);
        Assert.Equal(3, together.Chain.Seal().Transactions.Length);

        static string Request(string method, string parameters) => $$"""{"jsonrpc":"2.0","id":5,"method":"{{method}}","params":{{parameters}}}""";
    }

    [Fact]
    public async Task Fees_are_suggested_and_their_history_told()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        fixture.Chain.SealExactly(Transfer(0, 0), Transfer(1, 0));
        Assert.Equal("0x3b9aca00", (await fixture.ResultAsync("eth_maxPriorityFeePerGas")).GetString());
        Assert.Equal("0x77359400", (await fixture.ResultAsync("eth_gasPrice")).GetString());
        JsonElement history = await fixture.ResultAsync("eth_feeHistory", "[\"0x5\",\"latest\",[10,90]]");
        Assert.Equal("0x0", history.GetProperty("oldestBlock").GetString());
        Assert.Equal(3, history.GetProperty("baseFeePerGas").GetArrayLength());
        Assert.Equal(2, history.GetProperty("gasUsedRatio").GetArrayLength());
        Assert.Equal("0x3b9aca00", history.GetProperty("reward")[1][0].GetString());
        // There are no blobs: their fee is the least there is, as BLOBBASEFEE says.
        Assert.Equal("[\"0x1\",\"0x1\",\"0x1\"]", history.GetProperty("baseFeePerBlobGas").GetRawText());
        Assert.Equal("[0,0]", history.GetProperty("blobGasUsedRatio").GetRawText());
        Assert.Equal("0x1", (await fixture.ResultAsync("eth_blobBaseFee")).GetString());
    }

    [Fact]
    public async Task This_chains_own_view_shows_milliseconds_impeachment_certificate_and_committee()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        fixture.Chain.MoveTime(TimeSpan.FromMilliseconds(1_234));
        fixture.Chain.Seal();
        fixture.Chain.SealImpeach();
        JsonElement ordinary = await fixture.ResultAsync("cpc_getBlock", "[\"0x1\"]");
        Assert.Equal(InstantChain.StartMs + 1_234, ordinary.GetProperty("timestampMs").GetUInt64());
        Assert.False(ordinary.GetProperty("isImpeach").GetBoolean());
        Assert.Equal(0, ordinary.GetProperty("certificate").GetProperty("round").GetInt32());
        Assert.Equal(3, ordinary.GetProperty("certificate").GetProperty("signers").GetArrayLength());
        JsonElement impeach = await fixture.ResultAsync("cpc_getBlock", "[\"latest\"]");
        Assert.True(impeach.GetProperty("isImpeach").GetBoolean());
        Assert.Equal(JsonValueKind.Null, impeach.GetProperty("proposer").ValueKind);
        JsonElement committee = await fixture.ResultAsync("cpc_committee", "[\"0x7\"]");
        Assert.Equal(4, committee.GetProperty("validators").GetArrayLength());
        Assert.Equal(ordinary.GetProperty("proposer").GetString(), committee.GetProperty("proposer").GetString());
        JsonElement info = await fixture.ResultAsync("cpc_nodeInfo");
        Assert.Equal(2UL, info.GetProperty("head").GetProperty("number").GetUInt64());
        Assert.Equal(1_000UL, info.GetProperty("periodMs").GetUInt64());
        Assert.Empty((await fixture.ResultAsync("cpc_peers")).EnumerateArray());
    }

    private static Transaction Transfer(int rich, ulong nonce, ulong value = 1_000)
    {
        UInt256 amount = value >= 1_000_000 ? Units.Cpc * value : value;
        return Transaction.Sign(
            UnsignedTransaction.FeeMarket(InstantChain.ChainId, nonce, Units.Gwei * 3UL, Units.Gwei, 21_000)
                with
            { To = s_receiver, Value = amount }, InstantChain.Rich[rich]);
    }

    private static Task<(int Code, string Message)> SendRefused(RpcFixture fixture, Transaction transaction) =>
        fixture.RefusalAsync("eth_sendRawTransaction", $"[\"{Hex.Encode(transaction.Encoded.Span)}\"]");
}
