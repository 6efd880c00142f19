using CPChain.Lbft;
using CPChain.Lbft.Values;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Runs each of its seats twice with one key: two honest programs, each of which hears half of what is said.</summary>
public sealed class TwinValidator : Adversary
{
    private readonly List<RulesNode> _second = [];

    public TwinValidator(RulesWorld world) : base(world)
    {
        foreach (Seat seat in Seats)
        {
            world.Join(seat);
            _second.Add(world.Join(seat));
        }
    }

    public override bool Hears(RulesNode own, LbftEvent.FromPeer said)
    {
        ulong side = said is LbftEvent.ProposalReceived proposal
            ? proposal.Hash.ToUInt256().U0
            : (ulong)(said.From?.Index ?? 0) + said.Height.Value;
        return (side & 1) == (_second.Contains(own) ? 1UL : 0UL) || World.Random.Chance(30);
    }
}
