using CPChain.Lbft.Votes;

namespace CPChain.Lbft.Evidence;

/// <summary>The pairs of signatures that prove guilt by themselves (L22.2).</summary>
public enum MisconductKind : byte
{
    /// <summary>E1: two P-class votes of one round with different hash or valid round.</summary>
    TwoPrepares = 1,

    /// <summary>E2: two C-class votes of one round with different hash.</summary>
    TwoCommits = 2,

    /// <summary>E3: C-class vote in r, then IMPEACH-PREPARE in r' with vr &lt; r &lt; r'.</summary>
    PreparedAgainstCommit = 3,

    /// <summary>E4: two seals of one height.</summary>
    TwoSeals = 4,

    /// <summary>E5: two PROPOSEs of one round.</summary>
    TwoProposes = 5,
}

/// <summary>Two signatures of one key that no honest node ever makes.</summary>
public sealed record Misconduct(MisconductKind Kind, SignedStatement First, SignedStatement Second);

/// <summary>Decides whether two statements of one signer prove misconduct; looks at no signature.</summary>
public static class MisconductRules
{
    /// <summary>The kind that the pair proves, in either order; null when an honest node may have said both.</summary>
    public static MisconductKind? Judge(in Statement a, in Statement b)
    {
        if (a.Height != b.Height || a == b) return null;

        if (a.Kind.IsVote() && b.Kind.IsVote())
        {
            if (a.Round == b.Round && a.Class == b.Class)
                return a.Class == VoteClass.Prepare ? MisconductKind.TwoPrepares : MisconductKind.TwoCommits;
            return IsAgainst(a, b) || IsAgainst(b, a) ? MisconductKind.PreparedAgainstCommit : null;
        }

        if (a.Kind != b.Kind) return null;
        if (a.Kind == StatementKind.Seal) return MisconductKind.TwoSeals;
        return a.Kind == StatementKind.Propose && a.Round == b.Round ? MisconductKind.TwoProposes : null;
    }

    private static bool IsAgainst(in Statement commit, in Statement prepare) =>
        commit.Class == VoteClass.Commit
        && prepare.Kind == StatementKind.ImpeachPrepare
        && prepare.ValidRound < commit.Round
        && commit.Round < prepare.Round;
}
