using System.Net;
using System.Security.Cryptography;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Ledger;
using CPChain.Network;
using CPChain.Storage;
using CPChain.Storage.Disks;
using CPChain.TxPool;
using CPChain.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Consensus;

/// <summary>What a chain node does in the consensus.</summary>
public enum ChainRole : byte
{
    /// <summary>Votes where V(h) names its key.</summary>
    Validator = 1,

    /// <summary>Builds and seals the blocks of its turns.</summary>
    Proposer = 2,

    /// <summary>Follows, verifies and serves.</summary>
    Observer = 3,
}

/// <summary>Everything a <see cref="ChainNode"/> needs. The key stays the caller's to dispose, after the node.</summary>
public sealed record ChainNodeOptions
{
    public required ChainRole Role { get; init; }

    /// <summary>Directory of this node alone: ledger, pool journal, consensus journal, signer's record.</summary>
    public required string DataDirectory { get; init; }
    public required PrivateKey Key { get; init; }
    public required Genesis Genesis { get; init; }

    /// <summary>Where to listen for peers; port 0 takes a free one; null only dials.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Peers to stay connected to; the own address in it is left out.</summary>
    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];

    /// <summary>Who may connect; null for <see cref="ChainPeers"/>.</summary>
    public AcceptPolicy? Accept { get; init; }

    /// <summary>Observers connected at a time, under the policy of <see cref="ChainPeers"/>.</summary>
    public int ObserversMax { get; init; } = ChainPeers.ObserversMaxDefault;
    public NetworkLimits NetworkLimits { get; init; } = new();
    public PoolOptions Pool { get; init; } = new();
    public LedgerOptions Ledger { get; init; } = new();
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Sees every frame and wire byte of this node; null in production.</summary>
    public LinkFilter? Filter { get; init; }

    /// <summary>Where everything lies that the node must not lose, except the ledger's store when <see cref="OpenStore"/> is given.</summary>
    public IDisk Disk { get; init; } = FileSystemDisk.Instance;

    /// <summary>Where work beside the consensus loop runs; the thread pool by default.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Source of nonces.</summary>
    public EntropySource Entropy { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Makes the connections; a <see cref="PeerNetwork"/> over sockets by default.</summary>
    public Func<NetworkOptions, IPeerNetwork>? OpenNetwork { get; init; }

    /// <summary>Size of each of the journal's two files, bytes; smaller ones give way to each other more often.</summary>
    internal long JournalBytes { get; init; } = Journals.SectorJournal.SegmentBytesDefault;

    /// <summary>The rules of the consensus; others than the certified ones exist to be refuted in simulation.</summary>
    internal LbftRules Rules { get; init; } = LbftRules.Certified;

    /// <summary>Opens the ledger's store; RocksDB in "ledger" below the data directory by default.</summary>
    public Func<IKeyValueStore>? OpenStore { get; init; }
}
