using CPChain.Consensus;
using CPChain.Consensus.Journals;
using CPChain.Crypto;
using CPChain.Ledger;
using CPChain.Network;
using CPChain.Simulation.Disks;
using CPChain.Simulation.Nodes.Checks;
using CPChain.Storage;
using CPChain.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Simulation.Nodes.World;

/// <summary>
/// One production <see cref="ChainNode"/> with its key, its disk and its clock, started and crashed as often as the world wants.
/// </summary>
internal sealed class VirtualNode
{
    private const string Home = "/node";
    private const long JournalBytes = 32 << 10;
    private const long LookInterval = 200_000;
    private const long PowerBack = 5_000_000;

    private readonly VirtualWorld world;
    private readonly SeededRandom chance;
    private readonly SimulatedDisk disk;
    private readonly DiskBackup blank;
    private readonly DiskBackup blankConsensus;
    private Incarnation? life;
    private long powerLossAt;

    internal VirtualNode(VirtualWorld world, int index, PrivateKey key, ChainRole role, SeededRandom chance)
    {
        this.world = world;
        this.chance = chance;
        Index = index;
        Key = key;
        Role = role;
        disk = new SimulatedDisk(chance.Next())
        {
            Judge = Judge,
            FailRead = _ => ReadErrors > 0 && chance.Below(10_000) < ReadErrors,
            PowerLost = () => End("loses power during a write", losesPower: true),
        };
        blank = disk.BackUp(Home);
        blankConsensus = disk.BackUp(Home + "/consensus");
    }

    internal int Index { get; }

    internal PrivateKey Key { get; }

    internal ChainRole Role { get; }

    /// <summary>Writes and synchronisations of ten thousand that fail.</summary>
    internal int WriteErrors { get; set; }

    /// <summary>Writes of ten thousand that end up elsewhere in their file.</summary>
    internal int WritesAstray { get; set; }

    /// <summary>Reads of ten thousand that fail.</summary>
    internal int ReadErrors { get; set; }

    /// <summary>Asked first what becomes of a request to the disk; null leaves it to the faults above.</summary>
    internal Func<DiskOperation, DiskVerdict?>? DiskJudge { get; set; }

    internal SimulatedDisk Disk => disk;

    /// <summary>What a loss of power does to the cache.</summary>
    internal CacheLoss CacheLoss { get; set; } = CacheLoss.Some;

    /// <summary>Null while the node is down.</summary>
    internal ChainNode? Running { get; private set; }

    /// <summary>Never started again.</summary>
    internal bool IsGone { get; set; }

    /// <summary>Off the true time, microseconds.</summary>
    internal long ClockOffset { get; set; }

    internal int ClockDriftPpm { get; set; }

    internal Mouth? Mouth { get; set; }

    internal Lips? Lips { get; set; }

    /// <summary>False for an adversary: nothing that it says or ends with is judged.</summary>
    internal bool IsHonest { get; set; } = true;

    /// <summary>Its disk was lost at least once: what its clients were promised is gone with it.</summary>
    internal bool HasLostDisk { get; set; }

    /// <summary>Its disk has put writes elsewhere and called them done: what lies there may be anything, and its operator replaces it.</summary>
    internal bool HasLyingDisk { get; private set; }

    /// <summary>From now on writes may go astray.</summary>
    internal void BeginToLie(int writesAstray) => (WritesAstray, HasLyingDisk, HasLostDisk) = (writesAstray, true, true);

    /// <summary>Happens once, in the moment after the next vote has left.</summary>
    internal Action? AfterVote { get; set; }

    internal int Starts { get; private set; }

    internal Incarnation? Life => life;

    /// <summary>The power goes during the n-th request to the disk from now, before it, in the middle of it or after it.</summary>
    internal void LosePowerAtRequest(int n) => powerLossAt = disk.Operations + n;

    internal void ForgivePower() => powerLossAt = 0;

    /// <summary>Starts the node; a disk that fails meanwhile makes it try again.</summary>
    internal void Start()
    {
        if (Running is not null || IsGone)
        {
            return;
        }
        if (disk.IsDown)
        {
            disk.Start(CacheLoss);
        }
        Starts++;
        Incarnation now = new(world.Time, new SeededRandom(chance.Next()));
        life = now;
        SeededRandom entropy = new(chance.Next());
        try
        {
            ChainNode node = ChainNode.Open(OptionsOf(now, entropy));
            world.Watch.Opened(this, node);
            Running = node;
            world.Trace.Happened(world.Time.Now, Index, $"starts at block {node.Ledger.Head.Number}");
            node.Start();
            Look(now);
        }
        catch (Exception failure) when (failure is StorageFailure or PowerLossException)
        {
            CannotStart(failure);
        }
        catch (UnknownJournalException unknown)
        {
            CannotStart(unknown);
        }
    }

    private void CannotStart(Exception failure)
    {
        End($"cannot start: {failure.Message}", losesPower: false);
        world.Watch.Stopped(this, failure);
        if (HasLyingDisk && Watch.IsRefusal(failure))
        {
            // The node says that its files are not its own work; its operator gives it a new disk.
            (WritesAstray, HasLyingDisk) = (0, false);
            LoseMemory(all: true);
        }
        else if (failure is UnknownJournalException)
        {
            LoseMemory(all: false);
        }
        StartSoon();
    }

    /// <summary>Ends this life in this moment; without power also the disk's cache is gone.</summary>
    internal void Crash(bool losesPower, string why)
    {
        if (Running is null)
        {
            return;
        }
        End(why, losesPower);
        if (losesPower)
        {
            disk.LosePower();
        }
    }

    internal void CrashFor(bool losesPower, long microseconds, string why)
    {
        if (Running is not null)
        {
            Crash(losesPower, why);
            world.Time.In(microseconds, Start);
        }
    }

    internal void StartSoon() => world.Time.In(VirtualTime.FromMs(500 + chance.Below(2_000)), Start);

    /// <summary>Loses what the node knows of its own sayings; with <paramref name="all"/> the whole directory.</summary>
    internal void LoseMemory(bool all)
    {
        Invariant.Check(Running is null, "A running node keeps its files.");
        if (disk.IsDown)
        {
            disk.Start(CacheLoss);
        }
        HasLostDisk |= all;
        disk.Restore(all ? blank : blankConsensus);
        world.Trace.Happened(world.Time.Now, Index, all ? "loses its disk" : "loses its journal");
    }

    private void End(string why, bool losesPower)
    {
        if (life is null or { IsOver: true })
        {
            return;
        }
        life.End();
        Running = null;
        powerLossAt = 0;
        if (!losesPower && !disk.IsDown)
        {
            disk.Kill();
        }
        world.Trace.Happened(world.Time.Now, Index, why);
        world.Wires.Detach(Index, isNoticed: !losesPower);
        if (losesPower)
        {
            // Whoever takes the power away may say more exactly when it is back; a second start does nothing.
            world.Time.In(PowerBack, Start);
        }
    }

    private DiskVerdict Judge(DiskOperation operation)
    {
        if (DiskJudge?.Invoke(operation) is { } judged)
        {
            return judged;
        }
        if (powerLossAt > 0 && operation.Ordinal >= powerLossAt)
        {
            powerLossAt = 0;
            return chance.Below(3) switch
            {
                0 => DiskVerdict.LosePowerBefore,
                1 => DiskVerdict.LosePowerTorn,
                _ => DiskVerdict.LosePowerAfter,
            };
        }
        if (WritesAstray > 0 && operation.Kind == DiskOperationKind.Write && chance.Below(10_000) < WritesAstray)
        {
            world.Trace.Happened(world.Time.Now, Index, $"a write goes astray: {operation}");
            return DiskVerdict.Astray;
        }
        return WriteErrors > 0 && chance.Below(10_000) < WriteErrors ? DiskVerdict.Fail : DiskVerdict.Proceed;
    }

    private ChainNodeOptions OptionsOf(Incarnation now, SeededRandom entropy) => new()
    {
        Role = Role,
        DataDirectory = Home,
        Key = Key,
        Genesis = world.Plan.Genesis,
        Rules = world.Rules,
        Time = new VirtualClock(now, WorldPlan.Beginning, ClockOffset, ClockDriftPpm),
        Scheduler = new VirtualScheduler(now),
        Entropy = bytes =>
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = unchecked((byte)entropy.Next());
            }
        },
        Disk = disk,
        JournalBytes = JournalBytes,
        OpenStore = () => SimulatedStore.Open(disk, Home + "/ledger", ChainLedger.Format),
        OpenNetwork = options => new VirtualNetwork(Index, options, world.Wires, now)
        {
            Mouth = Mouth,
            Lips = Lips,
            Said = Said,
        },
        Logger = world.Trace.IsPrinted ? new TraceLogger(world, Index) : NullLogger.Instance,
    };

    private void Said(ushort type, ReadOnlyMemory<byte> payload)
    {
        if (IsHonest)
        {
            world.Watch.Said(this, type, payload);
        }
        if (AfterVote is { } then && Speeches.IsVote(type, payload.Span))
        {
            AfterVote = null;
            life!.In(1, then);
        }
    }

    // A node that stopped by itself says so in its task; virtual time asks.
    private void Look(Incarnation now)
    {
        now.In(LookInterval, () =>
        {
            if (Running is { Completion.IsFaulted: true } stopped)
            {
                Exception cause = stopped.Completion.Exception!.InnerException!;
                End($"stops by itself: {cause.Message}", losesPower: false);
                world.Watch.Stopped(this, cause);
                StartSoon();
                return;
            }
            Look(now);
        });
    }

    private sealed class TraceLogger(VirtualWorld world, int index) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            world.Trace.Note(world.Time.Now, index, formatter(state, exception));
    }
}
