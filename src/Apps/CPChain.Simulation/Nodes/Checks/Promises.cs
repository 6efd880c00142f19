using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>The transactions whose receipt some node has acknowledged: each must end in a block or still wait where it was promised (C18).</summary>
internal sealed class Promises
{
    private readonly Dictionary<Hash256, (int Node, long AtUs)> promised = [];
    private readonly List<(long AtUs, long WaitUs)> waits = [];

    internal int Count => promised.Count;

    /// <summary>When each that became final was acknowledged, and how long it waited, microseconds.</summary>
    internal IReadOnlyList<(long AtUs, long WaitUs)> Waits => waits;

    internal void Add(int node, ImmutableArray<Transaction> transactions, long nowUs)
    {
        foreach (Transaction transaction in transactions)
        {
            promised.TryAdd(transaction.Hash, (node, nowUs));
        }
    }

    /// <summary>A block is final somewhere for the first time.</summary>
    internal void Final(Block block, long nowUs)
    {
        foreach (Transaction transaction in block.Transactions)
        {
            if (promised.TryGetValue(transaction.Hash, out (int Node, long AtUs) promise))
            {
                waits.Add((promise.AtUs, nowUs - promise.AtUs));
            }
        }
    }

    /// <summary>What was promised and is nowhere.</summary>
    internal IEnumerable<string> Broken(VirtualWorld world)
    {
        foreach ((Hash256 hash, (int home, _)) in promised)
        {
            VirtualNode node = world.Nodes[home];
            if (node.HasLostDisk || node.Running is not { } running)
            {
                continue;
            }
            if (running.Ledger.Locate(hash) is null && running.Pool.Find(hash) is null)
            {
                yield return $"transaction {hash} was acknowledged by n{home} and is lost";
            }
        }
    }
}
