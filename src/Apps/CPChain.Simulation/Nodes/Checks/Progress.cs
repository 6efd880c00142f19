using CPChain.Simulation.Nodes.World;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>Lets time go on until every living node has its blocks, and knows how long that may take (specs/consensus P1).</summary>
internal sealed class Progress(VirtualWorld world, long healAtUs, ulong heights)
{
    private ulong headAtHealing;

    /// <summary>From the end of the faults until every living honest node had a block that was final nowhere before.</summary>
    internal long FirstBlockUs { get; private set; } = -1;

    internal ulong LowestHead => Living.Select(node => node.Running?.Ledger.Head.Number ?? 0).DefaultIfEmpty().Min();

    private IEnumerable<VirtualNode> Living => world.Nodes.Where(node => node is { IsGone: false, IsHonest: true });

    /// <summary>True when all got there in time.</summary>
    internal bool Run()
    {
        while (world.Time.TryStep(healAtUs) && world.Watch.Violations.Count == 0)
        {
        }
        headAtHealing = world.Watch.Chain.Head;
        long firstBlockBy = healAtUs + Bounds.FirstBlockUs(world.Plan);
        if (!RunUntil(headAtHealing + 1, firstBlockBy))
        {
            return false;
        }
        FirstBlockUs = world.Time.Now - healAtUs;
        ulong left = Math.Max(heights, world.Watch.Chain.Head + 3) - world.Watch.Chain.Head;
        return RunUntil(world.Watch.Chain.Head + left, world.Time.Now + ((long)left * Bounds.BlockUs(world.Plan)));
    }

    private bool RunUntil(ulong number, long end)
    {
        const long look = 100_000;
        while (world.Watch.Violations.Count == 0)
        {
            long next = Math.Min(end, world.Time.Now + look);
            while (world.Time.TryStep(next))
            {
            }
            if (FirstBlockUs >= 0 && world.Time.Now >= healAtUs + Bounds.ReconnectedUs)
            {
                // What was begun under faults may still end badly; what is begun now may not.
                world.Watch.QuietFrom ??= world.Watch.Chain.Head + 2;
            }
            if (LowestHead >= number)
            {
                return true;
            }
            if (world.Time.Now >= end)
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>How long a healed cluster may take (specs/consensus P1).</summary>
internal static class Bounds
{
    private const int RestartMs = 8_000;

    /// <summary>Until every node is up and connected with every other: before it a proposer reaches some members late.</summary>
    internal static long ReconnectedUs => VirtualTime.FromMs(RestartMs);

    /// <summary>
    /// Until every node has a block that was final nowhere when the faults ended: restarts and redials, the latest T0, the round under way and
    /// f+1 further ones at their longest, and the catching up of who missed it.
    /// </summary>
    internal static long FirstBlockUs(WorldPlan plan)
    {
        Chain.ConsensusTimes times = WorldPlan.Times;
        long rounds = (long)times.RoundMaxMs * (plan.Faulty + 2);
        long latestT0 = (long)((2 * times.TimeoutMs) + times.PeriodMs + times.DriftMs);
        return VirtualTime.FromMs(RestartMs + latestT0 + rounds + (long)(5 * times.DelayMs) + 10_000);
    }

    /// <summary>For each further block, impeached ones included.</summary>
    internal static long BlockUs(WorldPlan plan)
    {
        Chain.ConsensusTimes times = WorldPlan.Times;
        return VirtualTime.FromMs((long)(times.PeriodMs + times.TimeoutMs + (5 * times.DelayMs) + times.RoundBaseMs));
    }
}
