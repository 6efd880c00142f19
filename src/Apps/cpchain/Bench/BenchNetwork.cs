using CPChain.App.Demo;
using CPChain.App.Devnet;

namespace CPChain.App.Bench;

/// <summary>A chain of 4 validators and 4 proposers, in this process or a process each, for one benchmark.</summary>
internal sealed class BenchNetwork : IAsyncDisposable
{
    private readonly DemoFolder folder;

    private BenchNetwork(DemoFolder folder, LocalNetwork network)
    {
        this.folder = folder;
        Network = network;
    }

    public LocalNetwork Network { get; }

    /// <summary>The validators' nodes, for their metrics; they must run in this process.</summary>
    public IEnumerable<ChainServer> Validators => Network.Nodes.OfType<LocalNode>()
        .Where(node => node.Plan.Role == NodeRole.Validator).Select(node => (ChainServer)node.Running!);

    public static async Task<BenchNetwork> StartAsync(ulong periodMs, CancellationToken cancel, bool processes = false)
    {
        DemoFolder folder = DemoFolder.Create(keep: null);
        try
        {
            DevnetShape shape = new(periodMs, Validators: 4, Proposers: 4, StorageNodes: 0, Proxies: 0, RpcPort: 0);
            DevnetFolder plan = DevnetFolder.OpenOrCreate(folder.Path, shape, (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            return new BenchNetwork(folder, await LocalNetwork.StartAsync(plan, processes, NodeHooks.None, cancel));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        folder.Dispose();
    }
}
