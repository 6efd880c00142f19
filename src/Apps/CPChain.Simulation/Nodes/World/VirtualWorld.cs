using CPChain.Consensus;
using CPChain.Lbft;
using CPChain.Simulation.Nodes.Checks;

namespace CPChain.Simulation.Nodes.World;

/// <summary>Time, links and nodes of one run, and who watches them.</summary>
internal sealed class VirtualWorld
{
    internal VirtualWorld(WorldPlan plan, LbftRules rules, SeededRandom chance, WorldTrace trace)
    {
        Plan = plan;
        Rules = rules;
        Trace = trace;
        Wires = new Wires(Time, new SeededRandom(chance.Next()), trace, plan.Nodes);
        Watch = new Watch(this);
        Nodes = [.. Enumerable.Range(0, plan.Nodes).Select(i => new VirtualNode(
            this, i, SharedKeys.OfNode(KeyOf(i)), RoleOf(i), new SeededRandom(chance.Next())))];
    }

    internal WorldPlan Plan { get; }

    internal LbftRules Rules { get; }

    internal VirtualTime Time { get; } = new();

    internal WorldTrace Trace { get; }

    internal Wires Wires { get; }

    internal Watch Watch { get; }

    internal IReadOnlyList<VirtualNode> Nodes { get; }

    internal IEnumerable<VirtualNode> Validators => Nodes.Take(Plan.Validators);

    internal IEnumerable<VirtualNode> Proposers => Nodes.Skip(Plan.Validators).Take(Plan.Proposers);

    private bool IsDouble(int index) => Plan.DoubledValidator is not null && index == Plan.Nodes - 1;

    private int KeyOf(int index) => IsDouble(index) ? Plan.DoubledValidator!.Value : index;

    internal IEnumerable<VirtualNode> Observers => Nodes.Skip(Plan.Validators + Plan.Proposers).Take(Plan.Observers);

    private ChainRole RoleOf(int index) => index < Plan.Validators || IsDouble(index) ? ChainRole.Validator
        : index < Plan.Validators + Plan.Proposers ? ChainRole.Proposer
        : ChainRole.Observer;
}
