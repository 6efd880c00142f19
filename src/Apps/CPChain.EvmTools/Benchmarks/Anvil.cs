using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>A running anvil (revm, Rust) beside which our machine is measured.</summary>
internal sealed class Anvil : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CallWithin = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpClient _client;

    private Anvil(Process process, Uri endpoint)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = endpoint, Timeout = CallWithin };
    }

    /// <summary>Starts anvil and waits until it answers.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    internal static async Task<Anvil> StartAsync(string program, EvmRules rules, CancellationToken cancel)
    {
        int port = FreePort();
        ProcessStartInfo start = new(program,
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--hardfork", rules.Name.ToLowerInvariant(), "--no-mining", "--accounts", "1",
            "--gas-limit", BenchCall.GasLimit.ToString(CultureInfo.InvariantCulture), "--base-fee", "0",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start) ?? throw new IOException($"{program} does not start.");
        TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("Listening on", StringComparison.Ordinal) == true) listening.TrySetResult();
            if (line.Data is null) listening.TrySetException(new IOException($"{program} ended before it listened."));
        };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Anvil anvil = new(process, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await listening.Task.WaitAsync(StartWithin, cancel);
        }
        catch
        {
            await anvil.DisposeAsync();
            throw;
        }

        return anvil;
    }

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
        string answer = await PostAsync(request, cancel);
        BenchTime time = new(CpuClock.OfProcess(_process.Id) - cpu, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return (UInt256.FromBigEndian(Hex.Decode(Result("eth_call", answer))), time);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task AskAsync(string method, string[] parameters, CancellationToken cancel)
    {
        using StringContent request = Request(method, [.. parameters.Select(static text => JsonValue.Create(text))]);
        Result(method, await PostAsync(request, cancel));
    }

    private static StringContent Request(string method, JsonArray parameters)
    {
        JsonObject request = new() { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters };
        return new StringContent(request.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
    }

    private async Task<string> PostAsync(StringContent request, CancellationToken cancel)
    {
        using HttpResponseMessage response = await _client.PostAsync((Uri?)null, request, cancel);
        return await response.Content.ReadAsStringAsync(cancel);
    }

    private static string? Result(string method, string answer)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        if (document.RootElement.TryGetProperty("error", out JsonElement error))
        {
            throw new IOException($"anvil refuses {method}: {error.GetRawText()}");
        }

        JsonElement result = document.RootElement.GetProperty("result");
        return result.ValueKind == JsonValueKind.String ? result.GetString() : null;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
