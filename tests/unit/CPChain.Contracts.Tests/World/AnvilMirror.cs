using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CPChain.Evm;
using CPChain.EvmTools.Benchmarks;
using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>
/// An anvil that does everything a world does and must come to the same: status, output, events, and in the end every slot and
/// balance. It runs when CPCHAIN_ANVIL names the program; tests/e2e runs all tests of this project so.
/// </summary>
internal sealed class AnvilMirror : IDisposable
{
    private static readonly string? s_program = Environment.GetEnvironmentVariable("CPCHAIN_ANVIL");

    // Starting a process costs more than most tests: those that are free wait here, back at block 0.
    private static readonly ConcurrentBag<AnvilMirror> s_free = StoppedAtExit();

    private readonly AnvilProcess _anvil;
    private readonly List<object> _waiting = [];
    private string _genesis = "";
    private ulong _number;

    private AnvilMirror(AnvilProcess anvil) => _anvil = anvil;

    /// <summary>Whether an anvil is named.</summary>
    public static bool IsThere => !string.IsNullOrEmpty(s_program);

    /// <summary>A new chain whose block 0 has this time; null where no anvil is named.</summary>
    public static AnvilMirror? Start(ulong genesisSeconds)
    {
        if (!IsThere) return null;
        if (!s_free.TryTake(out AnvilMirror? mirror))
        {
            mirror = new AnvilMirror(AnvilProcess.StartAsync(s_program!, [
                "--hardfork", "osaka", "--no-mining", "--accounts", "1", "--base-fee", "0", "--gas-price", "0", "--auto-impersonate",
                "--disable-default-create2-deployer", "--disable-console-log", "--no-request-size-limit", "--gas-limit", "1000000000",
                "--timestamp", genesisSeconds.ToString(CultureInfo.InvariantCulture),
            ], CancellationToken.None).GetAwaiter().GetResult());
        }
        // A snapshot can be returned to once.
        mirror._genesis = mirror.Ask("evm_snapshot").GetString()!;
        return mirror;
    }

    public void SetCode(Address address, byte[] code) => Later("anvil_setCode", address.ToString(), Hex.Encode(code));

    public void SetBalance(Address address, UInt256 balance) => Later("anvil_setBalance", address.ToString(), Quantity(balance));

    public void SetStorage(Address address, UInt256 slot, UInt256 value) =>
        Later("anvil_setStorageAt", address.ToString(), Hex.Encode(slot.ToBigEndian()), Hex.Encode(value.ToBigEndian()));

    public Hash256 HashOf(ulong number)
    {
        MineThrough(number);
        return Hash256.FromBytes(Hex.Decode(Ask("eth_getBlockByNumber", Quantity(number), false).GetProperty("hash").GetString()!));
    }

    /// <summary>Mines the transaction as block `number` and compares what it did.</summary>
    public void Send(ulong number, ulong seconds, Address from, Address to, UInt256 value, byte[] data, ulong gas, EvmResult ours, IReadOnlyList<EvmLog> logs)
    {
        MineThrough(number - 1);
        Later("evm_setNextBlockTimestamp", Quantity(seconds));
        Later("eth_sendTransaction", new Dictionary<string, string>
        {
            ["from"] = from.ToString(),
            ["to"] = to.ToString(),
            ["value"] = Quantity(value),
            ["data"] = Hex.Encode(data),
            ["gas"] = Quantity(gas),
            ["gasPrice"] = "0x0",
        });
        string hash = Flush()[^1].GetString()!;
        Ask("evm_mine");
        _number = number;
        Later("eth_getTransactionReceipt", hash);
        if (!ours.IsSuccess) Later("debug_traceTransaction", hash, new Dictionary<string, string> { ["tracer"] = "callTracer" });
        JsonElement[] answers = Flush();
        JsonElement receipt = answers[0];
        Assert.Equal(Quantity(number), receipt.GetProperty("blockNumber").GetString());
        Assert.Equal(ours.IsSuccess ? "0x1" : "0x0", receipt.GetProperty("status").GetString());
        JsonElement[] theirs = [.. receipt.GetProperty("logs").EnumerateArray()];
        Assert.Equal(ours.IsSuccess ? logs.Count : 0, theirs.Length);
        for (int i = 0; i < theirs.Length; i++)
        {
            Assert.Equal(logs[i].Address.ToString(), Address.Parse(theirs[i].GetProperty("address").GetString()!).ToString());
            Assert.Equal(Hex.Encode(logs[i].Data.Span), theirs[i].GetProperty("data").GetString());
            Assert.Equal(logs[i].Topics.Select(t => t.ToString()), theirs[i].GetProperty("topics").EnumerateArray().Select(t => t.GetString()!));
        }
        if (ours.IsSuccess) return;
        string output = answers[1].TryGetProperty("output", out JsonElement bytes) ? bytes.GetString()! : "0x";
        Assert.Equal(Hex.Encode(ours.Output.Span), output);
    }

    /// <summary>Every slot that our state has, and these balances, are the same there.</summary>
    public void Compare(StateOverlay state, IEnumerable<Address> accounts)
    {
        Flush();
        List<string> expected = [];
        foreach (StorageChange slot in state.Collect().Storage)
        {
            Later("eth_getStorageAt", slot.Address.ToString(), Hex.Encode(slot.Slot.ToBigEndian()), "latest");
            expected.Add(Hex.Encode(slot.Value.ToBigEndian()));
        }
        foreach (Address account in accounts)
        {
            Later("eth_getBalance", account.ToString(), "latest");
            expected.Add(Quantity(state.GetBalance(account)));
        }
        Assert.Equal(expected, Flush().Select(answer => answer.GetString()));
    }

    /// <summary>Goes back to block 0 for the next world.</summary>
    public void Dispose()
    {
        _waiting.Clear();
        Assert.True(Ask("evm_revert", _genesis).GetBoolean());
        _number = 0;
        s_free.Add(this);
    }

    private static ConcurrentBag<AnvilMirror> StoppedAtExit()
    {
        ConcurrentBag<AnvilMirror> free = [];
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            while (free.TryTake(out AnvilMirror? mirror)) mirror._anvil.DisposeAsync().AsTask().GetAwaiter().GetResult();
        };
        return free;
    }

    private void MineThrough(ulong number)
    {
        if (number <= _number) return;
        Ask("anvil_mine", Quantity(number - _number), "0x1");
        _number = number;
    }

    private JsonElement Ask(string method, params object[] parameters)
    {
        Flush();
        Later(method, parameters);
        return Flush()[0];
    }

    /// <summary>Goes with the next request; the requests of one batch do not depend on each other's order.</summary>
    private void Later(string method, params object[] parameters) =>
        _waiting.Add(new { jsonrpc = "2.0", id = _waiting.Count, method, @params = parameters });

    /// <summary>Sends what waits as one batch; the answers by the order of asking.</summary>
    private JsonElement[] Flush()
    {
        if (_waiting.Count == 0) return [];
        using ByteArrayContent request = new(JsonSerializer.SerializeToUtf8Bytes(_waiting));
        _waiting.Clear();
        request.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        byte[] answer = _anvil.PostAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        using JsonDocument document = JsonDocument.Parse(answer);
        return [.. document.RootElement.EnumerateArray().OrderBy(one => one.GetProperty("id").GetInt32()).Select(static one =>
        {
            Assert.True(one.TryGetProperty("result", out JsonElement result), $"{one}");
            return result.Clone();
        })];
    }

    private static string Quantity(UInt256 value)
    {
        string digits = value.ToBigInteger().ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }
}
