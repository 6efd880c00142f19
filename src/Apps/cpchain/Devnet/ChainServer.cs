using System.Net;
using System.Security.Cryptography;
using CPChain.Chain;
using CPChain.Consensus;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Ledger;
using CPChain.Network;
using CPChain.Rpc;
using CPChain.Storage.Logging;
using CPChain.Types;
using Microsoft.Extensions.Logging;

namespace CPChain.App.Devnet;

/// <summary>What a run may ask of its nodes beside their folders.</summary>
/// <param name="Filter">Sees every frame and every wire byte between nodes.</param>
/// <param name="IsArchive">Chain nodes keep the state of every block.</param>
public sealed record NodeHooks(LinkFilter? Filter = null, bool IsArchive = false)
{
    public static NodeHooks None { get; } = new();
}

/// <summary>A chain node with its JSON-RPC, running in this process.</summary>
public sealed class ChainServer : IAsyncDisposable
{
    private readonly PrivateKey key;
    private readonly ILoggerFactory loggers;
    private readonly FileLoggerProvider log;
    private RpcServer? rpc;

    private ChainServer(ChainNode node, PrivateKey key, ILoggerFactory loggers, FileLoggerProvider log)
    {
        Node = node;
        this.key = key;
        this.loggers = loggers;
        this.log = log;
    }

    public ChainNode Node { get; }

    /// <summary>Opens the node of a folder, starts it and its RPC.</summary>
    public static async Task<ChainServer> StartAsync(string folder, NodeConfig config, NodeHooks hooks, CancellationToken cancel)
    {
        Genesis genesis = DevnetFolder.ReadGenesis(Path.Combine(folder, config.Genesis));
        PrivateKey key = IdentityStore.Open(folder, Path.Combine(folder, config.PassphraseFile));
        FileLoggerProvider log = new(new RotatingLogFile(folder, "node"), LogLevel.Information, TimeProvider.System);
        ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(log)
            .AddFilter("Microsoft", LogLevel.Warning));
        ChainServer? server = null;
        try
        {
            ChainNode node = ChainNode.Open(new ChainNodeOptions
            {
                Role = config.Role == NodeRole.Validator ? ChainRole.Validator : ChainRole.Proposer,
                DataDirectory = Path.Combine(folder, "data"),
                Key = key,
                Genesis = genesis,
                Listen = IPEndPoint.Parse(config.Listen),
                Peers = [.. config.Peers.Select(peer => new PeerAddress(Address.Parse(peer.Address), peer.Endpoint))],
                Logger = loggers.CreateLogger("node"),
                Filter = hooks.Filter,
                Ledger = new LedgerOptions(IsArchive: hooks.IsArchive),
            });
            server = new ChainServer(node, key, loggers, log);
            node.Start();
            if (config.RpcPort != 0)
            {
                server.rpc = await RpcServer.StartAsync(
                    new RpcOptions { Port = config.RpcPort }, server.Backend(), loggers, cancel);
            }

            return server;
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
            else
            {
                key.Dispose();
                loggers.Dispose();
                log.Dispose();
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (rpc is not null) await rpc.DisposeAsync();
        await Node.DisposeAsync();
        key.Dispose();
        loggers.Dispose();
        log.Dispose();
    }

    private RpcBackend Backend() => new()
    {
        Chain = new LedgerSource(Node.Ledger),
        Pool = Node.Pool,
        NetworkName = Node.Genesis.Name,
        ClientVersion = ProgramVersion.Text,
        Role = Node.Role.ToString().ToLowerInvariant(),
        Identity = Node.Identity,
        HighestKnown = () => Node.HighestStated,
        Peers = () => [.. Node.Network.Peers.Select(peer => new PeerFacts(
            peer.Identity, peer.Role.ToString().ToLowerInvariant(), peer.Endpoint, peer.Dialed))],
        Consensus = () => new ConsensusFacts(
            Node.Metrics.FinalBlocks, Node.Metrics.ImpeachBlocks, Node.Metrics.ImportedBlocks,
            Node.Metrics.RefusedSignatures, Node.Metrics.Misconduct, Node.Metrics.Alarms),
    };
}
