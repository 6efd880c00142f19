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

    private readonly AnvilProcess _anvil;
    private ulong _number;

    private AnvilMirror(AnvilProcess anvil) => _anvil = anvil;

    /// <summary>A new chain whose block 0 has this time; null where no anvil is named.</summary>
    public static AnvilMirror? Start(ulong genesisSeconds) => string.IsNullOrEmpty(s_program) ? null : new AnvilMirror(
        AnvilProcess.StartAsync(s_program, [
            "--hardfork", "osaka", "--no-mining", "--accounts", "1", "--base-fee", "0", "--gas-price", "0", "--auto-impersonate",
            "--disable-default-create2-deployer", "--disable-console-log", "--no-request-size-limit", "--gas-limit", "1000000000",
            "--timestamp", genesisSeconds.ToString(CultureInfo.InvariantCulture),
        ], TestContext.Current.CancellationToken).GetAwaiter().GetResult());

    public void SetCode(Address address, byte[] code) => Ask("anvil_setCode", address.ToString(), Hex.Encode(code));

    public void SetBalance(Address address, UInt256 balance) => Ask("anvil_setBalance", address.ToString(), Quantity(balance));

    public void SetStorage(Address address, UInt256 slot, UInt256 value) =>
        Ask("anvil_setStorageAt", address.ToString(), Hex.Encode(slot.ToBigEndian()), Hex.Encode(value.ToBigEndian()));

    public Hash256 HashOf(ulong number)
    {
        MineThrough(number);
        return Hash256.FromBytes(Hex.Decode(Ask("eth_getBlockByNumber", Quantity(number), false).GetProperty("hash").GetString()!));
    }

    /// <summary>Mines the transaction as block `number` and compares what it did.</summary>
    public void Send(ulong number, ulong seconds, Address from, Address to, UInt256 value, byte[] data, ulong gas, EvmResult ours, IReadOnlyList<EvmLog> logs)
    {
        MineThrough(number - 1);
        Ask("evm_setNextBlockTimestamp", Quantity(seconds));
        string hash = Ask("eth_sendTransaction", new Dictionary<string, string>
        {
            ["from"] = from.ToString(),
            ["to"] = to.ToString(),
            ["value"] = Quantity(value),
            ["data"] = Hex.Encode(data),
            ["gas"] = Quantity(gas),
            ["gasPrice"] = "0x0",
        }).GetString()!;
        Ask("evm_mine");
        _number = number;
        JsonElement receipt = Ask("eth_getTransactionReceipt", hash);
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
        JsonElement trace = Ask("debug_traceTransaction", hash, new Dictionary<string, string> { ["tracer"] = "callTracer" });
        string output = trace.TryGetProperty("output", out JsonElement bytes) ? bytes.GetString()! : "0x";
        Assert.Equal(Hex.Encode(ours.Output.Span), output);
    }

    /// <summary>Every slot that our state has, and these balances, are the same there.</summary>
    public void Compare(StateOverlay state, IEnumerable<Address> accounts)
    {
        foreach (StorageChange slot in state.Collect().Storage)
        {
            string theirs = Ask("eth_getStorageAt", slot.Address.ToString(), Hex.Encode(slot.Slot.ToBigEndian()), "latest").GetString()!;
            Assert.Equal(Hex.Encode(slot.Value.ToBigEndian()), theirs);
        }
        foreach (Address account in accounts)
            Assert.Equal(Quantity(state.GetBalance(account)), Ask("eth_getBalance", account.ToString(), "latest").GetString());
    }

    public void Dispose() => _anvil.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void MineThrough(ulong number)
    {
        if (number <= _number) return;
        Ask("anvil_mine", Quantity(number - _number), "0x1");
        _number = number;
    }

    private JsonElement Ask(string method, params object[] parameters)
    {
        using ByteArrayContent request = new(JsonSerializer.SerializeToUtf8Bytes(new { jsonrpc = "2.0", id = 1, method, @params = parameters }));
        request.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        byte[] answer = _anvil.PostAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        using JsonDocument document = JsonDocument.Parse(answer);
        Assert.True(document.RootElement.TryGetProperty("result", out JsonElement result), $"{method}: {document.RootElement}");
        return result.Clone();
    }

    private static string Quantity(UInt256 value)
    {
        string digits = value.ToBigInteger().ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }
}
