using System.Net;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Pdash;
using CPChain.Pdash.Proxies;
using CPChain.Pdash.Storage;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Storage.Logging;
using CPChain.Types;
using Microsoft.Extensions.Logging;

namespace CPChain.App.Devnet;

/// <summary>Key, log and options of a participant of the data platform whose folder is known.</summary>
public sealed class ParticipantFolder : IDisposable
{
    private readonly FileLoggerProvider log;
    private readonly ILoggerFactory loggers;

    private ParticipantFolder(PrivateKey key, FileLoggerProvider log, ILoggerFactory loggers, ParticipantOptions options)
    {
        Key = key;
        this.log = log;
        this.loggers = loggers;
        Options = options;
    }

    public PrivateKey Key { get; }

    public ParticipantOptions Options { get; }

    public static ParticipantFolder Open(
        string folder, PrivateKey key, ulong chainId, Hash256 genesis, Uri? rpc, IPEndPoint? listen, NodeHooks hooks,
        Func<ParticipantOptions, ParticipantOptions>? complete = null)
    {
        FileLoggerProvider log = new(new RotatingLogFile(folder, "node"), LogLevel.Information, TimeProvider.System);
        ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(log));
        ParticipantOptions options = new()
        {
            Directory = Path.Combine(folder, "data"),
            Key = key,
            ChainId = chainId,
            Genesis = genesis,
            Rpc = rpc,
            Listen = listen,
            Logger = loggers.CreateLogger("node"),
            Filter = hooks.Filter,
        };
        return new ParticipantFolder(key, log, loggers, complete is null ? options : complete(options));
    }

    /// <summary>Opens the folder of a node with a node.json.</summary>
    public static ParticipantFolder Open(string folder, NodeConfig config, NodeHooks hooks)
    {
        Genesis genesis = DevnetFolder.ReadGenesis(Path.Combine(folder, config.Genesis));
        PrivateKey key = IdentityStore.Open(folder, Path.Combine(folder, config.PassphraseFile));
        return Open(
            folder, key, genesis.ChainId, DevnetGenesis.HashOf(genesis), config.RpcUrl is null ? null : new Uri(config.RpcUrl),
            IPEndPoint.Parse(config.Listen), hooks);
    }

    public void Dispose()
    {
        loggers.Dispose();
        log.Dispose();
        Key.Dispose();
    }
}

/// <summary>A storage node from its folder.</summary>
public sealed class StorageServer(StorageNode node, ParticipantFolder folder) : IAsyncDisposable
{
    public StorageNode Node { get; } = node;

    public static StorageServer Start(string path, NodeConfig config, NodeHooks hooks)
    {
        ParticipantFolder folder = ParticipantFolder.Open(path, config, hooks);
        StorageNode node = new(folder.Options);
        node.Start();
        return new StorageServer(node, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>A proxy from its folder. It registers as soon as it can pay the stake, and takes what it is owed.</summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly ParticipantFolder folder;
    private readonly ChainClient client;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task chores;

    private ProxyServer(ProxyNode node, ParticipantFolder folder)
    {
        Node = node;
        this.folder = folder;
        client = new ChainClient(folder.Options.Rpc!);
        chores = Task.Run(DoChoresAsync);
    }

    public ProxyNode Node { get; }

    public static ProxyServer Start(string path, NodeConfig config, NodeHooks hooks)
    {
        ParticipantFolder folder = ParticipantFolder.Open(path, config, hooks);
        ProxyNode node = new(folder.Options);
        node.Start();
        return new ProxyServer(node, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await chores;
        await Node.DisposeAsync();
        client.Dispose();
        folder.Dispose();
        stopping.Dispose();
    }

    private async Task DoChoresAsync()
    {
        MarketContract market = new(client);
        UInt256 needed = MarketContract.MinStake + Units.Cpc;
        bool registered = false;
        using PeriodicTimer timer = new(LookEvery);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                registered = registered || await market.GetProxyAsync(Node.Address, default, stopping.Token) is not null;
                if (!registered && await client.GetBalanceAsync(Node.Address, default, stopping.Token) >= needed)
                {
                    await Node.RegisterAsync(MarketContract.MinStake, stopping.Token);
                }
                else if (registered && !(await market.GetOwedAsync(Node.Address, default, stopping.Token)).IsZero)
                {
                    await Node.WithdrawAsync(stopping.Token);
                }

                await timer.WaitForNextTickAsync(stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is ChainClientException or OperationCanceledException)
            {
                // The chain node is away for a moment; the next look will tell.
                folder.Options.Logger.LogInformation("Chain not reachable: {Reason}", failure.Message);
                if (!await TickAsync(timer)) return;
            }
        }
    }

    private async Task<bool> TickAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
