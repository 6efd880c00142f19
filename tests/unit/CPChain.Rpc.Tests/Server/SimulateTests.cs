using System.Text;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>eth_simulateV1 on this chain's own blocks; the cases of the execution API are replayed by rpc-compat.</summary>
public sealed class SimulateTests
{
    private const string Poor = "0xc000000000000000000000000000000000000000";
    private const string Other = "0xc100000000000000000000000000000000000000";

    [Fact]
    public async Task Blocks_build_on_each_other_and_nothing_of_them_stays()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        fixture.Chain.Seal();
        BlockHeader head = fixture.Chain.Ledger.Head;
        JsonElement[] blocks = await RunAsync(fixture, $$"""
            {"blockStateCalls":[
              {"stateOverrides":{"{{Poor}}":{"balance":"0x64"} },"calls":[{"from":"{{Poor}}","to":"{{Other}}","value":"0x28"}]},
              {"blockOverrides":{"number":"0x5","feeRecipient":"{{Other}}"},"calls":[{"from":"{{Other}}","to":"{{Poor}}","value":"0x5"}]}]}
            """);
        Assert.Equal(["0x2", "0x3", "0x4", "0x5"], blocks.Select(b => Text(b, "number")));
        Assert.Equal(head.Hash.ToString(), Text(blocks[0], "parentHash"));
        for (int i = 1; i < blocks.Length; i++) Assert.Equal(Text(blocks[i - 1], "hash"), Text(blocks[i], "parentHash"));
        // A period apart, from the head on; in whole seconds.
        ulong period = fixture.Chain.Ledger.Rules.PeriodMs;
        Assert.Equal(
            Enumerable.Range(1, 4).Select(i => new UInt256((head.TimestampMs + (ulong)i * period) / 1_000).ToHexQuantity()),
            blocks.Select(b => Text(b, "timestamp")));
        Assert.All(blocks, b => Assert.Equal("0x0", Text(b, "baseFeePerGas")));
        Assert.Equal("0x1", Text(blocks[3].GetProperty("calls")[0], "status"));
        Assert.NotEqual(Text(blocks[0], "stateRoot"), Text(blocks[3], "stateRoot"));
        Assert.Equal(head.StateRoot.ToString(), fixture.Chain.Ledger.HeadState.StateRoot.ToString());
        Assert.Equal("0x0", (await fixture.ResultAsync("eth_getBalance", $"[\"{Poor}\"]")).GetString());
    }

    [Fact]
    public async Task A_simulated_block_has_the_root_that_the_chain_gives_the_same_block()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        fixture.Chain.Seal();
        Address from = InstantChain.Rich[0].Address;
        BlockHeader head = fixture.Chain.Ledger.Head;
        string price = new UInt256(3_000_000_000).ToHexQuantity();
        JsonElement block = (await RunAsync(fixture, $$"""
            {"validation":true,"blockStateCalls":[{"calls":[
              {"from":"{{from}}","to":"{{Other}}","value":"0x7","maxFeePerGas":"{{price}}","maxPriorityFeePerGas":"0x1","gas":"0x5208"}]}]}
            """))[0];
        Block real = fixture.Chain.SealExactly(Transaction.Sign(
            UnsignedTransaction.FeeMarket(InstantChain.ChainId, 0, 3_000_000_000UL, 1UL, 21_000) with { To = Address.Parse(Other), Value = 7UL },
            InstantChain.Rich[0]));
        Assert.Equal(real.Header.StateRoot.ToString(), Text(block, "stateRoot"));
        Assert.Equal(real.Header.ReceiptsRoot.ToString(), Text(block, "receiptsRoot"));
        Assert.Equal(real.Header.BaseFeePerGas.ToHexQuantity(), Text(block, "baseFeePerGas"));
        Assert.Equal(head.Hash.ToString(), Text(block, "parentHash"));
    }

    [Fact]
    public async Task Transfers_are_events_where_asked_for_and_what_failed_leaves_none()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        // The first forwards 2 coins and leaves an event; the second reverts.
        string code = "0x5f5f5f5f600273" + new string('0', 37) + "123" + "5af1505f5fa000";
        string request(string flags) => $$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Poor}}}":{"balance":"0x64"},"{{{Other}}}":{"code":"{{{code}}}"},"0x00000000000000000000000000000000000000cc":{"code":"0x5f5ffd"}},
              "calls":[{"from":"{{{Poor}}}","to":"{{{Other}}}","value":"0x9"},{"from":"{{{Poor}}}","to":"0x00000000000000000000000000000000000000cc","value":"0x1"}]}]{{{flags}}} }
            """;
        JsonElement calls = (await RunAsync(fixture, request(",\"traceTransfers\":true")))[0].GetProperty("calls");
        JsonElement[] logs = [.. calls[0].GetProperty("logs").EnumerateArray()];
        Assert.Equal(["0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", Other], logs.Select(l => Text(l, "address")));
        Assert.Equal(["9", "2"], logs.Take(2).Select(l => UInt256.Parse(Text(l, "data")).ToString()));
        Assert.Equal("0x000000000000000000000000" + Poor[2..], logs[0].GetProperty("topics")[1].GetString());
        Assert.Equal(["0x0", "0x1", "0x2"], logs.Select(l => Text(l, "logIndex")));
        Assert.Equal(("0x0", 0), (Text(calls[1], "status"), calls[1].GetProperty("logs").GetArrayLength()));
        Assert.Equal((3, "execution reverted"), (calls[1].GetProperty("error").GetProperty("code").GetInt32(), Text(calls[1].GetProperty("error"), "message")));
        calls = (await RunAsync(fixture, request("")))[0].GetProperty("calls");
        Assert.Equal([Other], calls[0].GetProperty("logs").EnumerateArray().Select(l => Text(l, "address")));
    }

    [Fact]
    public async Task Code_sees_the_overridden_block_and_the_hashes_of_simulated_ones()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        // Returns NUMBER, TIMESTAMP, COINBASE, PREVRANDAO, BASEFEE, and the hash of the block before.
        string code = "0x435f5242602052416040524460605248608052600143034060a05260c05ff3";
        JsonElement[] blocks = await RunAsync(fixture, $$"""
            {"blockStateCalls":[{},{"blockOverrides":{"time":"0x6b49d2ff","feeRecipient":"{{Other}}","baseFeePerGas":"0x9",
               "prevRandao":"0x0000000000000000000000000000000000000000000000000000000000000012"},
              "stateOverrides":{"{{Poor}}":{"code":"{{code}}"} },"calls":[{"to":"{{Poor}}"}]}]}
            """);
        byte[] output = Hex.Decode(Text(blocks[1].GetProperty("calls")[0], "returnData"));
        string[] words = [.. output.Chunk(32).Select(w => UInt256.FromBigEndian(w).ToHexQuantity())];
        Assert.Equal(["0x2", "0x6b49d2ff", Other, "0x12", "0x9"], words.Take(5));
        Assert.Equal(Text(blocks[0], "hash"), Hex.Encode(output.AsSpan(160)));
        Assert.Equal("0x0000000000000000000000000000000000000000000000000000000000000012", Text(blocks[1], "mixHash"));
    }

    [Theory]
    [InlineData("""{"blockStateCalls":[]}""", -32602, "empty input")]
    [InlineData("""{"blockStateCalls":7}""", -32602, "blockStateCalls")]
    [InlineData("""{"blockStateCalls":[7]}""", -32602, "is no object")]
    [InlineData("""{"blockStateCalls":[{"calls":[{"gasPrice":"0x1","maxFeePerGas":"0x1"}]}]}""", -32602, "both gasPrice and")]
    [InlineData("""{"blockStateCalls":[{"blockOverrides":{"time":"0xffffffffffffffff"}}]}""", -32602, "time is out of range")]
    [InlineData("""{"blockStateCalls":[{"blockOverrides":{"number":"0x102"}}]}""", -38026, "too many blocks")]
    [InlineData("""{"blockStateCalls":[{"blockOverrides":{"number":"0xffffffffffffffff"}}]}""", -38026, "too many blocks")]
    [InlineData("""{"blockStateCalls":[{"blockOverrides":{"number":"0x1"}},{"blockOverrides":{"number":"0x1"}}]}""", -38020, "block numbers must be in order: 1 <= 1")]
    [InlineData("""{"blockStateCalls":[{"blockOverrides":{"time":"0x1"}}]}""", -38021, "block timestamps must be in order")]
    [InlineData("""{"blockStateCalls":[{"calls":[{"nonce":"0x5"}]}],"validation":true}""", -38011, "nonce too high")]
    [InlineData("""{"blockStateCalls":[{"stateOverrides":{"0x0000000000000000000000000000000000000000":{"nonce":"0x9"}},"calls":[{"nonce":"0x5"}]}],"validation":true}""", -38010, "nonce too low")]
    [InlineData("""{"blockStateCalls":[{"calls":[{"maxFeePerGas":"0x1"}]}],"validation":true}""", -38012, "max fee per gas less than block base fee")]
    [InlineData("""{"blockStateCalls":[{"calls":[{"gas":"0x1"}]}]}""", -38013, "intrinsic gas too low: have 1, want 53000")]
    [InlineData("""{"blockStateCalls":[{"calls":[{"value":"0x1"}]}]}""", -38014, "insufficient funds for gas * price + value")]
    [InlineData("""{"blockStateCalls":[{"blockOverrides":{"gasLimit":"0x5208"},"calls":[{"gas":"0x5209"}]}]}""", -38015, "block gas limit reached")]
    [InlineData("""{"blockStateCalls":[{"stateOverrides":{"0x0000000000000000000000000000000000000001":{"movePrecompileToAddress":"0x0000000000000000000000000000000000000001"}}}]}""", -38022, "moved to itself")]
    [InlineData("""{"blockStateCalls":[{"stateOverrides":{"0x00000000000000000000000000000000000000cc":{"movePrecompileToAddress":"0x0000000000000000000000000000000000000001"}}}]}""", -32000, "is not a precompile")]
    [InlineData("""{"blockStateCalls":[{"calls":[{"maxFeePerGas":"0x1","maxPriorityFeePerGas":"0x2"}]}]}""", -32602, "max priority fee per gas higher than max fee per gas")]
    [InlineData("""{"blockStateCalls":[{"stateOverrides":{"0x00000000000000000000000000000000000000cc":{"nonce":"0xffffffffffffffff"}},"calls":[{"from":"0x00000000000000000000000000000000000000cc"}]}]}""", -32603, "nonce has max value")]
    public async Task A_simulation_that_cannot_be_ends_with_the_code_of_the_execution_API(string payload, int code, string message)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        (int actual, string text) = await fixture.RefusalAsync("eth_simulateV1", $"[{payload}]");
        Assert.Equal(code, actual);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_code_that_is_too_long_has_its_own_code()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        string data = "0x" + new string('0', 2 * 49_153);
        Assert.Equal(-38025, (await fixture.RefusalAsync("eth_simulateV1", $$$"""[{"blockStateCalls":[{"calls":[{"data":"{{{data}}}"}]}]}]""")).Code);
    }

    [Fact]
    public async Task The_gas_of_all_blocks_together_is_that_of_one_call_and_the_blocks_are_at_most_256()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false, change: o => o with { CallGasMax = 2_000_000 });
        // 256 blocks that each want 30 M gas in an endless loop.
        string block = """{"calls":[{"to":"0x00000000000000000000000000000000000000cc","gas":"0x1c9c380"}]}""";
        string first = """{"stateOverrides":{"0x00000000000000000000000000000000000000cc":{"code":"0x5b5f56"}}}""";
        StringBuilder all = new(first);
        for (int i = 1; i < 256; i++) all.Append(',').Append(block);
        (int code, string message) = await fixture.RefusalAsync("eth_simulateV1", $$"""[{"blockStateCalls":[{{all}}]}]""");
        Assert.Equal((-38026, "the calls use more than 2000000 gas together"), (code, message));
        Assert.Equal(-38026, (await fixture.RefusalAsync("eth_simulateV1", $$"""[{"blockStateCalls":[{{all}},{},{}]}]""")).Code);
        string empty = string.Join(',', Enumerable.Repeat("{}", 256));
        Assert.Equal(256, (await RunAsync(fixture, $$"""{"blockStateCalls":[{{empty}}]}""")).Length);
    }

    [Fact]
    public async Task After_an_older_block_the_roots_are_those_that_the_chain_had_then()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        fixture.Chain.Seal();
        Address from = InstantChain.Rich[0].Address;
        string price = new UInt256(3_000_000_000).ToHexQuantity();
        Block real = fixture.Chain.SealExactly(Transaction.Sign(
            UnsignedTransaction.FeeMarket(InstantChain.ChainId, 0, 3_000_000_000UL, 1UL, 21_000) with { To = Address.Parse(Other), Value = 7UL },
            InstantChain.Rich[0]));
        for (int i = 0; i < 3; i++) fixture.Chain.Seal();
        JsonElement result = await fixture.ResultAsync("eth_simulateV1", $$$"""
            [{"validation":true,"blockStateCalls":[{"calls":[
              {"from":"{{{from}}}","to":"{{{Other}}}","value":"0x7","maxFeePerGas":"{{{price}}}","maxPriorityFeePerGas":"0x1","gas":"0x5208"}]},{}]},"0x1"]
            """.ReplaceLineEndings(""));
        Assert.Equal(("0x2", "0x1"), (Text(result[0], "number"), Text(result[0].GetProperty("calls")[0], "status")));
        Assert.Equal(real.Header.StateRoot.ToString(), Text(result[0], "stateRoot"));
        Assert.Equal(real.Header.StateRoot.ToString(), Text(result[1], "stateRoot"));
    }

    private static async Task<JsonElement[]> RunAsync(RpcFixture fixture, string payload) =>
        [.. (await fixture.ResultAsync("eth_simulateV1", $"[{payload.ReplaceLineEndings("")}]")).EnumerateArray()];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
