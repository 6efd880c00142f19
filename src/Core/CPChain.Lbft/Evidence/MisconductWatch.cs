using CPChain.Lbft.Blocks;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Evidence;

/// <summary>
/// Compares what members say with what they said before and keeps the proof once per member and height (L22.2).
/// </summary>
internal static class MisconductWatch
{
    public static void VoteSeen(ref Turn turn, Seat voter, SignedStatement vote)
    {
        if (turn.State.Members.Convicted.Contains(voter)) return;

        foreach (RoundVotes votes in turn.State.Votes)
        {
            if (Judge(ref turn, voter, votes.Prepares[voter.Index], vote)) return;
            if (Judge(ref turn, voter, votes.Commits[voter.Index], vote)) return;
        }
    }

    public static void ProposeSeen(ref Turn turn, Seat coordinator, SignedStatement earlier, SignedStatement later)
    {
        if (!turn.State.Members.Convicted.Contains(coordinator)) Judge(ref turn, coordinator, earlier, later);
    }

    public static void SealSeen(ref Turn turn, BlockEntry earlier, BlockEntry later)
    {
        if (turn.State.Members.IsProposerConvicted || earlier.Seal is null || later.Seal is null) return;

        turn.Members = turn.Members with { IsProposerConvicted = true };
        BlockNumber height = turn.State.Height;
        turn.Do(new LbftEffect.RecordEvidence(new Misconduct(
            MisconductKind.TwoSeals, SealOf(height, earlier), SealOf(height, later))));
    }

    private static bool Judge(ref Turn turn, Seat member, SignedStatement? earlier, SignedStatement later)
    {
        if (earlier is null || MisconductRules.Judge(earlier.Statement, later.Statement) is not { } kind) return false;

        turn.Members = turn.Members with { Convicted = turn.Members.Convicted.With(member) };
        turn.Do(new LbftEffect.RecordEvidence(new Misconduct(kind, earlier, later)));
        return true;
    }

    private static SignedStatement SealOf(BlockNumber height, BlockEntry block) =>
        new(new Statement(StatementKind.Seal, height, 0, block.Hash), block.Seal!.Value);
}
