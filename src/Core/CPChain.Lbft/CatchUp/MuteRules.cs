using CPChain.Lbft.Journal;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft.CatchUp;

/// <summary>A validator without its journal stays mute until it has outlived what it may have signed (L18).</summary>
internal static class MuteRules
{
    // If it voted at h, h-1 was final to it; f+1 honest signers of that certificate had h-2 final, and Q answers of
    // others meet one of them: the highest answer is at least h-2, and two more heights cover h.
    private const ulong MarginHeights = 2;

    public static void Begin(ref Turn turn, LbftEvent.JournalLost e)
    {
        if (turn.State.Rules.SpeaksWithoutJournal) return;

        turn.State = turn.State with
        {
            MuteThrough = new BlockNumber(ulong.MaxValue),
            Inquiry = new HeadInquiry(e.Nonce, SeatSet.Empty, new BlockNumber(0)),
        };
        turn.Do(new LbftEffect.QueryHeads(e.Nonce));
    }

    public static void Hear(ref Turn turn, LbftEvent.HeadReceived e)
    {
        LbftState state = turn.State;
        if (state.Inquiry is not { } inquiry || inquiry.Nonce != e.Nonce) return;
        // Who imports does not know yet whose answers count; who has no seat asks before its first height (L18, L21).
        if (state.Facts.IsFollowing || e.Sender == state.Facts.Self) return;

        inquiry = inquiry with
        {
            Answered = inquiry.Answered.With(e.Sender),
            Highest = e.Head > inquiry.Highest ? e.Head : inquiry.Highest,
        };
        turn.State = state with { Inquiry = inquiry };
        if (inquiry.Answered.Count < state.Committee.StrongQuorum) return;

        // What these members say bounds votes of their set only: a vote in a later one needs that one's answers.
        // The own head counts too: the certificate below the first height of a set is by the set before it.
        BlockNumber through = new(Math.Max(inquiry.Highest.Value, state.Height.Value - 1) + MarginHeights);
        if (!state.Facts.IsOfThisSet(through)) return;

        turn.State = turn.State with { MuteThrough = through, Inquiry = null };
        turn.Record(new JournalRecord.MutedThrough(through));
    }
}
