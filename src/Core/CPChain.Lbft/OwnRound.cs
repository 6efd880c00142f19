using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;

namespace CPChain.Lbft;

/// <summary>An own statement: journalled, then signed. Without a signature nobody else has seen it.</summary>
public sealed record OwnStatement(Statement Statement, Signature? Signature = null)
{
    public SignedStatement? Signed => Signature is { } signature ? new SignedStatement(Statement, signature) : null;
}

/// <summary>
/// What this validator itself has said in one round: at most one vote of each class and one PROPOSE (L5).
/// </summary>
public sealed record OwnRound(
    int Round,
    OwnStatement? Prepare = null,
    OwnStatement? Commit = null,
    OwnStatement? Propose = null,
    Certificate? ProposeBacking = null)
{
    public static OwnRound None(int round) => new(round);

    public OwnStatement? Of(VoteClass voteClass) => voteClass == VoteClass.Prepare ? Prepare : Commit;
}
