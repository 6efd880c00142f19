using CPChain.Sdk;

namespace CPChain.App.Devnet;

/// <summary>All nodes of a local network, in this process or each in one of its own.</summary>
public sealed class LocalNetwork : IAsyncDisposable
{
    private static readonly TimeSpan WordWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PortsFreeWithin = TimeSpan.FromSeconds(5);

    private readonly List<INetworkNode> nodes;
    private readonly TaskCompletionSource<Exception> failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LocalNetwork(DevnetFolder folder, List<INetworkNode> nodes)
    {
        Folder = folder;
        this.nodes = nodes;
        foreach (INetworkNode node in nodes) node.Failed = failure => failed.TrySetResult(failure);
    }

    public DevnetFolder Folder { get; }

    public IReadOnlyList<INetworkNode> Nodes => nodes;

    /// <summary>JSON-RPC for people and tools.</summary>
    public Uri RpcUrl => RpcUrlOf(Folder.Plan.Front);

    /// <summary>JSON-RPC of one chain node.</summary>
    public static Uri RpcUrlOf(PlannedNode node) => new($"http://127.0.0.1:{node.RpcPort}");

    public INetworkNode Node(string name) => nodes.First(node => node.Plan.Name == name);

    /// <summary>Starts every node; when one fails, none is left running.</summary>
    /// <param name="folder">The network.</param>
    /// <param name="processes">A process for each node instead of this one for all.</param>
    /// <param name="hooks">For nodes in this process; a process of its own learns only whether it is an archive.</param>
    /// <param name="cancel">Stops the start.</param>
    public static async Task<LocalNetwork> StartAsync(
        DevnetFolder folder, bool processes, NodeHooks hooks, CancellationToken cancel)
    {
        // The nodes of a network that was killed end by themselves, a moment later.
        if (folder.HasRun)
        {
            await FreePorts.AwaitAsync(
                folder.Plan.Nodes.SelectMany(node => new[] { node.Port, node.RpcPort }).Where(port => port != 0), PortsFreeWithin, cancel);
        }

        foreach (PlannedNode node in folder.Plan.Nodes)
        {
            FreePorts.Demand(node.Port, "--dir (a new folder takes new ports)");
            if (node.RpcPort != 0) FreePorts.Demand(node.RpcPort, "--rpc-port");
        }

        LocalNetwork network = new(folder, [.. folder.Plan.Nodes.Select(node => Create(folder, node, processes, hooks))]);
        try
        {
            await Task.WhenAll(network.nodes.Select(node => Task.Run(() => node.StartAsync(cancel), cancel)));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs work on the network. When a node ends by itself, the work is cancelled and the node's failure thrown instead.</summary>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<T> working = work(linked.Token);
        await Task.WhenAny(working, failed.Task);
        if (working.IsCompletedSuccessfully || cancel.IsCancellationRequested) return await working;
        // Work that has failed may have met a node that is just about to say why.
        if (working.IsCompleted) await Task.WhenAny(failed.Task, Task.Delay(WordWithin, cancel));
        if (!failed.Task.IsCompleted) return await working;
        await linked.CancelAsync();
        await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Exception failure = await failed.Task;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        throw failure;
    }

    /// <summary>A client of the front node's JSON-RPC; the caller disposes it.</summary>
    public ChainClient Connect() => new(RpcUrl);

    public async ValueTask DisposeAsync() => await Task.WhenAll(nodes.Select(node => Task.Run(node.StopAsync)));

    private static INetworkNode Create(DevnetFolder folder, PlannedNode node, bool processes, NodeHooks hooks) => processes
        ? new ChildNode(node, folder.FolderOf(node), hooks.IsArchive)
        : new LocalNode(node, folder.FolderOf(node), (path, config, cancel) => NodeServers.StartAsync(path, config, hooks, cancel));
}
