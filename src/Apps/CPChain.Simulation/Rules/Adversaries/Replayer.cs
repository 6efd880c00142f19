using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>
/// Says again what others have signed: as it was, and under other heights, rounds, phases and from another chain.
/// </summary>
public sealed class Replayer(RulesWorld world) : Adversary(world)
{
    private const int Kept = 256;
    private const ulong OtherChain = 338;

    private readonly List<(Seat Seat, SignedStatement Signed)> _heard = [];

    public override void Overhears(RulesNode from, LbftEvent.FromPeer said)
    {
        if (said is not LbftEvent.VoteReceived vote) return;
        if (_heard.Count == Kept) _heard.RemoveAt(Random.Below(Kept));
        _heard.Add((vote.Voter, vote.Vote));
    }

    public override void Start() => Repeat(100, () =>
    {
        if (_heard.Count == 0) return;
        foreach (RulesNode target in Honest.ToList())
        {
            (Seat seat, SignedStatement signed) = Random.Pick(_heard);
            Replay(target, seat, signed);
        }
    });

    private void Replay(RulesNode target, Seat seat, SignedStatement signed)
    {
        Statement said = signed.Statement;
        Statement moved = Random.Below(4) switch
        {
            0 => Statement.Vote(said.Class, target.State.Height, said.Round, said.Hash, said.ValidRound), // another height
            1 => Statement.Vote(said.Class, said.Height, said.Round + 1, said.Hash), // another round
            2 => Statement.Vote( // another phase
                said.Class == VoteClass.Prepare ? VoteClass.Commit : VoteClass.Prepare, said.Height, said.Round, said.Hash),
            _ => said, // another chain: the same key signs the same words there
        };
        bool isForeign = moved == said;
        SignedStatement replayed = isForeign
            ? new SignedStatement(said, StubSignatures.Sign(seat.Index, said, OtherChain))
            : new SignedStatement(moved, signed.Signature);
        foreach (Seat self in Seats)
        {
            Say(self, target, new LbftEvent.VoteReceived(seat, replayed));
            Say(self, target, new LbftEvent.VoteReceived(seat, signed)); // and word for word, which nobody can refuse
        }
    }
}
