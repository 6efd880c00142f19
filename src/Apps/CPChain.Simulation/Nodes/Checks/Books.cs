using CPChain.Chain;
using CPChain.Consensus;
using CPChain.Evm;
using CPChain.Ledger;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>What every node's ledger must add up to when the world ends.</summary>
internal static class Books
{
    /// <summary>What does not add up.</summary>
    internal static IEnumerable<string> Audit(VirtualWorld world)
    {
        foreach (VirtualNode node in world.Nodes)
        {
            if (node is not { IsHonest: true, Running: { } running })
            {
                continue;
            }
            LedgerCheck check = running.Ledger.Verify();
            if (check.Problem is { } problem)
            {
                yield return $"the ledger of n{node.Index}: {problem}";
            }
            UInt256 total = Total(world, running.Ledger);
            if (total != Issued(world.Plan.Genesis))
            {
                yield return $"the balances on n{node.Index} are {total}, {Issued(world.Plan.Genesis)} were issued";
            }
        }
    }

    internal static UInt256 Issued(Genesis genesis) => genesis.Alloc.Aggregate(UInt256.Zero, (sum, account) => sum + account.Balance);

    // Clients pay nodes and clients alone, so the coins are theirs, and with elections those of the accounts of block 0.
    internal static UInt256 Total(VirtualWorld world, ChainLedger ledger)
    {
        UInt256 total = UInt256.Zero;
        IEnumerable<Address> holders = world.Nodes.Select(one => one.Key.Address)
            .Concat(Enumerable.Range(0, SharedKeys.ClientCount).Select(i => SharedKeys.OfClient(i).Address))
            .Concat(world.Plan.Genesis.Alloc.Select(static account => account.Address))
            .Concat(world.Plan.Genesis.Dpor is { } dpor ? [dpor.Foundation] : []).Distinct();
        foreach (Address holder in holders)
        {
            if (ledger.HeadState.TryGetAccount(holder, out Account account))
            {
                total += account.Balance;
            }
        }
        return total;
    }
}
