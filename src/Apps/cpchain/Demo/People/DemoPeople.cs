using System.Text.Json;
using CPChain.App.Devnet;

namespace CPChain.App.Demo.People;

/// <summary>The people of a run: each with its own folder, identity and sockets, all in this process or each in one of its own.</summary>
public sealed class DemoPeople : IAsyncDisposable
{
    private readonly DevnetFolder network;
    private readonly DemoOptions options;
    private readonly DemoHooks hooks;
    private readonly DemoLog log;
    private readonly CancellationToken cancel;
    private readonly Dictionary<string, Task<IDesk>> entering;

    private DemoPeople(DevnetFolder network, DemoOptions options, DemoHooks hooks, DemoLog log, CancellationToken cancel)
    {
        this.network = network;
        this.options = options;
        this.hooks = hooks;
        this.log = log;
        this.cancel = cancel;
        entering = new Dictionary<string, Task<IDesk>>
        {
            // First, for it may have to sample while everything else starts.
            ["gateway"] = EnterAsync("gateway", PersonRole.Gateway),
            ["seller"] = EnterAsync("seller", PersonRole.Seller),
            ["buyer"] = EnterAsync("buyer", PersonRole.Buyer),
            ["researcher"] = EnterAsync("researcher", PersonRole.Buyer),
        };
    }

    /// <summary>Takes readings in.</summary>
    public Task<IGatewayDesk> Gateway => DeskAsync<IGatewayDesk>("gateway");

    /// <summary>Owns the stream.</summary>
    public Task<ISellerDesk> Seller => DeskAsync<ISellerDesk>("seller");

    /// <summary>Buys the whole stream.</summary>
    public Task<IBuyerDesk> Buyer => DeskAsync<IBuyerDesk>("buyer");

    /// <summary>Buys its first interval alone.</summary>
    public Task<IBuyerDesk> Researcher => DeskAsync<IBuyerDesk>("researcher");

    /// <summary>Begins to start everybody. The network need not run yet; its folder has to be there.</summary>
    public static DemoPeople Begin(DevnetFolder network, DemoOptions options, DemoHooks hooks, DemoLog log, CancellationToken cancel) =>
        new(network, options, hooks, log, cancel);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(entering.Values.Select(LeaveAsync));
        entering.Clear();
    }

    private async Task<T> DeskAsync<T>(string name) => (T)await entering[name];

    private Task<IDesk> EnterAsync(string name, PersonRole role) => Task.Run(async () =>
    {
        string folder = Path.Combine(network.Root, "people", name);
        Directory.CreateDirectory(folder);
        PersonConfig config = new(
            PersonConfig.CurrentVersion,
            name,
            role,
            LocalNetwork.RpcUrlOf(network.Plan.Front).ToString(),
            Path.GetRelativePath(folder, network.GenesisPath),
            Path.GetRelativePath(folder, network.PassphrasePath),
            [.. network.Plan.Of(NodeRole.Storage).Select(node => new PeerConfig(node.Address, $"127.0.0.1:{node.Port}"))]);
        await File.WriteAllTextAsync(
            Path.Combine(folder, PersonConfig.FileName), JsonSerializer.Serialize(config, PersonConfigJson.Default.PersonConfig), cancel);
        return options.Processes
            ? await RemoteDesk.StartAsync(config, folder, log, cancel)
            : LocalDesks.Open(role, config.Open(folder, hooks.Nodes, step => log.Step(name, step)), folder, hooks.Cipher);
    }, cancel);

    private static async Task LeaveAsync(Task<IDesk> entering)
    {
        await ((Task)entering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (entering.IsCompletedSuccessfully) await (await entering).DisposeAsync();
    }
}
