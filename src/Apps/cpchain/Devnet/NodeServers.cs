namespace CPChain.App.Devnet;

/// <summary>Starts what a node's role asks for, in this process.</summary>
public static class NodeServers
{
    public static async Task<IAsyncDisposable> StartAsync(
        string folder, NodeConfig config, NodeHooks hooks, CancellationToken cancel) => config.Role switch
        {
            NodeRole.Validator or NodeRole.Proposer => await ChainServer.StartAsync(folder, config, hooks, cancel),
            NodeRole.Storage => StorageServer.Start(folder, config, hooks),
            NodeRole.Proxy => ProxyServer.Start(folder, config, hooks),
            _ => throw new CommandFault(
                $"{config.Name} has the role {config.Role}, which this program does not run.", "mend node.json."),
        };
}
