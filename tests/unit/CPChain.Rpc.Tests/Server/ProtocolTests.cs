using System.Net;
using System.Text.Json;
using CPChain.Rpc.Tests.Chain;

namespace CPChain.Rpc.Tests.Server;

/// <summary>JSON-RPC 2.0 and HTTP: what comes in broken goes out as the right refusal, within bounds.</summary>
public sealed class ProtocolTests
{
    [Theory]
    [InlineData("{", -32700)]
    [InlineData("", -32700)]
    [InlineData("\u0001", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("7", -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}""", -32600)]
    [InlineData("""{"jsonrpc":1,"id":1,"method":"eth_chainId"}""", -32600)]
    [InlineData("""{"jsonrpc":["2.0"],"id":1,"method":"eth_chainId"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_nothing"}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":"\ud800","method":"eth_nothing"}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["\udc00"]}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_uninstallFilter","params":["\udc00"]}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"\udc00":1,"to":"\ud800"}]}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":{"a":1}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":[]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x1"]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x12"]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0x01",false]}""", -32602)]
    public async Task A_broken_request_gets_the_code_of_its_fault(string body, int code)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        (HttpStatusCode status, string answer) = await fixture.PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, status);
        using JsonDocument document = JsonDocument.Parse(answer);
        Assert.Equal(code, document.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_batch_answers_in_order_and_leaves_notifications_out()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        (_, string answer) = await fixture.PostAsync(
            """
            [{"jsonrpc":"2.0","id":"a","method":"eth_chainId"},
             {"jsonrpc":"2.0","method":"eth_chainId"},
             3,
             {"jsonrpc":"2.0","id":null,"method":"net_version"},
             {"jsonrpc":"2.0","id":2.5,"method":"nothing_here"}]
            """);
        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement[] answers = [.. document.RootElement.EnumerateArray()];
        Assert.Equal(4, answers.Length);
        Assert.Equal("a", answers[0].GetProperty("id").GetString());
        Assert.Equal("0x100b", answers[0].GetProperty("result").GetString());
        Assert.Equal(-32600, answers[1].GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(JsonValueKind.Null, answers[2].GetProperty("id").ValueKind);
        Assert.Equal("4107", answers[2].GetProperty("result").GetString());
        Assert.Equal("2.5", answers[3].GetProperty("id").GetRawText());
        Assert.Equal(-32601, answers[3].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_body_of_notifications_has_no_answer()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        (HttpStatusCode status, string answer) = await fixture.PostAsync("""{"jsonrpc":"2.0","method":"eth_chainId"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(answer);
    }

    [Fact]
    public async Task Bounds_hold_for_batch_depth_body_and_answer()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(
            change: o => o with { BatchMax = 3, BodyBytesMax = 20_000, AnswerBytesMax = 2_000 });
        string one = """{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}""";
        (_, string batch) = await fixture.PostAsync($"[{string.Join(',', Enumerable.Repeat(one, 4))}]");
        Assert.Contains("batch too large", batch, StringComparison.Ordinal);

        string deep = new string('[', 500) + new string(']', 500);
        (_, string nested) = await fixture.PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"eth_call","params":{{deep}}}""");
        Assert.Contains("-32700", nested, StringComparison.Ordinal);

        (HttpStatusCode status, _) = await fixture.PostAsync(new string(' ', 20_001));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);

        JsonElement large = await fixture.AskAsync("eth_getCode", "[\"0x00000000000000000000000000000000000c0d02\"]");
        Assert.Equal(-32003, large.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_foreign_host_or_origin_is_refused_and_an_allowed_one_may_read()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(
            change: o => o with { AllowedHosts = ["node.example"], AllowedOrigins = ["https://wallet.example"] });
        string body = """{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}""";
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.PostAsync(body, r => r.Headers.Host = "evil.example")).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(body, r => r.Headers.Host = "node.example:8545")).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(body, r => r.Headers.Host = "localhost")).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(body, r => r.Headers.Host = "[::1]:1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.PostAsync(body, r => r.Headers.Add("Origin", "https://evil.example"))).Status);

        using HttpClient http = new();
        using HttpRequestMessage preflight = new(HttpMethod.Options, fixture.Server.Url);
        preflight.Headers.Add("Origin", "https://wallet.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using HttpResponseMessage allowed = await http.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("https://wallet.example", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Only_a_POST_of_JSON_is_answered()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        string body = """{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}""";
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await fixture.PostAsync(body, r => r.Method = HttpMethod.Put)).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await fixture.PostAsync(body, contentType: "text/plain")).Status);
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_error()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        RpcBackend backend = new() { Chain = new LedgerSource(fixture.Chain.Ledger), Pool = fixture.Chain.Pool, NetworkName = "second" };
        RpcListenException error = await Assert.ThrowsAsync<RpcListenException>(
            () => RpcServer.StartAsync(new RpcOptions { Port = fixture.Server.Url.Port }, backend));
        Assert.Contains($"127.0.0.1:{fixture.Server.Url.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_and_random_parameters_never_make_an_internal_error()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        string[] methods =
        [
            "eth_getBalance", "eth_call", "eth_estimateGas", "eth_getLogs", "eth_newFilter", "eth_feeHistory", "eth_getProof",
            "eth_getStorageAt", "eth_sendRawTransaction", "eth_getBlockByNumber", "eth_getFilterChanges", "cpc_getBlock",
            "cpc_committee", "eth_getTransactionByBlockNumberAndIndex", "txpool_contentFrom", "eth_getBlockReceipts",
        ];
        string[] values =
        [
            "null", "1", "-1", "1e400", "true", "\"\"", "\"0x\"", "\"0x0\"", "\"latest\"", "\"pending\"", "{}", "[]", "[null]", "[[]]",
            "\"0xffffffffffffffff\"", "\"0x" + new string('f', 64) + "\"", "\"0x" + new string('1', 40) + "\"", "[50,20]", "[10]",
            "{\"to\":\"0x00000000000000000000000000000000000c0d02\",\"data\":\"0x12345678\",\"gas\":\"0xffffffffffffffff\"}",
            "{\"fromBlock\":\"0x5\",\"toBlock\":\"0x1\"}", "{\"blockHash\":\"0x00\"}", "{\"topics\":[null,[null],\"0x\"]}",
            "{\"data\":\"0xfe\",\"value\":\"0x1\"}", "{\"data\":\"0x5b600056\",\"gasPrice\":\"0x1\"}", "[\"0x1\",\"0x2\"]",
        ];
        Random random = new(20_261_120);
        for (int i = 0; i < 400; i++)
        {
            string parameters = string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => values[random.Next(values.Length)]));
            string method = methods[random.Next(methods.Length)];
            JsonElement answer = await fixture.AskAsync(method, $"[{parameters}]");
            Assert.False(answer.TryGetProperty("error", out JsonElement error) && error.GetProperty("code").GetInt32() == -32603,
                $"{method}({parameters}): {answer.GetRawText()}");
        }
    }
}
