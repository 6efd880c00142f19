using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Synchroniser;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Heights;

/// <summary>Entering a height, fresh or as the journal left it (L6, L17.2).</summary>
internal static class HeightRules
{
    public static void Enter(ref Turn turn, LbftEvent.HeightEntered e)
    {
        LbftState last = turn.State;
        if (last.Stage == HeightStage.Halted || e.Facts.Height < last.Height) return;
        if (e.Facts.Height == last.Height)
        {
            StopFollowing(ref turn, e);
            return;
        }

        turn.State = new LbftState
        {
            Parameters = last.Parameters,
            Rules = last.Rules,
            Facts = e.Facts,
            Stage = HeightStage.Open,
            MaxWishes = ValueArray<int>.Repeat(0, e.Facts.Committee.Validators),
            MuteThrough = last.MuteThrough,
            Inquiry = InquiryAt(last, e.Facts),
            Recovered = last.Recovered is { } recovered && recovered.Height > e.Facts.Height ? recovered : null,
        };
        turn.Record(new JournalRecord.HeightOpened(e.Facts.Height));
        OpenSlot(ref turn, e.WallMs);
        if (last.Recovered is { } journalled && journalled.Height == e.Facts.Height) Resume(ref turn, journalled);

        foreach (LbftEvent.FromPeer buffered in last.Buffered)
            if (buffered.Height == e.Facts.Height) LbftMachine.Apply(ref turn, buffered);
    }

    // Answers are counted by seat, hence within one set (L21).
    private static HeadInquiry? InquiryAt(LbftState last, HeightFacts facts) =>
        last.Inquiry is { } inquiry && last.Facts.SetFrom != facts.SetFrom
            ? inquiry with { Answered = SeatSet.Empty, Highest = new BlockNumber(0) }
            : last.Inquiry;

    // L19.2: the import has reached the newest height, so this node takes part from now on, with its timers granted anew.
    private static void StopFollowing(ref Turn turn, LbftEvent.HeightEntered e)
    {
        if (turn.State.Stage != HeightStage.Open || !turn.State.Facts.IsFollowing || e.Facts.IsFollowing) return;

        turn.State = turn.State with { Facts = e.Facts, Marks = turn.State.Marks & HeightMarks.Illicit };
        OpenSlot(ref turn, e.WallMs);
        foreach (OwnRound own in turn.State.Own) Again(ref turn, own);
        if (turn.State.Round > 0) RoundRules.Begin(ref turn);
        CertificateRules.TryCommit(ref turn, turn.State.Round);
        ProposalRules.Admit(ref turn, e.WallMs);
    }

    // L6: the wall clock is read once; clamped above, or a clock far behind would never time out (F6).
    private static void OpenSlot(ref Turn turn, ulong wallMs)
    {
        LbftParameters times = turn.State.Parameters;
        ulong opensAtMs = turn.State.Facts.ParentTimeMs + (ulong)times.PeriodMs;
        long longestMs = (long)times.PeriodMs + times.TimeoutMs + times.DriftMs;
        long slotMs = opensAtMs <= wallMs ? 0 : (long)Math.Min(opensAtMs - wallMs, (ulong)longestMs);
        if (slotMs <= times.DriftMs) turn.State = turn.State with { Marks = turn.State.Marks | HeightMarks.SlotOpen };
        else turn.StartTimer(TimerKind.Slot, slotMs - times.DriftMs);
        turn.StartTimer(TimerKind.BlockDelay, slotMs + times.BlockDelayMs);
        turn.StartTimer(TimerKind.Round, slotMs + times.TimeoutMs); // T0
        turn.StartTimer(TimerKind.Resend, times.ResendMs);
    }

    // L17.2: same round, same certificates, same votes; L6 grants the timers anew.
    private static void Resume(ref Turn turn, RecoveredHeight journal)
    {
        turn.State = turn.State with
        {
            Round = journal.Round,
            Wish = journal.Round,
            Entry = journal.Entry,
            Prepared = PreparedOf(journal),
            Own = journal.Own,
        };
        foreach (OwnRound own in journal.Own) Again(ref turn, own);

        if (journal.High is { } high) BodyRules.Want(ref turn, high.Hash);
        if (journal.Round > 0) RoundRules.Begin(ref turn);
    }

    private static void Again(ref Turn turn, OwnRound own)
    {
        Again(ref turn, own.Prepare);
        Again(ref turn, own.Commit);
        if (own.Propose?.Signed is { } proposed) turn.Send(turn.State.Peers, proposed, own.ProposeBacking);
        else if (own.Propose is { } intended && own.Round == turn.State.Round && turn.State.CanVote) turn.Sign(intended.Statement);
    }

    private static void Again(ref Turn turn, OwnStatement? own)
    {
        if (own is null) return;

        // The body was made durable before the vote; the host finds it in its own store.
        BodyRules.Want(ref turn, own.Statement.Hash);
        if (own.Signed is { } signed)
        {
            VoteRules.Send(ref turn, signed);
            if (turn.State.Facts.Self is { } self) VoteRules.Collect(ref turn, self, signed);
        }
        else if (own.Statement.Round == turn.State.Round && turn.State.CanVote)
        {
            turn.Sign(own.Statement);
        }
    }

    private static ValueArray<Certificate> PreparedOf(RecoveredHeight journal) => (journal.Entry, journal.High) switch
    {
        ({ } entry, { } high) when entry.Round < high.Round => ValueArray<Certificate>.Of(entry, high),
        (_, { } high) => ValueArray<Certificate>.Of(high),
        ({ } entry, null) => ValueArray<Certificate>.Of(entry),
        _ => default,
    };
}
