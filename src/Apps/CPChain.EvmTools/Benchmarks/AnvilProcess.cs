using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>A process of anvil (revm, Rust) that answers JSON-RPC on a port of its own.</summary>
public sealed class AnvilProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CallWithin = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpClient _client;

    private AnvilProcess(Process process, Uri endpoint)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = endpoint, Timeout = CallWithin };
    }

    /// <summary>The process, for what it has cost.</summary>
    public int Id => _process.Id;

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts anvil and waits until it answers.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<AnvilProcess> StartAsync(string program, IEnumerable<string> options, CancellationToken cancel)
    {
        int port = FreePort();
        ProcessStartInfo start = new(program, ["--port", port.ToString(CultureInfo.InvariantCulture), .. options])
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
        AnvilProcess anvil = new(process, new Uri($"http://127.0.0.1:{port}"));
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

    /// <summary>Posts JSON and gives back what comes, unread.</summary>
    public async Task<byte[]> PostAsync(HttpContent request, CancellationToken cancel)
    {
        using HttpResponseMessage response = await _client.PostAsync((Uri?)null, request, cancel);
        return await response.Content.ReadAsByteArrayAsync(cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
