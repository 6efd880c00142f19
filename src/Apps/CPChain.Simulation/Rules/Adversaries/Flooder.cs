using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Sends everyone all the well-signed votes, wishes and PROPOSEs that it can make up, of every height and round.</summary>
public sealed class Flooder(RulesWorld world) : Adversary(world)
{
    private const int Burst = 40;

    public override void Start() => Repeat(100, () =>
    {
        foreach (RulesNode target in Honest.ToList())
            foreach (Seat seat in Seats)
                for (int index = 0; index < Burst; index++) Say(seat, target, Anything(seat, target));
    });

    private LbftEvent.FromPeer Anything(Seat seat, RulesNode target)
    {
        BlockNumber height = new(target.State.Height.Value + (ulong)Random.Below(2));
        int round = Random.Below(3 * World.Scenario.Times.RoundWindow);
        Hash256 hash = Hash256.FromUInt256(new UInt256(Random.Next()));
        return Random.Below(4) switch
        {
            0 => Vote(seat, VoteClass.Prepare, height, round, hash),
            1 => Vote(seat, VoteClass.Commit, height, round, hash),
            2 => Wish(seat, height, round + 1),
            _ => new LbftEvent.ProposeReceived(
                seat, Sign(seat, new Statement(StatementKind.Propose, height, round + 2, target.State.Facts.ImpeachHash))),
        };
    }
}
