using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft.Votes;

/// <summary>Counts votes by distinct member and makes certificates of them (L4.1, L4.2).</summary>
internal static class Tally
{
    /// <summary>How many members voted for this value in this class and round.</summary>
    public static int Count(LbftState state, VoteClass voteClass, int round, in Hash256 hash)
    {
        if (state.Rules != LbftRules.Certified) return Supporters(state, voteClass, round, hash).Count;

        int count = 0;
        if (state.VotesIn(round) is { } votes)
            foreach (SignedStatement? vote in votes.Of(voteClass))
                if (vote is not null && vote.Statement.Hash == hash) count++;
        return count;
    }

    /// <summary>The certificate that the collected votes make, of the lowest seats; null below the quorum.</summary>
    public static Certificate? Certify(LbftState state, VoteClass voteClass, int round, in Hash256 hash)
    {
        int quorum = state.Rules.QuorumOf(state.Committee, round);
        if (Count(state, voteClass, round, hash) < quorum) return null;

        Signature[] signatures = new Signature[quorum];
        int[] validRounds = voteClass == VoteClass.Prepare ? new int[quorum] : [];
        SeatSet signers = SeatSet.Empty;
        int place = 0;
        foreach (Seat seat in Supporters(state, voteClass, round, hash))
        {
            if (place == quorum) break;
            SignedStatement vote = VoteOf(state, seat, voteClass, round, hash)!;
            signatures[place] = vote.Signature;
            if (voteClass == VoteClass.Prepare) validRounds[place] = vote.Statement.ValidRound;
            signers = signers.With(seat);
            place++;
        }

        return new Certificate(
            voteClass, state.Height, round, hash, state.Committee, signers,
            ValueArray<int>.Of(validRounds), ValueArray<Signature>.Of(signatures));
    }

    private static SeatSet Supporters(LbftState state, VoteClass voteClass, int round, in Hash256 hash)
    {
        SeatSet supporters = SeatSet.Empty;
        for (int index = 0; index < state.Committee.Validators; index++)
            if (VoteOf(state, new Seat(index), voteClass, round, hash) is not null)
                supporters = supporters.With(new Seat(index));
        return supporters;
    }

    private static SignedStatement? VoteOf(
        LbftState state, Seat seat, VoteClass voteClass, int round, in Hash256 hash)
    {
        foreach (RoundVotes votes in state.Votes)
        {
            if (votes.Round != round && !CountsTogether(state.Rules, voteClass, votes.Round, round)) continue;
            if (votes.Of(voteClass)[seat.Index] is { } vote && vote.Statement.Hash == hash) return vote;
            if (state.Rules.ClassNotSigned
                && voteClass == VoteClass.Commit
                && votes.Prepares[seat.Index] is { } prepare
                && prepare.Statement.Hash == hash)
                return prepare;
        }

        return null;
    }

    // Never under the certified rules (L4.2): each line is a weakening.
    private static bool CountsTogether(LbftRules rules, VoteClass voteClass, int ofRound, int inRound) =>
        rules.CountsAllRounds
        || (rules.CountsCommitsOfAllRounds && voteClass == VoteClass.Commit)
        || (rules.RoundNotSigned && ofRound > 0 && inRound > 0);
}
