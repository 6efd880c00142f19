using CPChain.Lbft.Evidence;
using CPChain.Lbft.Synchroniser;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Blocks;

/// <summary>Judging the proposer's block in time and casting the one PREPARE of a height (L7, L9).</summary>
internal static class ProposalRules
{
    /// <summary>L9: a sealed block while idle.</summary>
    public static void Consider(ref Turn turn, LbftEvent.ProposalReceived e)
    {
        if (Keep(ref turn, e)) Admit(ref turn, e.WallMs);
    }

    /// <summary>
    /// L25: a sealed block in any other phase is kept as a body, and as evidence against its proposer.
    /// </summary>
    public static bool Keep(ref Turn turn, LbftEvent.ProposalReceived e)
    {
        LbftState state = turn.State;
        ulong earliest = state.Facts.ParentTimeMs + (ulong)state.Parameters.PeriodMs;
        if (e.TimeMs < earliest || e.Hash == state.Facts.ImpeachHash) return false; // L7.1: ignored, no wish

        BlockEntry? known = state.Block(e.Hash);
        BlockEntry block = known is null
            ? new BlockEntry(e.Hash, e.TimeMs, e.Seal, BlockStage.Held, Holders: SeatSet.Empty.With(e.From))
            : known with { TimeMs = e.TimeMs, Seal = known.Seal ?? e.Seal, Holders = known.Holders.With(e.From) };
        BlockEntry? first = FirstSealed(state);
        if (known is null)
        {
            if (first is not null && CountSealed(state) > 1) return false; // L24
            turn.State = state with { Blocks = state.Blocks.Add(block) };
        }
        else
        {
            BodyRules.Replace(ref turn, block);
        }

        if (first is not null && first.Hash != block.Hash) MisconductWatch.SealSeen(ref turn, first, block);
        if (block.Stage == BlockStage.Wanted) BodyRules.Execute(ref turn, block);
        return true;
    }

    /// <summary>
    /// L7.2: nothing is judged before slotOpen - drift and b.time - drift; what comes earlier is queued.
    /// </summary>
    public static void Admit(ref Turn turn, ulong wallMs)
    {
        LbftState state = turn.State;
        if (state.Phase != Phase.Idle || !state.Marks.HasFlag(HeightMarks.SlotOpen)) return;

        BlockEntry? first = FirstSealed(state);
        long? waitMs = null;
        foreach (BlockEntry block in state.Blocks)
        {
            bool isNamed = block.Hash == first?.Hash || IsBackedByHonest(state, block.Hash); // L24
            if (block.Seal is null || block.IsAdmitted || !isNamed) continue;

            ulong latest = wallMs + (ulong)state.Parameters.DriftMs;
            if (block.TimeMs > latest)
            {
                long wait = (long)Math.Min(block.TimeMs - latest, (ulong)state.Parameters.TimeoutMs);
                waitMs = Math.Min(wait, waitMs ?? long.MaxValue);
                continue;
            }

            BlockEntry admitted = block with { IsAdmitted = true };
            BodyRules.Replace(ref turn, admitted);
            if (admitted.Stage == BlockStage.Held) BodyRules.Execute(ref turn, admitted);
        }

        if (waitMs is { } delayMs) turn.StartTimer(TimerKind.Admission, delayMs);
        TryPrepare(ref turn);
        JudgeIllicit(ref turn);
    }

    /// <summary>L9.2, L16: f+1 PREPAREs make a block timely and worth fetching.</summary>
    public static void PrepareCollected(ref Turn turn, Hash256 hash)
    {
        if (!IsBackedByHonest(turn.State, hash)) return;

        BodyRules.Want(ref turn, hash);
        if (turn.State.Phase != Phase.Idle) return;

        // The time test needs the wall clock, which only a timer brings.
        if (turn.State.Block(hash) is { Seal: not null, IsAdmitted: false }) turn.StartTimer(TimerKind.Admission, 0);
        TryPrepare(ref turn);
    }

    /// <summary>L9.3, L9.4: one PREPARE per height, for an executed block that is in time.</summary>
    public static void TryPrepare(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.Phase != Phase.Idle || !state.CanVote || state.Marks.HasFlag(HeightMarks.Illicit)) return;

        bool isEarlyEnough = !state.Marks.HasFlag(HeightMarks.BlockDelayOver);
        foreach (BlockEntry block in state.Blocks)
        {
            if (block is not { Seal: not null, IsAdmitted: true } || !IsJudged(state, block)) continue;
            if (!isEarlyEnough && !IsBackedByHonest(state, block.Hash)) continue;

            VoteRules.Cast(ref turn, VoteClass.Prepare, 0, block.Hash);
            return;
        }
    }

    /// <summary>L9.1: an invalid block under the proposer's own seal is a reason to wish for round 1.</summary>
    public static void JudgeIllicit(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.Phase != Phase.Idle || state.Marks.HasFlag(HeightMarks.Illicit)) return;

        foreach (BlockEntry block in state.Blocks)
        {
            if (block is not { Seal: not null, IsAdmitted: true, Stage: BlockStage.Invalid }) continue;

            turn.State = state with { Marks = state.Marks | HeightMarks.Illicit };
            WishRules.Raise(ref turn, 1);
            return;
        }
    }

    /// <summary>L9.3: hands the block on once to members from which neither it nor a vote for it came.</summary>
    public static void Forward(ref Turn turn, Hash256 hash)
    {
        LbftState state = turn.State;
        if (state.Block(hash) is not { } block) return;

        SeatSet others = state.Peers.Except(block.Holders);
        if (state.VotesIn(0) is { } votes)
            foreach (Seat seat in others)
                if (votes.Prepares[seat.Index]?.Statement.Hash == hash || votes.Commits[seat.Index]?.Statement.Hash == hash)
                    others = others.Without(seat);
        if (!others.IsEmpty) turn.Do(new LbftEffect.ForwardProposal(others, hash));
    }

    private static bool IsBackedByHonest(LbftState state, Hash256 hash) =>
        Tally.Count(state, VoteClass.Prepare, 0, hash) >= state.Committee.WeakQuorum;

    private static bool IsJudged(LbftState state, BlockEntry block) =>
        block.Stage == BlockStage.Executed
        || (block.Stage == BlockStage.Executing && state.Rules.PreparesUnexecuted);

    private static BlockEntry? FirstSealed(LbftState state)
    {
        foreach (BlockEntry block in state.Blocks)
            if (block.Seal is not null) return block;
        return null;
    }

    private static int CountSealed(LbftState state)
    {
        int count = 0;
        foreach (BlockEntry block in state.Blocks)
            if (block.Seal is not null) count++;
        return count;
    }
}
