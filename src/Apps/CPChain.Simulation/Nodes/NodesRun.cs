using System.Diagnostics;
using System.Globalization;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Simulation.Nodes.Checks;
using CPChain.Simulation.Nodes.Faults;
using CPChain.Simulation.Nodes.World;

namespace CPChain.Simulation.Nodes;

/// <summary>What every run of a campaign has in common.</summary>
public sealed record NodesSettings
{
    /// <summary>Blocks that every node must have final at the end.</summary>
    public int Heights { get; init; } = 50;

    /// <summary>Size of V(h), 4 or 7; null lets the seed decide.</summary>
    public int? Validators { get; init; }

    public LbftRules Rules { get; init; } = LbftRules.Certified;

    /// <summary>Without faults: links, disks and clocks behave from beginning to end.</summary>
    public bool IsCalm { get; init; }

    /// <summary>Proposers are elected, and the validator set is a contract's; else the genesis lists both.</summary>
    public bool HasElections { get; init; }
}

/// <summary>What one world has shown.</summary>
/// <param name="Seed">Of everything.</param>
/// <param name="Heights">The lowest head of a living honest node at the end.</param>
/// <param name="Violations">What must never be, in the order in which it was seen; empty when all is well.</param>
/// <param name="IsUndecided">A node did not get as far as it must within the bound.</param>
/// <param name="TraceHash">Of all events; equal for equal seeds and settings.</param>
/// <param name="VirtualMs">Time in the world.</param>
/// <param name="HealedMs">When the faults ended.</param>
/// <param name="FirstBlockMs">From the end of the faults until every node had a new block.</param>
/// <param name="Events">Events in the world.</param>
/// <param name="ImpeachBlocks">Impeach blocks of the chain.</param>
/// <param name="Starts">Starts of nodes, the first ones included.</param>
/// <param name="Transactions">Acknowledged transactions.</param>
/// <param name="ElapsedMs">Time that the run took.</param>
public sealed record NodesOutcome(
    ulong Seed, ulong Heights, IReadOnlyList<string> Violations, bool IsUndecided, ulong TraceHash, long VirtualMs, long HealedMs,
    long FirstBlockMs, long Events, long ImpeachBlocks, int Starts, int Transactions, double ElapsedMs)
{
    /// <summary>How the last numbers of terms ended.</summary>
    public CheckpointCounts Checkpoints { get; init; } = new(0, 0, 0);

    /// <summary>Blocks made by elected proposers; 0 in a world without elections.</summary>
    public long ElectedBlocks { get; init; }

    public bool IsGood => Violations.Count == 0 && !IsUndecided;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: {Heights} heights, {Violations.Count} violations{(IsUndecided ? ", UNDECIDED" : "")}, {VirtualMs / 1000.0:F1} s virtual, healed at {HealedMs / 1000.0:F1} s, first block after {FirstBlockMs / 1000.0:F1} s, {ImpeachBlocks} impeach blocks, {Starts} starts, {Transactions} transactions, {Events} events, {ElapsedMs:F0} ms, trace {TraceHash:x16}");
}

/// <summary>
/// One world of whole nodes in virtual time, on the calling thread: faults for a while, then healing, then everybody must get on.
/// </summary>
public static class NodesRun
{
    /// <summary>Plays the world of one seed; <paramref name="line"/> gets every event.</summary>
    public static NodesOutcome Play(ulong seed, NodesSettings settings, Action<string>? line = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        long startedAt = Stopwatch.GetTimestamp();
        using SignerMemory signers = SignerMemory.Begin();
        SeededRandom chance = new(seed);
        WorldTrace trace = new(line);
        WorldPlan plan = WorldPlan.Draw(chance, settings.Validators, settings.Heights, settings.IsCalm);
        if (settings.HasElections)
        {
            plan = ElectionPlan.Over(plan);
        }
        VirtualWorld world = new(plan, settings.Rules, chance, trace);
        Clients clients = new(world, new SeededRandom(chance.Next()));
        FaultPlan? faults = settings.IsCalm ? null : FaultPlan.Draw(world, new SeededRandom(chance.Next()));
        long healAtUs = faults?.HealAtUs ?? 0;
        foreach (VirtualNode node in world.Nodes)
        {
            node.Start();
        }
        clients.Start();
        if (settings.HasElections)
        {
            new ElectionClients(world, new SeededRandom(chance.Next())).Start();
        }
        faults?.Begin();
        Progress progress = new(world, healAtUs, (ulong)settings.Heights);
        bool isDecided = progress.Run();
        foreach (string broken in world.Watch.Promises.Broken(world).Concat(Books.Audit(world)))
        {
            world.Watch.Report(broken);
        }
        return new NodesOutcome(
            seed, progress.LowestHead, [.. world.Watch.Violations], !isDecided, trace.Hash, world.Time.Now / 1000, healAtUs / 1000,
            progress.FirstBlockUs / 1000, world.Time.Events, world.Watch.ImpeachBlocks, world.Nodes.Sum(node => node.Starts),
            world.Watch.Promises.Count, Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds)
        {
            ElectedBlocks = world.Watch.ElectedBlocks,
            Checkpoints = world.Watch.Checkpoints,
        };
    }
}
