using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CPChain.App.Devnet;
using CPChain.Sdk;

namespace CPChain.EndToEnd;

/// <summary>
/// Clients that ask for what no server should give: everything at once, nested without end, for ever. Each gets an error that says which, and the
/// chain does not notice.
/// </summary>
public sealed class HostileRpcTests
{
    private const ulong Blocks = 8;
    private const int AtOnce = 4;
    private const long GrowthMax = 2L << 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>JUMPDEST, PUSH0, JUMP.</summary>
    private const string Endless = "0x5b5f56";

    [Fact]
    public async Task Hostile_requests_get_typed_errors_and_the_chain_goes_on()
    {
        using TempFolder temp = new();
        await using RunningDevnet devnet = await RunningDevnet.StartAsync(temp["devnet"], processes: false, RunningDevnet.FreeRpcPorts());
        using CancellationTokenSource patience = new(Patience);
        ChainClient other = devnet.Client(devnet.Names[1]);
        // From the first block on that comes after the start, so that a proposer that was not up yet is not counted.
        ulong first = await AfterAsync(other, 2, patience.Token);
        Uri target = LocalNetwork.RpcUrlOf(RunningDevnet.Plan(temp["devnet"]).Nodes[0]);
        long before = MemoryOf(devnet);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        Task<Dictionary<string, int>>[] attacks = [.. Enumerable.Range(0, AtOnce).Select(index => Task.Run(() => AttackAsync(target, index, over.Token)))];
        ulong last = await AfterAsync(other, first + Blocks, patience.Token);
        await over.CancelAsync();
        Dictionary<string, int> answered = [];
        foreach (Dictionary<string, int> part in await Task.WhenAll(attacks))
        {
            foreach ((string kind, int count) in part) answered[kind] = answered.GetValueOrDefault(kind) + count;
        }

        TestContext.Current.SendDiagnosticMessage(string.Join(", ", answered.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Equal(Kinds.Count, answered.Count);
        Assert.True(MemoryOf(devnet) - before < GrowthMax, "memory grows with what hostile clients ask");
        using ChainClient asked = new(target);
        Assert.True(await asked.GetBlockNumberAsync() >= last, "the attacked node has fallen behind");
        for (ulong number = first; number <= last; number++)
            Assert.False(await IsImpeachAsync(target, number), $"block {number} is an impeach block");
        Assert.Equal("", devnet.Process.Errors.Trim());
    }

    private static IReadOnlyList<(string Name, string Body, int[] Codes)> Kinds { get; } =
    [
        ("deep", new string('[', 100_000), [-32700]),
        ("deep parameters", Request("eth_call", new string('[', 5_000) + new string(']', 5_000)), [-32700]),
        ("huge batch", "[" + string.Join(',', Enumerable.Repeat(Request("eth_blockNumber", ""), 20_000)) + "]", [-32600]),
        ("batch of endless calls", "[" + string.Join(',', Enumerable.Repeat(EndlessCall, 10)) + "]", [-32000]),
        ("endless call", EndlessCall, [-32000]),
        // A young chain has no more than may be told.
        ("logs of everything", Request("eth_getLogs", """{"fromBlock":"0x0","toBlock":"latest"}"""), []),
        ("logs of blocks to come", Request("eth_getLogs", """{"fromBlock":"0x0","toBlock":"0xffffffff"}"""), [-32602]),
        ("malformed transaction", Request("eth_sendRawTransaction", "\"0x02f8ff" + new string('b', 4_000) + "\""), [-32000, -32602]),
        ("malformed code", Request("eth_call", $$"""{"data":"0x{{new string('f', 60_000)}}"}"""), [-32000]),
        ("no text", "{\"jsonrpc\":2,\"id\":1,\"method\":\"eth_chainId\"}", [-32600]),
        ("half", "{\"jsonrpc\":\"2.0\",\"id\":1,\"meth", [-32700]),
    ];

    private static string EndlessCall => Request("eth_call", $$"""{"data":"{{Endless}}"}""");

    private static string Request(string method, string parameters) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":[{{parameters}}]}""";

    /// <summary>Sends one kind after the other until it is over; how many were answered as they must be.</summary>
    private static async Task<Dictionary<string, int>> AttackAsync(Uri target, int start, CancellationToken over)
    {
        using HttpClient client = new() { Timeout = Patience };
        Dictionary<string, int> answered = [];
        for (int index = start; ; index++)
        {
            (string name, string body, int[] codes) = Kinds[index % Kinds.Count];
            // At least one of each kind by somebody, whatever the machine does meanwhile.
            if (over.IsCancellationRequested && index >= start + Kinds.Count) return answered;
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await client.PostAsync(target, content, CancellationToken.None);
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            using JsonDocument answer = JsonDocument.Parse(bytes);
            JsonElement[] answers = answer.RootElement.ValueKind == JsonValueKind.Array ? [.. answer.RootElement.EnumerateArray()] : [answer.RootElement];
            foreach (JsonElement one in answers)
            {
                if (codes.Length == 0 && one.TryGetProperty("result", out JsonElement told) && told.ValueKind == JsonValueKind.Array) continue;
                Assert.True(one.TryGetProperty("error", out JsonElement error), $"{name}: {one.GetRawText()[..Math.Min(300, one.GetRawText().Length)]}");
                Assert.Contains(error.GetProperty("code").GetInt32(), codes);
            }

            answered[name] = answered.GetValueOrDefault(name) + 1;
        }
    }

    private static async Task<ulong> AfterAsync(ChainClient client, ulong number, CancellationToken cancel)
    {
        while (true)
        {
            ulong head = await client.GetBlockNumberAsync(cancel);
            if (head >= number) return head;
            await Task.Delay(100, cancel);
        }
    }

    private static async Task<bool> IsImpeachAsync(Uri target, ulong number)
    {
        using HttpClient client = new();
        using StringContent content = new(Request("cpc_getBlock", $"\"0x{number:x}\""), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync(target, content);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return answer.RootElement.GetProperty("result").GetProperty("isImpeach").GetBoolean();
    }

    private static long MemoryOf(RunningDevnet devnet)
    {
        using Process process = Process.GetProcessById(devnet.Process.Id);
        return process.WorkingSet64;
    }
}
