using CPChain.Consensus.Wire;
using CPChain.Lbft;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Simulation.Disks;
using CPChain.Simulation.Nodes.World;

namespace CPChain.Simulation.Crashes;

/// <summary>What is put back.</summary>
internal enum BackupKind
{
    /// <summary>The whole directory of the node.</summary>
    Everything,

    /// <summary>Journal and signer's record beside the present ledger.</summary>
    Consensus,

    /// <summary>Nothing: what a restart in this place is without.</summary>
    Nothing,
}

/// <summary>What a validator did whose directory was put back from an old copy.</summary>
/// <param name="Violations">What must never be.</param>
/// <param name="HeadAtRestart">Highest final block of the chain when it was started again.</param>
/// <param name="FirstVote">Height of its first vote afterwards; 0 for none.</param>
internal sealed record BackupOutcome(IReadOnlyList<string> Violations, ulong HeadAtRestart, ulong FirstVote);

/// <summary>A chain of whole nodes in which one validator comes back with an old copy of its disk (F12).</summary>
internal static class BackupRun
{
    private const int Validator = 2;

    /// <summary>The copy is taken at block 2 and put back at block <paramref name="restoredAt"/>.</summary>
    internal static BackupOutcome Play(BackupKind kind, ulong restoredAt, ulong seed, Action<string>? line = null)
    {
        WorldPlan plan = CrashRun.PlanOfWorld();
        VirtualWorld world = new(plan, LbftRules.Certified, new SeededRandom(seed), new WorldTrace(line));
        VirtualNode node = world.Nodes[Validator];
        ulong firstVote = 0;
        bool isRestored = false;
        node.Mouth = (VirtualPeer peer, ushort type, ref ReadOnlyMemory<byte> payload) =>
        {
            if (isRestored && firstVote == 0 && type == ChainMessages.Lbft
                && LbftMessageCodec.TryDecode(payload.Span, 0, out LbftMessage? message, out _)
                && message is LbftMessage.Said { Signed.Statement: var statement } && statement.Kind.IsVote())
            {
                firstVote = statement.Height.Value;
            }
            return true;
        };
        foreach (VirtualNode one in world.Nodes)
            one.Start();
        RunTo(world, 2);
        string folder = kind == BackupKind.Everything ? "/node" : "/node/consensus";
        DiskBackup backup = node.Disk.BackUp(folder);
        RunTo(world, restoredAt);
        node.Crash(losesPower: true, "is switched off");
        node.Disk.Start(CacheLoss.All);
        if (kind != BackupKind.Nothing)
            node.Disk.Restore(backup);
        isRestored = true;
        // Its ledger is older than what the world saw of it, on purpose.
        node.HasLostDisk = kind == BackupKind.Everything;
        ulong head = world.Watch.Chain.Head;
        node.Start();
        RunTo(world, head + 8);
        return new BackupOutcome([.. world.Watch.Violations], head, firstVote);
    }

    private static void RunTo(VirtualWorld world, ulong head)
    {
        long end = world.Time.Now + VirtualTime.FromMs(60_000);
        while (world.Watch.Chain.Head < head && world.Watch.Violations.Count == 0)
        {
            world.Time.TryStep(end);
            if (world.Time.Now >= end)
            {
                world.Watch.Report($"block {head} does not come");
            }
        }
    }
}
