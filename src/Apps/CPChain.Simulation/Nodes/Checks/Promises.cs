using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>The transactions whose receipt some node has acknowledged: each must end in a block or still wait where it was promised (C18).</summary>
internal sealed class Promises
{
    private readonly Dictionary<Hash256, int> promised = [];

    internal int Count => promised.Count;

    internal void Add(int node, ImmutableArray<Transaction> transactions)
    {
        foreach (Transaction transaction in transactions)
        {
            promised.TryAdd(transaction.Hash, node);
        }
    }

    /// <summary>What was promised and is nowhere.</summary>
    internal IEnumerable<string> Broken(VirtualWorld world)
    {
        foreach ((Hash256 hash, int home) in promised)
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
