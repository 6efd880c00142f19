namespace CPChain.App.Devnet;

/// <summary>A node in this process. A kill is an ordinary stop here: a process cannot lose power in part.</summary>
public sealed class LocalNode(PlannedNode plan, string folder, Func<string, NodeConfig, CancellationToken, Task<IAsyncDisposable>> open)
    : INetworkNode
{
    private IAsyncDisposable? running;

    public PlannedNode Plan { get; } = plan;

    public Action<Exception>? Failed { get; set; }

    public bool IsRunning => running is not null;

    /// <summary>What runs, while it does.</summary>
    public IAsyncDisposable? Running => running;

    public async Task StartAsync(CancellationToken cancel)
    {
        NodeConfig config = DevnetFolder.ReadJson(Path.Combine(folder, NodeConfig.FileName), DevnetJson.Default.NodeConfig);
        running = await open(folder, config, cancel);
        if (running is ChainServer chain) _ = WatchAsync(chain.Node.Completion);
    }

    private async Task WatchAsync(Task completion)
    {
        await completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (completion.Exception is { } failure) Failed?.Invoke(failure.GetBaseException());
    }

    public async Task StopAsync()
    {
        if (running is not { } node) return;
        running = null;
        await node.DisposeAsync();
    }

    public Task KillAsync() => StopAsync();

    public async ValueTask DisposeAsync() => await StopAsync();
}
