using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.World;

/// <summary>People who pay each other: each through one node, one transaction after the other.</summary>
internal sealed class Clients(VirtualWorld world, SeededRandom chance)
{
    private readonly int pauseMs = 2_000 + chance.Below(8_000);

    internal void Start()
    {
        for (int client = 0; client < SharedKeys.ClientCount; client++)
        {
            int who = client;
            VirtualNode home = world.Nodes[chance.Below(world.Plan.Nodes)];
            world.Time.In(VirtualTime.FromMs(chance.Below(pauseMs)), () => Pay(who, home));
        }
    }

    private void Pay(int client, VirtualNode home)
    {
        world.Time.In(VirtualTime.FromMs((pauseMs / 2) + chance.Below(pauseMs)), () => Pay(client, home));
        if (home.Running is not { } node)
        {
            return;
        }
        PrivateKey key = SharedKeys.OfClient(client);
        UnsignedTransaction payment = UnsignedTransaction.FeeMarket(
            world.Plan.Genesis.ChainId, node.Pool.NextNonce(key.Address), 100_000_000_000, 1_000_000_000, 21_000) with
        {
            To = SharedKeys.OfClient(chance.Below(SharedKeys.ClientCount)).Address,
            Value = new UInt256((ulong)chance.Below(1_000_000)),
        };
        // Acknowledged when the pool says that it is durable, which it says on this thread.
        _ = node.Pool.SubmitAsync(Transaction.Sign(payment, key), CancellationToken.None).AsTask();
    }
}
