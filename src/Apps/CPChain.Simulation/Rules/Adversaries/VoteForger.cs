using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>
/// Writes votes in other seats' names, and certificates with invented, repeated, foreign or too few signers.
/// </summary>
public sealed class VoteForger(RulesWorld world) : Adversary(world)
{
    public override void Start() => Repeat(200, () =>
    {
        foreach (RulesNode target in Honest.ToList()) Forge(target);
    });

    private void Forge(RulesNode target)
    {
        BlockNumber height = target.State.Height;
        IReadOnlyList<SimulatedBlock> values = World.Blocks.At(height.Value);
        if (values.Count == 0 || Seats.IsEmpty) return;

        Hash256 hash = Random.Pick(values).Hash;
        int round = Random.Below(3);
        Seat victim = new(Random.Below(World.Scenario.Committee.Validators));
        foreach (Seat self in Seats)
        {
            Statement vote = Statement.Vote((VoteClass)(1 + Random.Below(2)), height, round, hash);
            // The own signature under another's vote, and one that is made up.
            Say(self, target, new LbftEvent.VoteReceived(victim, Sign(self, vote)));
            Say(self, target, new LbftEvent.VoteReceived(victim, new SignedStatement(vote, Invented(victim))));
            Say(self, target, new LbftEvent.WishReceived(
                victim, Sign(self, new Statement(StatementKind.Wish, height, round + 1, Hash256.Zero))));
            Say(self, target, new LbftEvent.CertificateReceived(Certificate(self, vote), self));
            Say(self, target, Vote(
                self, VoteClass.Prepare, height, round, hash, Statement.NoRound, Certificate(self, vote)));
        }
    }

    private Signature Invented(Seat victim) => new(new UInt256(Random.Next(), (ulong)victim.Index + 1), UInt256.One, 0);

    private Certificate Certificate(Seat self, in Statement vote)
    {
        CommitteeSize committee = World.Scenario.Committee;
        int quorum = committee.StrongQuorum;
        bool isShort = Random.Chance(25);
        SeatSet signers = SeatSet.Empty;
        List<Signature> signatures = [];
        while (signatures.Count < (isShort ? committee.WeakQuorum : quorum))
        {
            // Its own signature again and again, or an invented one; the bitmap claims whoever is missing.
            Seat claimed = new(signatures.Count);
            signatures.Add(Random.Chance(50) ? Sign(self, vote).Signature : Invented(claimed));
            signers = signers.With(Random.Chance(10) ? new Seat(committee.Validators + signatures.Count) : claimed);
        }

        int[] validRounds = vote.Class == VoteClass.Prepare ? [.. signatures.Select(_ => Statement.NoRound)] : [];
        return new Certificate(
            vote.Class, vote.Height, vote.Round, vote.Hash, committee, signers,
            ValueArray<int>.Of(validRounds), ValueArray<Signature>.Of([.. signatures]));
    }
}
