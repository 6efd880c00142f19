using System.Net;
using CPChain.Crypto;
using CPChain.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Network;

/// <summary>A peer to keep a connection to: its chain identity and "host:port".</summary>
public sealed record PeerAddress(Address Identity, string Endpoint);

/// <summary>Decides from the proved identity and the signed role whether a peer may connect. Must be quick and never throw.</summary>
public delegate bool AcceptPolicy(Address identity, PeerRole role);

/// <summary>Everything a <see cref="PeerNetwork"/> needs to start. The key stays the caller's to dispose.</summary>
public sealed record NetworkOptions
{
    public required PrivateKey Key { get; init; }
    public required PeerRole Role { get; init; }
    public required ulong ChainId { get; init; }
    public required Hash256 Genesis { get; init; }
    public required MessageCatalog Catalog { get; init; }

    /// <summary>Where to listen; port 0 takes a free one; null only dials.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>"host:port" told to peers; by default the bound listen endpoint.</summary>
    public string? AdvertisedEndpoint { get; init; }
    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];

    /// <summary>By default anybody who proves an identity on the same chain.</summary>
    public AcceptPolicy Accept { get; init; } = static (_, _) => true;

    /// <summary>Who finds a place where all are taken: a peer that it does not hold for, and that this node did not choose, makes room. By default nobody.</summary>
    public AcceptPolicy HoldsPlace { get; init; } = static (_, _) => false;
    public NetworkLimits Limits { get; init; } = new();
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Hook that sees every frame and wire byte and may drop or delay; null in production.</summary>
    public LinkFilter? Filter { get; init; }
}
