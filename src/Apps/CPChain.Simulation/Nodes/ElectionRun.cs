using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Ledger;
using CPChain.Simulation.Nodes.Checks;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes;

/// <summary>What became of a chain whose elected proposers died.</summary>
/// <param name="Numbers">Numbers from the first death on: impeached or not, and final how long after T0, microseconds (L6).</param>
/// <param name="Penalties">Impeached slots in the queue of each candidate at the end.</param>
/// <param name="Waits">From a payment's acknowledgement until it is final, microseconds.</param>
/// <param name="Violations">As of any world.</param>
internal sealed record DeadProposers(
    IReadOnlyList<(ulong Number, bool IsElected, bool IsImpeach, long AfterT0Us)> Numbers, IReadOnlyList<int> Penalties,
    IReadOnlyList<long> Waits, IReadOnlyList<string> Violations);

/// <summary>A calm world with elections in which proposers die for good once they are elected.</summary>
internal static class ElectionRun
{
    /// <summary>Plays until so many numbers follow the death.</summary>
    /// <param name="seed">Of the world.</param>
    /// <param name="dying">How many of the two candidates die.</param>
    /// <param name="numbers">Numbers after it.</param>
    internal static DeadProposers KillElected(ulong seed, int dying, int numbers)
    {
        using SignerMemory signers = SignerMemory.Begin();
        SeededRandom chance = new(seed);
        WorldPlan plan = ElectionPlan.Over(WorldPlan.Draw(chance, 4, 60, isCalm: true));
        VirtualWorld world = new(plan, LbftRules.Certified, chance, new WorldTrace(null));
        foreach (VirtualNode node in world.Nodes)
            node.Start();
        Clients clients = new(world, new SeededRandom(chance.Next()));
        clients.Start();
        new ElectionClients(world, new SeededRandom(chance.Next())).Start();
        VirtualNode[] candidates = [.. Enumerable.Range(0, plan.Candidates).Select(i => world.Nodes[ElectionPlan.NodeOf(plan, i)])];
        long end = world.Time.Now + (600 * Bounds.BlockUs(plan));
        Run(world, end, () => world.Watch.ElectedBlocks >= 4);

        foreach (VirtualNode dead in candidates.Take(dying))
        {
            dead.IsGone = true;
            dead.Crash(losesPower: true, "dies for good");
        }
        ulong first = world.Watch.Chain.Head + 1;
        long diedAt = world.Time.Now;
        Dictionary<ulong, long> finalAt = [];
        world.Watch.FirstFinal = (number, at) => finalAt[number] = at;
        Run(world, end, () => world.Watch.Chain.Head >= first + (ulong)numbers);

        FinalChain chain = world.Watch.Chain;
        return new DeadProposers(
            [
                .. Enumerable.Range(0, numbers).Select(i => first + (ulong)i).Select(number => (
                    number, chain.TurnOf(number).IsElected, chain.Header(number).IsImpeach,
                    finalAt[number] - T0Us(chain.Header(number - 1).TimestampMs))),
            ],
            [.. candidates.Select(dead => PenaltiesOf(world, dead))],
            [.. world.Watch.Promises.Waits.Where(wait => wait.AtUs > diedAt).Select(static wait => wait.WaitUs)],
            [.. world.Watch.Violations]);
    }

    private static void Run(VirtualWorld world, long end, Func<bool> isDone)
    {
        const long look = 10_000;
        while (!isDone() && world.Watch.Violations.Count == 0)
        {
            long next = world.Time.Now + look;
            while (world.Time.TryStep(next))
            {
            }
            Invariant.Check(world.Time.Now < end, "the chain stands still");
        }
    }

    // L6: T0 = parent's time + period + timeout.
    private static long T0Us(ulong parentMs) => ((long)(parentMs + WorldPlan.Times.PeriodMs + WorldPlan.Times.TimeoutMs)
        - WorldPlan.Beginning.ToUnixTimeMilliseconds()) * 1_000;

    private static int PenaltiesOf(VirtualWorld world, VirtualNode dead)
    {
        ChainLedger ledger = world.Nodes[0].Running!.Ledger;
        StoredView view = new(new StateWords(ledger.HeadState));
        return view.PenaltiesOf(dead.Key.Address).CountIn(
            ElectionPlan.Parameters.Terms.TermOf(ledger.Head.Number), ElectionPlan.Parameters.PenaltyWindow);
    }
}
