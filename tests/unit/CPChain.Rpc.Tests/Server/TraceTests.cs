using System.Text.Json;
using CPChain.Chain;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>debug_trace* and debug_getRaw* on a chain of a few hand-written contracts.</summary>
public sealed class TraceTests
{
    // Stores the call data's first word at slot 1, loads it, leaves an event with it, and returns it.
    private const string Keeper = "0x5f356001556001545f525f5160205fa160205ff3";

    [Fact]
    public async Task Steps_show_gas_stack_storage_memory_and_return_data_as_the_execution_API_has_them()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Address keeper = Deploy(fixture, Keeper);
        Transaction call = Send(fixture, keeper, Word(42), 0);
        JsonElement trace = await fixture.ResultAsync(
            "debug_traceTransaction", $$"""["{{call.Hash}}",{"enableMemory":true,"enableReturnData":true}]""");
        ulong gas = fixture.Chain.Ledger.ReceiptsOf(fixture.Chain.Ledger.Head.Number)[0].GasUsed;
        Assert.Equal(gas, trace.GetProperty("gas").GetUInt64());
        Assert.False(trace.GetProperty("failed").GetBoolean());
        Assert.Equal(Hex.Encode(Word(42)), trace.GetProperty("returnValue").GetString());
        JsonElement[] steps = [.. trace.GetProperty("structLogs").EnumerateArray()];
        Assert.Equal(
            ["PUSH0", "CALLDATALOAD", "PUSH1", "SSTORE", "PUSH1", "SLOAD", "PUSH0", "MSTORE", "PUSH0", "MLOAD", "PUSH1", "PUSH0", "LOG1",
                "PUSH1", "PUSH0", "RETURN"],
            steps.Select(s => s.GetProperty("op").GetString()!));
        Assert.Equal([2, 3, 3, 22_100, 3, 100, 2, 6, 2, 3, 3, 2, 1_006, 3, 2, 0], steps.Select(s => s.GetProperty("gasCost").GetInt32()));
        Assert.All(steps, s => Assert.Equal(1, s.GetProperty("depth").GetInt32()));
        Assert.Equal(["0x2a", "0x1"], Texts(steps[3].GetProperty("stack")));
        Assert.Equal(Hex.Encode(Word(42)), steps[3].GetProperty("storage").GetProperty(Hex.Encode(Word(1))).GetString());
        Assert.False(steps[4].TryGetProperty("storage", out _));
        Assert.Equal([Hex.Encode(Word(42))], Texts(steps[8].GetProperty("memory")));
        // What the steps cost is what the transaction cost beyond its own 21,000 and the data.
        Assert.Equal(
            steps[0].GetProperty("gas").GetUInt64() - steps[^1].GetProperty("gas").GetUInt64(),
            (ulong)steps.SkipLast(1).Sum(s => s.GetProperty("gasCost").GetInt64()));

        JsonElement bare = await fixture.ResultAsync(
            "debug_traceTransaction", $$"""["{{call.Hash}}",{"disableStack":true,"disableStorage":true,"limit":3}]""");
        Assert.Equal(3, bare.GetProperty("structLogs").GetArrayLength());
        Assert.False(bare.GetProperty("structLogs")[0].TryGetProperty("stack", out _));
    }

    [Fact]
    public async Task The_tree_of_calls_has_inner_calls_reverts_and_events()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Address keeper = Deploy(fixture, Keeper);
        Transaction plain = Send(fixture, keeper, Word(7), 3);
        JsonElement top = await fixture.ResultAsync("debug_traceTransaction", $$"""["{{plain.Hash}}",{"tracer":"callTracer","tracerConfig":{"withLog":true} }]""");
        Assert.Equal(("CALL", "0x3", Hex.Encode(Word(7))), (Text(top, "type"), Text(top, "value"), Text(top, "output")));
        Assert.Equal(new UInt256(plain.GasLimit).ToHexQuantity(), Text(top, "gas"));
        Assert.Equal(new UInt256(fixture.Chain.Ledger.ReceiptsOf(fixture.Chain.Ledger.Head.Number)[0].GasUsed).ToHexQuantity(), Text(top, "gasUsed"));
        JsonElement log = Assert.Single(top.GetProperty("logs").EnumerateArray());
        Assert.Equal((keeper.ToString(), "0x0", "0x0"), (Text(log, "address"), Text(log, "position"), Text(log, "index")));

        // Forwards to the keeper and reverts: its events are gone, the frames are there.
        string code = "0x60025f525f5f60205f600973" + keeper.ToString()[2..] + "5af15060205ffd";
        Address caller = Deploy(fixture, code);
        Transaction reverted = Send(fixture, caller, [], 20);
        JsonElement tree = await fixture.ResultAsync("debug_traceTransaction", $$"""["{{reverted.Hash}}",{"tracer":"callTracer","tracerConfig":{"withLog":true} }]""");
        Assert.Equal(("execution reverted", Hex.Encode(Word(2))), (Text(tree, "error"), Text(tree, "output")));
        JsonElement inner = Assert.Single(tree.GetProperty("calls").EnumerateArray());
        Assert.Equal((caller.ToString(), keeper.ToString(), "0x9"), (Text(inner, "from"), Text(inner, "to"), Text(inner, "value")));
        Assert.False(inner.TryGetProperty("logs", out _));
        JsonElement alone = await fixture.ResultAsync("debug_traceTransaction", $$"""["{{reverted.Hash}}",{"tracer":"callTracer","tracerConfig":{"onlyTopCall":true} }]""");
        Assert.False(alone.TryGetProperty("calls", out _));
        Assert.Equal(Text(tree, "gasUsed"), Text(alone, "gasUsed"));
    }

    [Fact]
    public async Task The_state_before_and_what_changed_are_told()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Address keeper = Deploy(fixture, Keeper);
        Send(fixture, keeper, Word(7), 3);
        string sender = InstantChain.Rich[0].Address.ToString();
        UInt256 before = Balance(fixture, InstantChain.Rich[0].Address);
        Transaction call = Send(fixture, keeper, Word(8), 4);
        JsonElement pre = await fixture.ResultAsync("debug_traceTransaction", $$"""["{{call.Hash}}",{"tracer":"prestateTracer"}]""");
        Assert.Equal((before.ToHexQuantity(), 2), (Text(pre.GetProperty(sender), "balance"), pre.GetProperty(sender).GetProperty("nonce").GetInt32()));
        Assert.Equal("0x3", Text(pre.GetProperty(keeper.ToString()), "balance"));
        Assert.Equal(Hex.Encode(Word(7)), Text(pre.GetProperty(keeper.ToString()).GetProperty("storage"), Hex.Encode(Word(1))));

        JsonElement diff = await fixture.ResultAsync("debug_traceTransaction", $$"""["{{call.Hash}}",{"tracer":"prestateTracer","tracerConfig":{"diffMode":true} }]""");
        JsonElement post = diff.GetProperty("post");
        Assert.Equal("0x7", Text(post.GetProperty(keeper.ToString()), "balance"));
        Assert.Equal(Hex.Encode(Word(8)), Text(post.GetProperty(keeper.ToString()).GetProperty("storage"), Hex.Encode(Word(1))));
        Assert.False(post.GetProperty(keeper.ToString()).TryGetProperty("code", out _));
        Assert.Equal(Balance(fixture, InstantChain.Rich[0].Address).ToHexQuantity(), Text(post.GetProperty(sender), "balance"));
        Assert.Equal(3, post.GetProperty(sender).GetProperty("nonce").GetInt32());
    }

    [Fact]
    public async Task A_block_is_traced_with_each_transaction_on_the_state_of_those_before_it()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Address keeper = Deploy(fixture, Keeper);
        Transaction[] calls = [Signed(fixture, 0, keeper, Word(7), 1), Signed(fixture, 1, keeper, Word(8), 2)];
        Block block = fixture.Chain.SealExactly(calls);
        fixture.Chain.Seal();
        JsonElement[] byNumber = [.. (await fixture.ResultAsync("debug_traceBlockByNumber", $$"""["{{new UInt256(block.Header.Number).ToHexQuantity()}}",{"tracer":"prestateTracer"}]""")).EnumerateArray()];
        Assert.Equal(calls.Select(c => c.Hash.ToString()), byNumber.Select(r => Text(r, "txHash")));
        // The second sees what the first stored.
        JsonElement second = byNumber[1].GetProperty("result").GetProperty(keeper.ToString());
        Assert.Equal((Hex.Encode(Word(7)), "0x1"), (Text(second.GetProperty("storage"), Hex.Encode(Word(1))), Text(second, "balance")));
        JsonElement[] byHash = [.. (await fixture.ResultAsync("debug_traceBlockByHash", $$"""["{{block.Hash}}",{"tracer":"callTracer","tracerConfig":{"withLog":true} }]""")).EnumerateArray()];
        Assert.Equal(["0x0", "0x1"], byHash.Select(r => Text(r.GetProperty("result").GetProperty("logs")[0], "index")));
        // What each left is told as it was after it, not after the block.
        JsonElement[] diffs = [.. (await fixture.ResultAsync("debug_traceBlockByHash", $$"""["{{block.Hash}}",{"tracer":"prestateTracer","tracerConfig":{"diffMode":true} }]""")).EnumerateArray()];
        Assert.Equal(
            ["0x1", "0x3"], diffs.Select(r => Text(r.GetProperty("result").GetProperty("post").GetProperty(keeper.ToString()), "balance")));
        JsonElement alone = await fixture.ResultAsync("debug_traceTransaction", $$"""["{{calls[1].Hash}}",{"tracer":"prestateTracer"}]""");
        Assert.Equal(byNumber[1].GetProperty("result").GetRawText(), alone.GetRawText());
    }

    [Fact]
    public async Task A_call_is_traced_on_any_kept_state_and_with_overrides()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Address keeper = Deploy(fixture, Keeper);
        string call = $$"""{"to":"{{keeper}}","input":"{{Hex.Encode(Word(5))}}","gas":"0x186a0"}""";
        JsonElement trace = await fixture.ResultAsync("debug_traceCall", $$"""[{{call}},"latest",{"tracer":"callTracer"}]""");
        Assert.Equal(("0x186a0", Hex.Encode(Word(5))), (Text(trace, "gas"), Text(trace, "output")));
        JsonElement before = await fixture.ResultAsync("debug_traceCall", $$"""[{{call}},"0x0"]""");
        Assert.Equal(0, before.GetProperty("structLogs").GetArrayLength());
        JsonElement other = await fixture.ResultAsync("debug_traceCall", $$$"""[{{{call}}},"latest",{"stateOverrides":{"{{{keeper}}}":{"code":"0x5b00"}} }]""");
        Assert.Equal(["JUMPDEST", "STOP"], other.GetProperty("structLogs").EnumerateArray().Select(s => Text(s, "op")));
    }

    [Fact]
    public async Task The_opcode_that_fails_is_told_with_its_fault()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        foreach ((string code, string error) in new[] { ("0x01", "stack underflow"), ("0xfe", "invalid opcode: INVALID"), ("0x600160015560fe", "out of gas") })
        {
            JsonElement trace = await fixture.ResultAsync("debug_traceCall", $$"""[{"data":"{{code}}","gas":"0xd2f0"}]""");
            JsonElement last = trace.GetProperty("structLogs")[trace.GetProperty("structLogs").GetArrayLength() - 1];
            Assert.Equal((true, error, "0x"), (trace.GetProperty("failed").GetBoolean(), Text(last, "error"), Text(trace, "returnValue")));
        }
    }

    [Fact]
    public async Task An_endless_call_and_a_trace_without_end_are_bounded()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false, change: o => o with { CallGasMax = 3_000_000, TraceBytesMax = 200_000 });
        string endless = """{"data":"0x5b5f56"}""";
        Assert.Equal((-32003, "response too large: at most 200000 bytes"), await fixture.RefusalAsync("debug_traceCall", $"[{endless}]"));
        JsonElement few = await fixture.ResultAsync("debug_traceCall", $$"""[{{endless}},"latest",{"limit":10}]""");
        Assert.Equal((10, true), (few.GetProperty("structLogs").GetArrayLength(), few.GetProperty("failed").GetBoolean()));
        // Calls itself as deep as gas lets it: one frame a level, more than JSON usually nests.
        (_, string deep) = await fixture.PostAsync(
            """
            {"jsonrpc":"2.0","id":1,"method":"debug_traceCall","params":[{"to":"0x00000000000000000000000000000000000000cc"},"latest",
              {"tracer":"callTracer","stateOverrides":{"0x00000000000000000000000000000000000000cc":{"code":"0x5f5f5f5f5f305af1"}}}]}
            """);
        Assert.InRange(deep.Split("\"type\":\"CALL\"").Length, 200, 1_026);
        Assert.DoesNotContain("\"error\":{\"code\"", deep, StringComparison.Ordinal);
        // Each loop copies and forwards much memory: what frames keep is counted.
        Assert.Equal(-32003, (await fixture.RefusalAsync(
            "debug_traceCall", """[{"data":"0x5b5f5f61ffff5f5f60045af1505f56"},"latest",{"tracer":"callTracer"}]""")).Code);
    }

    [Theory]
    [InlineData("debug_traceTransaction", "[\"0x0000000000000000000000000000000000000000000000000000000000000001\"]", -32000, "transaction not found")]
    [InlineData("debug_traceBlockByNumber", "[\"0x0\"]", -32000, "genesis is not traceable")]
    [InlineData("debug_traceBlockByNumber", "[\"0x99\"]", -32000, "block #153 not found")]
    [InlineData("debug_traceBlockByHash", "[\"0x0000000000000000000000000000000000000000000000000000000000000001\"]", -32000, "block 0x0000000000000000000000000000000000000000000000000000000000000001 not found")]
    [InlineData("debug_traceCall", "[{},\"latest\",{\"tracer\":\"jsTracer\"}]", -32602, "the tracers are callTracer")]
    [InlineData("debug_traceCall", "[{},\"latest\",{\"enableMemory\":1}]", -32602, "enableMemory is neither true nor false")]
    [InlineData("debug_traceCall", "[{},\"latest\",{\"txIndex\":\"0x0\"}]", -32602, "blockOverrides and txIndex are not understood")]
    [InlineData("debug_traceCall", "[{},\"latest\",7]", -32602, "an object with the tracer's options")]
    [InlineData("debug_traceCall", "[{\"gas\":\"0x1\"}]", -32000, "err: intrinsic gas too low")]
    [InlineData("debug_getRawBlock", "[\"2\"]", -32602, "invalid argument 0")]
    [InlineData("debug_getRawHeader", "[\"0x99\"]", -32000, "header not found")]
    public async Task What_cannot_be_traced_is_refused_with_the_reason(string method, string parameters, int code, string message)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        (int actual, string text) = await fixture.RefusalAsync(method, parameters);
        Assert.Equal(code, actual);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_bytes_are_those_that_the_hashes_cover()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Address keeper = Deploy(fixture, Keeper);
        Transaction call = Send(fixture, keeper, Word(1), 0);
        Block block = fixture.Chain.Ledger.BlockByNumber(fixture.Chain.Ledger.Head.Number)!;
        byte[] header = Hex.Decode((await fixture.ResultAsync("debug_getRawHeader", "[\"latest\"]")).GetString()!);
        Assert.Equal(block.Hash, CPChain.Crypto.Keccak256.Hash(header));
        Assert.Equal(Hex.Encode(block.Encode()), (await fixture.ResultAsync("debug_getRawBlock", $"[\"{block.Hash}\"]")).GetString());
        JsonElement receipts = await fixture.ResultAsync("debug_getRawReceipts", "[\"latest\"]");
        Assert.Equal(
            block.Header.ReceiptsRoot, CPChain.Trie.TrieRoot.OfIndexed([.. receipts.EnumerateArray().Select(r => Hex.Decode(r.GetString()!))]));
        Assert.Equal(Hex.Encode(call.Encoded.Span), (await fixture.ResultAsync("debug_getRawTransaction", $"[\"{call.Hash}\"]")).GetString());
        Assert.Equal("0x", (await fixture.ResultAsync("debug_getRawTransaction", $"[\"{block.Hash}\"]")).GetString());
    }

    private static UInt256 Balance(RpcFixture fixture, Address address) =>
        fixture.Chain.Ledger.HeadState.TryGetAccount(address, out Account account) ? account.Balance : UInt256.Zero;

    private static Address Deploy(RpcFixture fixture, string runtime)
    {
        byte[] code = Hex.Decode(runtime);
        Send(fixture, null, [0x60, (byte)code.Length, 0x60, 0x0b, 0x5f, 0x39, 0x60, (byte)code.Length, 0x5f, 0xf3, 0x00, .. code], 0);
        return fixture.Chain.Ledger.ReceiptsOf(fixture.Chain.Ledger.Head.Number)[0].ContractAddress!.Value;
    }

    private static Transaction Send(RpcFixture fixture, Address? to, byte[] data, ulong value)
    {
        Transaction transaction = Signed(fixture, 0, to, data, value);
        fixture.Chain.SealExactly(transaction);
        return transaction;
    }

    private static Transaction Signed(RpcFixture fixture, int rich, Address? to, byte[] data, ulong value)
    {
        ulong nonce = fixture.Chain.Ledger.HeadState.TryGetAccount(InstantChain.Rich[rich].Address, out Account account) ? account.Nonce : 0;
        return Transaction.Sign(
            UnsignedTransaction.FeeMarket(InstantChain.ChainId, nonce, Units.Gwei * 3UL, Units.Gwei, 200_000) with { To = to, Data = data, Value = value },
            InstantChain.Rich[rich]);
    }

    private static byte[] Word(ulong number) => new UInt256(number).ToBigEndian();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(e => e.GetString()!);
}
