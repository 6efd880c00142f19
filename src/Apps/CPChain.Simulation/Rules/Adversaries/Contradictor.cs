using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Votes for every value in every round, to each as it likes, and shows or hides the certificates that result.</summary>
public sealed class Contradictor(RulesWorld world) : Adversary(world)
{
    private const int RoundsMax = 4;

    private readonly Overheard _overheard = new(world);

    public override void Start() => Repeat(400, () =>
    {
        foreach (Seat seat in Seats)
            foreach (RulesNode target in Honest.ToList())
                if (Random.Chance(70)) Speak(seat, target);
    });

    public override void Overhears(RulesNode from, LbftEvent.FromPeer said)
    {
        if (said is LbftEvent.VoteReceived vote) _overheard.Take(vote.Voter, vote.Vote);
    }

    public override void AskedForBody(Seat asked, RulesNode by, Hash256 hash)
    {
        if (Random.Chance(20)) Say(asked, by, new LbftEvent.BodyReceived(by.State.Height, hash, asked));
    }

    private void Speak(Seat self, RulesNode target)
    {
        BlockNumber height = target.State.Height;
        IReadOnlyList<SimulatedBlock> values = World.Blocks.At(height.Value);
        if (values.Count == 0) return;

        Hash256 hash = Random.Pick(values).Hash;
        int round = Random.Below(RoundsMax);
        List<Certificate> hidden = [.. _overheard.Hidden.Where(one => one.Height == height)];
        Certificate? shown = hidden.Count > 0 && Random.Chance(30) ? Random.Pick(hidden) : null;
        LbftEvent.FromPeer? said = Random.Below(6) switch
        {
            0 or 1 => Vote(
                self, VoteClass.Prepare, height, round, hash, round == 0 ? -1 : Random.Below(round + 1) - 1, shown),
            2 => Vote(self, VoteClass.Commit, height, round, hash, attached: shown),
            3 => Wish(self, height, round + 1, shown),
            4 => Coordinate(self, target, height),
            _ => shown is null ? null : new LbftEvent.CertificateReceived(shown, self),
        };
        if (said is not null) Say(self, target, said);
    }

    // As coordinator it proposes whatever is well-formed: the impeach block, or any certificate that it can show.
    private LbftEvent.ProposeReceived? Coordinate(Seat self, RulesNode target, BlockNumber height)
    {
        HeightFacts facts = target.State.Facts;
        for (int round = 2; round <= RoundsMax; round++)
        {
            if (facts.CoordinatorOf(round) != self) continue;

            Certificate? backing = Random.Chance(50) ? _overheard.HighestBelow(height, round) : null;
            Statement propose = new(
                StatementKind.Propose, height, round, backing?.Hash ?? facts.ImpeachHash, backing?.Round ?? Statement.NoRound);
            return new LbftEvent.ProposeReceived(self, Sign(self, propose), backing);
        }

        return null;
    }
}
