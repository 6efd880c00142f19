using CPChain.Lbft.Values;

namespace CPChain.Lbft.Votes;

/// <summary>The votes of one round by seat: at most one of each class from a member (L24).</summary>
public sealed record RoundVotes(
    int Round, ValueArray<SignedStatement?> Prepares, ValueArray<SignedStatement?> Commits)
{
    public static RoundVotes Empty(int round, CommitteeSize size) => new(
        round,
        ValueArray<SignedStatement?>.Repeat(null, size.Validators),
        ValueArray<SignedStatement?>.Repeat(null, size.Validators));

    public ValueArray<SignedStatement?> Of(VoteClass voteClass) => voteClass == VoteClass.Prepare ? Prepares : Commits;

    public RoundVotes With(Seat seat, SignedStatement vote) => vote.Statement.Class == VoteClass.Prepare
        ? new RoundVotes(Round, Prepares.With(seat.Index, vote), Commits)
        : new RoundVotes(Round, Prepares, Commits.With(seat.Index, vote));
}
