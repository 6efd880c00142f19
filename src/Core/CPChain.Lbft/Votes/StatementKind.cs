namespace CPChain.Lbft.Votes;

/// <summary>What a signature is about: the kind byte of the signed digest (L2.4).</summary>
public enum StatementKind : byte
{
    Prepare = 1,
    Commit = 2,
    ImpeachPrepare = 3,
    ImpeachCommit = 4,
    Seal = 16,
    Propose = 17,
    Wish = 18,
    Status = 19,
    Head = 20,
}

/// <summary>
/// P-class votes prepare a value, C-class votes decide it (L2.5); the byte is that of the certificate.
/// </summary>
public enum VoteClass : byte
{
    Prepare = 1,
    Commit = 2,
}

/// <summary>Which kinds exist and which rounds and valid rounds they allow (L2.4, L2.5).</summary>
public static class StatementKinds
{
    public static bool IsVote(this StatementKind kind) =>
        kind is StatementKind.Prepare or StatementKind.Commit or StatementKind.ImpeachPrepare or StatementKind.ImpeachCommit;

    public static bool IsKnown(this StatementKind kind) =>
        kind.IsVote() || kind is >= StatementKind.Seal and <= StatementKind.Head;

    /// <summary>The class of a vote kind; meaningless for other kinds.</summary>
    public static VoteClass Class(this StatementKind kind) =>
        kind is StatementKind.Prepare or StatementKind.ImpeachPrepare ? VoteClass.Prepare : VoteClass.Commit;

    /// <summary>Round 0 votes PREPARE and COMMIT, later rounds their impeachment forms.</summary>
    public static StatementKind VoteKind(VoteClass voteClass, int round) => (voteClass, round) switch
    {
        (VoteClass.Prepare, 0) => StatementKind.Prepare,
        (VoteClass.Prepare, _) => StatementKind.ImpeachPrepare,
        (_, 0) => StatementKind.Commit,
        _ => StatementKind.ImpeachCommit,
    };
}
