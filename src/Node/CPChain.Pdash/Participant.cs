using System.IO;
using System.Net;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Network;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Storage;
using CPChain.Pdash.Wire;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Pdash;

/// <summary>What any participant of the data platform needs: identity, own directory, chain and peers.</summary>
public sealed record ParticipantOptions
{
    /// <summary>Own directory; made with mode 0700 when absent.</summary>
    public required string Directory { get; init; }

    /// <summary>The identity; the caller disposes it after the participant.</summary>
    public required PrivateKey Key { get; init; }

    /// <summary>Chain that peers have to be on.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Its genesis.</summary>
    public required Hash256 Genesis { get; init; }

    /// <summary>A node's JSON-RPC endpoint; null for those who ask the chain nothing.</summary>
    public Uri? Rpc { get; init; }

    /// <summary>Where to listen; null only dials.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>The storage nodes that are known.</summary>
    public IReadOnlyList<PeerAddress> StorageNodes { get; init; } = [];

    /// <summary>Clock of deadlines, expiry and durations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where diagnostics go.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Called after each step, from any thread.</summary>
    public Action<StepReport>? Progress { get; init; }

    /// <summary>Hook at the edges of TLS; null in production.</summary>
    public LinkFilter? Filter { get; init; }

    /// <summary>Unpredictable bytes.</summary>
    public EntropySource Entropy { get; init; } = RandomNumberGenerator.Fill;
}

/// <summary>The parts that participants share: peers, chain, storage and control-layer notes.</summary>
internal sealed class Participant : IAsyncDisposable
{
    private readonly ChainClient? _chain;
    private readonly AccountSender? _sender;

    public Participant(ParticipantOptions options, PeerRole role)
    {
        Options = options;
        PrivateFiles.CreateDirectory(options.Directory);
        Network = new PeerNetwork(new NetworkOptions
        {
            Key = options.Key,
            Role = role,
            ChainId = options.ChainId,
            Genesis = options.Genesis,
            Catalog = PdashMessages.Catalog,
            Listen = options.Listen,
            Time = options.Time,
            Logger = options.Logger,
            Filter = options.Filter,
        });
        Links = new PeerLinks(Network);
        Storage = new StorageClient(Links, options.StorageNodes);
        if (options.Rpc is not null)
        {
            _chain = new ChainClient(options.Rpc, new ChainClientOptions { Time = options.Time });
            _sender = new AccountSender(_chain, options.Key);
        }
    }

    public ParticipantOptions Options { get; }

    public Address Address => Options.Key.Address;

    public PeerNetwork Network { get; }

    public PeerLinks Links { get; }

    public StorageClient Storage { get; }

    public ChainClient Chain => _chain ?? throw new InvalidOperationException("This participant was given no JSON-RPC endpoint.");

    public AccountSender Sender => _sender ?? throw new InvalidOperationException("This participant was given no JSON-RPC endpoint.");

    public DataRegistryContract Registry => new(Chain);

    public MarketContract Market => new(Chain);

    public long NowMs => Options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public StepClock Steps() => new(Options.Time, Options.Progress);

    public string PathOf(string name) => Path.Combine(Options.Directory, name);

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync().ConfigureAwait(false);
        _sender?.Dispose();
        _chain?.Dispose();
    }
}
