using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>A running anvil (revm, Rust) beside which our machine is measured.</summary>
internal sealed class Anvil : IAsyncDisposable
{
    private readonly AnvilProcess _process;

    private Anvil(AnvilProcess process) => _process = process;

    /// <summary>Starts anvil and waits until it answers.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    internal static async Task<Anvil> StartAsync(string program, EvmRules rules, CancellationToken cancel) => new(await AnvilProcess.StartAsync(
        program,
        [
            "--hardfork", rules.Name.ToLowerInvariant(), "--no-mining", "--accounts", "1",
            "--gas-limit", BenchCall.GasLimit.ToString(CultureInfo.InvariantCulture), "--base-fee", "0",
        ],
        cancel));

    /// <summary>Makes these accounts the whole state beside anvil's own.</summary>
    internal async Task LoadAsync(IEnumerable<GenesisAccount> accounts, CancellationToken cancel)
    {
        await AskAsync("anvil_reset", [], cancel);
        foreach (GenesisAccount account in accounts)
        {
            string address = account.Address.ToString();
            await AskAsync("anvil_setCode", [address, Hex.Encode(account.Code.Span)], cancel);
            await AskAsync("anvil_setBalance", [address, "0x1"], cancel);
            foreach ((UInt256 slot, UInt256 value) in account.Storage)
            {
                string[] cell = [address, Hex.Encode(slot.ToBigEndian()), Hex.Encode(value.ToBigEndian())];
                await AskAsync("anvil_setStorageAt", cell, cancel);
            }
        }
    }

    /// <summary>One eth_call: the word it returned and what the answer cost.</summary>
    internal async Task<(UInt256 Output, BenchTime Time)> CallAsync(Address to, byte[] input, CancellationToken cancel)
    {
        JsonObject call = new()
        {
            ["from"] = BenchCall.Origin.ToString(),
            ["to"] = to.ToString(),
            ["data"] = Hex.Encode(input),
            ["gas"] = "0x" + BenchCall.GasLimit.ToString("x", CultureInfo.InvariantCulture),
            ["gasPrice"] = "0x0",
        };
        using StringContent request = Request("eth_call", [call, "latest"]);
        double cpu = CpuClock.OfProcess(_process.Id);
        long start = Stopwatch.GetTimestamp();
        byte[] answer = await _process.PostAsync(request, cancel);
        BenchTime time = new(CpuClock.OfProcess(_process.Id) - cpu, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return (UInt256.FromBigEndian(Hex.Decode(Result("eth_call", answer))), time);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task AskAsync(string method, string[] parameters, CancellationToken cancel)
    {
        using StringContent request = Request(method, [.. parameters.Select(static text => JsonValue.Create(text))]);
        Result(method, await _process.PostAsync(request, cancel));
    }

    private static StringContent Request(string method, JsonArray parameters)
    {
        JsonObject request = new() { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters };
        return new StringContent(request.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
    }

    private static string? Result(string method, byte[] answer)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        if (document.RootElement.TryGetProperty("error", out JsonElement error))
        {
            throw new IOException($"anvil refuses {method}: {error.GetRawText()}");
        }

        JsonElement result = document.RootElement.GetProperty("result");
        return result.ValueKind == JsonValueKind.String ? result.GetString() : null;
    }
}
