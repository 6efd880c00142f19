using CPChain.Lbft.Evidence;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking;

/// <summary>What must hold of everything that one honest validator signs, restarts included.</summary>
internal sealed class Conduct(Model model)
{
    /// <summary>The fault that this vote adds to those that were said before; null when it adds none.</summary>
    public string? FaultOf(SaidVotes said, in Statement vote)
    {
        // A restart signs the same statement again, and the same signature comes out.
        if (said == said.With(vote)) return null;

        if (model.Guarantees.HasFlag(Guarantees.Innocence))
            foreach (Statement earlier in Earlier(said, vote))
                if (MisconductRules.Judge(earlier, vote) is { } kind)
                    return $"an honest validator is convicted: {kind} by {earlier.Kind}({earlier.Round}) "
                        + $"and {vote.Kind}({vote.Round})";
        return model.Guarantees.HasFlag(Guarantees.SignerAgrees) ? RefusalOf(said, vote) : null;
    }

    // Valid rounds of earlier P-class votes are not kept: E1 needs another hash then, E3 needs only the new one.
    private IEnumerable<Statement> Earlier(SaidVotes said, Statement vote)
    {
        for (int round = 0; round <= model.RoundMax; round++)
            for (int value = 0; value <= model.Blocks; value++)
            {
                if (Vocabulary.IsIn(said.Commits, round, value)) yield return Of(VoteClass.Commit, round, value);
                if (round == vote.Round && Vocabulary.IsIn(said.Prepares, round, value))
                    yield return Of(VoteClass.Prepare, round, value);
            }
    }

    // The record as it stands after what was said, in the order in which an honest validator can have said it.
    private string? RefusalOf(SaidVotes said, in Statement vote)
    {
        SignerRecord record = SignerRecord.Empty;
        for (int round = 0; round <= model.RoundMax; round++)
            foreach (VoteClass voteClass in (ReadOnlySpan<VoteClass>)[VoteClass.Prepare, VoteClass.Commit])
                for (int value = 0; value <= model.Blocks; value++)
                {
                    ulong votes = voteClass == VoteClass.Prepare ? said.Prepares : said.Commits;
                    if (Vocabulary.IsIn(votes, round, value)) record.TryAuthorize(Of(voteClass, round, value), out record);
                }

        SigningFault fault = record.TryAuthorize(vote, out _);
        return fault == SigningFault.None
            ? null
            : $"the signer refuses an honest validator's {vote.Kind}({vote.Round}): {fault}";
    }

    // The highest valid round that the round allows: what was said was authorised then.
    private static Statement Of(VoteClass voteClass, int round, int value) => Statement.Vote(
        voteClass, Vocabulary.Height, round, Vocabulary.HashOf(value),
        voteClass == VoteClass.Prepare && round > 0 ? round - 1 : Statement.NoRound);
}
