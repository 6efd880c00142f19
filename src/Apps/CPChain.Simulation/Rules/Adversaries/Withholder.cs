using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>
/// Votes in secret, so that it alone holds certificates, and shows each to some at the last moment: when a round begins.
/// </summary>
/// <remarks>
/// "Last" means two moments. Before an honest node enters a round, so that its entry certificate is higher than what
/// the coordinator knows; and right after a coordinator has proposed, so that what it proposed looks stale.
/// </remarks>
public sealed class Withholder(RulesWorld world) : Adversary(world)
{
    private readonly Overheard _overheard = new(world);

    // Which of its chances it takes; a test walks through all of them.
    private ulong _choices = world.Scenario.Seed;

    /// <summary>Certificates that were shown to somebody.</summary>
    public int Shown { get; private set; }

    public override void Overhears(RulesNode from, LbftEvent.FromPeer said)
    {
        switch (said)
        {
            case LbftEvent.VoteReceived vote:
                _overheard.Take(vote.Voter, vote.Vote);
                break;
            case LbftEvent.WishReceived wish when from.IsHonest:
                // Everybody is about to leave this round: who enters with the secret?
                Reveal(wish.Height, wish.Wish.Statement.Round);
                break;
            case LbftEvent.ProposeReceived propose when from.IsHonest:
                Reveal(propose.Height, propose.Propose.Statement.Round);
                break;
        }
    }

    private void Reveal(BlockNumber height, int round)
    {
        if (_overheard.HighestBelow(height, round) is not { } secret) return;

        Seat teller = Teller();
        foreach (RulesNode node in Honest)
        {
            _choices = unchecked((_choices * 6364136223846793005) + 1442695040888963407);
            if (node.State.Height != height || (_choices >> 63) == 0) continue;

            Shown++;
            // Nothing is faster than the adversary: the message is there at once.
            LbftEvent.CertificateReceived shown = new(secret, teller);
            World.At(0, () => World.Deliver(node, shown));
        }

    }

    private Seat Teller()
    {
        foreach (Seat seat in Seats) return seat;
        throw new InvariantViolation("An adversary without a seat.");
    }
}
