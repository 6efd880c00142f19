using CPChain.Chain;
using CPChain.Consensus.Gossip;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Loop;
using CPChain.Consensus.Proposing;
using CPChain.Consensus.Signing;
using CPChain.Consensus.Sync;
using CPChain.Consensus.Wire;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Lbft.Votes;
using CPChain.Ledger;
using CPChain.Network;
using CPChain.Storage;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Consensus;

/// <summary>
/// One node of the chain, whole: ledger, transaction pool, network and consensus. Open it, subscribe, start it, dispose it; many of them, and
/// one after another on the same directory, live in one process.
/// </summary>
public sealed class ChainNode : IAsyncDisposable
{
    private static readonly TimeSpan BeaconInterval = TimeSpan.FromSeconds(1);

    private readonly ChainNodeOptions options;
    private readonly NodeMemory memory;
    private readonly EvidenceBook evidence;
    private readonly LoopContext context;
    private readonly ConsensusLoop loop;
    private readonly BlockSync sync;
    private readonly TransactionGossip gossip;
    private readonly LoopTimers timers;
    private readonly Inbox inbox;
    private readonly TaskSet tasks;
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int disposed;

    private ChainNode(ChainNodeOptions options, ChainLedger ledger, TransactionPool pool, NodeMemory memory)
    {
        this.options = options;
        this.memory = memory;
        Ledger = ledger;
        Pool = pool;
        tasks = new TaskSet(Fail, options.Scheduler);
        inbox = new Inbox(options.Scheduler);
        NetworkOptions networkOptions = NetworkOptionsOf(options, ledger, new ChainPeers(ledger, options.ObserversMax, () => Network?.Peers ?? []));
        Network = options.OpenNetwork?.Invoke(networkOptions) ?? new PeerNetwork(networkOptions);
        timers = new LoopTimers(options.Time, inbox);
        evidence = new EvidenceBook(options.Disk, Path.Combine(options.DataDirectory, "consensus", "evidence"));
        Parameters = ParametersOf(options.Genesis.Times);
        CertificateBook book = new(ledger, new ChainDomain(ledger.GenesisHash, options.Genesis.ChainId));
        StatementSigner signer = new(options.Key, book.Domain, memory.Signer, options.Scheduler, isGuarded: options.Rules == LbftRules.Certified);
        LbftState restored = memory.Restore(Parameters, ledger.Head.Number, options.Rules);
        string? loss = options.Role == ChainRole.Validator
            ? memory.Loss ?? OwnSignatures.FindIn(ledger, signer.Record, restored.MuteThrough, book.TryCommitteeOf, Identity)
            : null;
        context = new LoopContext
        {
            Ledger = ledger,
            Pool = pool,
            Network = Network,
            Journal = memory.Journal,
            Evidence = evidence,
            Book = book,
            Inbox = inbox,
            Timers = timers,
            Time = options.Time,
            Parameters = Parameters,
            Metrics = Metrics,
            Logger = options.Logger,
            Tasks = tasks,
            Scheduler = options.Scheduler,
            Entropy = options.Entropy,
            Signer = options.Role == ChainRole.Validator ? signer : null,
            JournalLoss = loss,
        };
        if (options.Role == ChainRole.Validator && loss is null)
        {
            context.BeginFirstStart(memory.IsFirstStart ? (ulong)options.Time.GetUtcNow().ToUnixTimeMilliseconds() : memory.FirstStartedMs);
        }
        if (options.Role == ChainRole.Proposer && ledger.Rules.Elections is { } elections && elections.Defaults.Contains(Identity))
        {
            context.Committer = new DefaultCommitter(context, options.Key, elections);
        }
        if (options.Role == ChainRole.Validator && ledger.Rules.Elections is { } judged)
        {
            context.Reporter = new EvidenceReporter(context, options.Key, judged);
        }
        context.Recover(memory.Bodies);
        BlockProduction? production = options.Role == ChainRole.Proposer
            ? new BlockProduction(context, signer, memory.Intent, new RevealKeeper(options.Key, ledger.Rules))
            : null;
        loop = new ConsensusLoop(context, restored, production);
        sync = new BlockSync(context, loop);
        loop.Sync = sync;
        gossip = new TransactionGossip(context);
        new Intake(context, loop, sync, stopping.Token).Register(Network);
        new BlockServer(context, loop).Register(Network);
        gossip.Register(Network);
        Network.Connected += peer =>
        {
            peer.Send(ChainMessages.Status, context.StatusBytes());
            inbox.Post(new NodeInput.PeerConnected());
        };
        Network.Disconnected += peer => sync.Gone(peer.Identity);
        Network.Failed += Fail;
    }

    public ChainLedger Ledger { get; }
    public TransactionPool Pool { get; }
    public IPeerNetwork Network { get; }
    public ConsensusMetrics Metrics { get; } = new();
    public Genesis Genesis => options.Genesis;
    public ChainRules Rules => Ledger.Rules;
    public ChainRole Role => options.Role;
    public Address Identity => Network.Identity;

    /// <summary>Why what this node said before its start is not known, or null (L18).</summary>
    internal string? MemoryLoss => context.JournalLoss;

    /// <summary>The times of the protocol as the genesis fixes them.</summary>
    public LbftParameters Parameters { get; }

    /// <summary>The highest block number that a connected peer states; 0 where none does. A claim, not a proof.</summary>
    public ulong HighestStated => sync.HighestStated;

    /// <summary>Faults when the node had to stop by itself (disk, broken invariant); completes when it is disposed.</summary>
    public Task Completion => failed.Task;

    /// <summary>
    /// Opens the data directory and recovers. Throws <see cref="StorageFailure"/> and
    /// <see cref="Journals.UnknownJournalException"/>, each with a message that says what to do.
    /// </summary>
    public static ChainNode Open(ChainNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Disk.CreateDirectory(options.DataDirectory);
        LedgerOptions bounds = options.Ledger with { Scheduler = options.Scheduler };
        ChainLedger ledger = options.OpenStore is { } open
            ? ChainLedger.Open(open(), options.Genesis, bounds)
            : ChainLedger.OpenDirectory(Path.Combine(options.DataDirectory, "ledger"), options.Genesis, bounds);
        NodeMemory? memory = null;
        try
        {
            memory = NodeMemory.Open(
                options.Disk, Path.Combine(options.DataDirectory, "consensus"), ledger.Head.Number, options.Genesis.Limits,
                options.JournalBytes);
            TransactionPool pool = TransactionPool.Open(
                Path.Combine(options.DataDirectory, "pool", "journal"), options.Pool with { Scheduler = options.Scheduler },
                ledger.Rules, ledger.Head, ledger.HeadState,
                options.Disk);
            return new ChainNode(options, ledger, pool, memory);
        }
        catch
        {
            memory?.Dispose();
            ledger.Dispose();
            throw;
        }
    }

    /// <summary>See <see cref="ConsensusLoop.IsMute"/>.</summary>
    internal bool IsMute => loop.IsMute;

    /// <summary>Listens, dials and takes part. Throws <see cref="ListenException"/> when the port cannot be bound.</summary>
    public void Start()
    {
        Network.Start();
        tasks.Run(() => loop.RunAsync(stopping.Token));
        tasks.Run(() => sync.RunAsync(stopping.Token));
        tasks.Run(() => gossip.RunAsync(stopping.Token));
        tasks.Run(BeaconAsync);
        tasks.Run(() => Pool.Completion.WaitAsync(stopping.Token));
    }

    /// <summary>Completes when the block of this number is final here.</summary>
    public async Task WaitForBlockAsync(ulong number, CancellationToken cancellation = default)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = Ledger.SubscribeFinalized(final =>
        {
            if (final.Block.Header.Number >= number)
            {
                reached.TrySetResult();
            }
        });
        if (Ledger.Head.Number >= number)
        {
            return;
        }
        Task first = await Task.WhenAny(reached.Task.WaitAsync(cancellation), Completion).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    /// <summary>Stops in order: no more peers, no more steps, then the stores are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }
        await stopping.CancelAsync().ConfigureAwait(false);
        await Network.DisposeAsync().ConfigureAwait(false);
        timers.Dispose();
        await tasks.WhenAllAsync().ConfigureAwait(false);
        loop.Dispose();
        sync.Dispose();
        gossip.Dispose();
        await Pool.DisposeAsync().ConfigureAwait(false);
        memory.Dispose();
        evidence.Dispose();
        Ledger.Dispose();
        inbox.Dispose();
        stopping.Dispose();
        failed.TrySetResult();
    }

    /// <summary>The genesis names all times itself.</summary>
    private static LbftParameters ParametersOf(ConsensusTimes times)
    {
        LbftParameters parameters = new(
            checked((int)times.PeriodMs), checked((int)times.TimeoutMs), checked((int)times.BlockDelayMs), checked((int)times.DriftMs),
            checked((int)times.DelayMs), checked((int)times.ExecutionMs), checked((int)times.ResendMs), checked((int)times.RoundBaseMs),
            checked((int)times.RoundStepMs), checked((int)times.RoundMaxMs), checked((int)times.RoundWindow));
        ParameterFault fault = parameters.Check();
        Invariant.Check(fault == ParameterFault.None, $"L1: the times of the genesis break {fault}.");
        return parameters;
    }

    private static NetworkOptions NetworkOptionsOf(ChainNodeOptions options, ChainLedger ledger, ChainPeers peers) => new()
    {
        Key = options.Key,
        Role = options.Role switch
        {
            ChainRole.Validator => PeerRole.Validator,
            ChainRole.Proposer => PeerRole.Proposer,
            _ => PeerRole.Observer,
        },
        ChainId = options.Genesis.ChainId,
        Genesis = ledger.GenesisHash,
        Catalog = ChainMessages.Catalog(options.Genesis.Limits),
        Listen = options.Listen,
        Peers = options.Peers,
        Accept = options.Accept ?? peers.Accepts,
        HoldsPlace = peers.HoldsPlace,
        Limits = options.NetworkLimits,
        Time = options.Time,
        Logger = options.Logger,
        Filter = options.Filter,
    };

    private async Task BeaconAsync()
    {
        const int BeaconsBetweenGossip = 5;
        using PeriodicTimer timer = new(BeaconInterval, options.Time);
        for (int tick = 1; await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false); tick++)
        {
            context.TellHead();
            if (tick % BeaconsBetweenGossip == 0)
            {
                gossip.AnnounceAgain();
            }
        }
    }

    private void Fail(Exception failure)
    {
        if (failed.TrySetException(failure))
        {
            options.Logger.NodeFailed(failure);
            stopping.Cancel();
        }
    }
}
