using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Synchroniser;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Coordinator;

/// <summary>Rounds from 2 on: STATUS to the coordinator, its PROPOSE, and who accepts it (L14).</summary>
internal static class CoordinatorRules
{
    /// <summary>L14.1, and the start of the coordinator's wait (L14.2).</summary>
    public static void Begin(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.Facts.Self is { } self && state.CanSpeak)
        {
            if (self == state.Facts.CoordinatorOf(state.Round))
            {
                HeightMarks waited = state.Rules.CoordinatorDoesNotWait ? HeightMarks.CoordinatorWaited : HeightMarks.None;
                turn.State = state with
                {
                    Members = state.Members with { StatusFrom = state.Members.StatusFrom.With(self) },
                    Marks = state.Marks | waited,
                };
                turn.StartTimer(TimerKind.Coordinator, state.Parameters.RoundMs(state.Round) / 2);
                TryPropose(ref turn);
            }
            else
            {
                Certificate? entry = state.Entry;
                turn.Sign(new Statement(
                    StatementKind.Status, state.Height, state.Round,
                    entry?.Hash ?? Hash256.Zero, entry?.Round ?? Statement.NoRound));
            }
        }

        TryAccept(ref turn);
    }

    public static void StatusSigned(ref Turn turn, SignedStatement own)
    {
        LbftState state = turn.State;
        if (own.Statement.Height != state.Height || own.Statement.Round != state.Round) return;

        turn.State = state with { OwnStatus = own };
        turn.Send(SeatSet.Of(state.Facts.CoordinatorOf(state.Round)), own, state.Entry);
    }

    public static void StatusReceived(ref Turn turn, LbftEvent.StatusReceived e)
    {
        if (e.Entry is { } entry) CertificateRules.Learn(ref turn, entry, e.Sender);
        WishRules.Note(ref turn, e.Sender, e.Status.Statement.Round);
        LbftState state = turn.State;
        if (state.Stage != HeightStage.Open || e.Status.Statement.Round != state.Round) return;
        if (state.Facts.Self != state.Facts.CoordinatorOf(state.Round)) return;

        turn.Members = turn.Members with { StatusFrom = turn.Members.StatusFrom.With(e.Sender) };
        TryPropose(ref turn);
    }

    /// <summary>L14.2: half the round is over.</summary>
    public static void WaitOver(ref Turn turn)
    {
        turn.State = turn.State with { Marks = turn.State.Marks | HeightMarks.CoordinatorWaited };
        TryPropose(ref turn);
    }

    /// <summary>L14.3, L24: one PROPOSE per round in [r, r+W], from the round's coordinator only.</summary>
    public static void ProposeReceived(ref Turn turn, LbftEvent.ProposeReceived e)
    {
        Statement said = e.Propose.Statement;
        if (e.Sender != turn.State.Facts.CoordinatorOf(said.Round)) return;

        if (e.Backing is { } backing) CertificateRules.Learn(ref turn, backing, e.Sender);
        WishRules.Note(ref turn, e.Sender, said.Round);
        LbftState state = turn.State;
        if (state.Stage != HeightStage.Open) return;
        if (said.Round < state.Round || said.Round > (long)state.Round + state.Parameters.RoundWindow) return;

        int index = 0;
        while (index < state.Proposes.Length && state.Proposes[index].Propose.Statement.Round < said.Round) index++;
        if (index < state.Proposes.Length && state.Proposes[index].Propose.Statement.Round == said.Round)
        {
            MisconductWatch.ProposeSeen(ref turn, e.Sender, state.Proposes[index].Propose, e.Propose);
            return;
        }

        turn.State = state with { Proposes = state.Proposes.Insert(index, e) };
        TryAccept(ref turn);
    }

    /// <summary>The own PROPOSE is signed: keep it, send it, and judge it like anybody's.</summary>
    public static void ProposeSigned(ref Turn turn, SignedStatement own)
    {
        LbftState state = turn.State;
        OwnRound round = state.OwnIn(own.Statement.Round);
        if (own.Statement.Height != state.Height
            || round.Propose is not { Signature: null } intended
            || intended.Statement != own.Statement
            || state.Facts.Self is not { } self)
            return;

        turn.SetOwn(round with { Propose = intended with { Signature = own.Signature } });
        turn.Record(new JournalRecord.StatementSigned(own));
        turn.Send(state.Peers, own, round.ProposeBacking);
        ProposeReceived(ref turn, new LbftEvent.ProposeReceived(self, own, round.ProposeBacking));
    }

    /// <summary>PROPOSEs that are still of use from this round on.</summary>
    public static ValueArray<LbftEvent.ProposeReceived> ProposesFrom(LbftState state, int round)
    {
        ValueArray<LbftEvent.ProposeReceived> kept = ValueArray<LbftEvent.ProposeReceived>.Empty;
        foreach (LbftEvent.ProposeReceived propose in state.Proposes)
            if (propose.Propose.Statement.Round >= round) kept = kept.Add(propose);
        return kept;
    }

    // L14.2: one per round, journalled before it is signed; the certificate is chosen now, not on entry.
    private static void TryPropose(ref Turn turn)
    {
        LbftState state = turn.State;
        OwnRound own = state.OwnIn(state.Round);
        bool isReady = state.Marks.HasFlag(HeightMarks.CoordinatorWaited)
            || state.Members.StatusFrom.Count == state.Committee.Validators;
        if (!isReady || !state.CanVote || own.Propose is not null) return;
        if (state.Round < 2 || state.Facts.Self != state.Facts.CoordinatorOf(state.Round)) return;

        Certificate? backing = state.HighestPreparedBelow(state.Round);
        Statement propose = new(
            StatementKind.Propose, state.Height, state.Round,
            backing?.Hash ?? state.Facts.ImpeachHash, backing?.Round ?? Statement.NoRound);
        turn.SetOwn(own with { Propose = new OwnStatement(propose), ProposeBacking = backing });
        turn.Record(new JournalRecord.ProposeIntended(propose, backing));
        turn.Sign(propose);
    }

    // L14.3, L14.4
    private static void TryAccept(ref Turn turn)
    {
        LbftState state = turn.State;
        if (!state.CanVote || !state.MayPrepare) return;
        if (state.Proposes.IsEmpty || state.Proposes[0].Propose.Statement.Round != state.Round) return;

        Statement propose = state.Proposes[0].Propose.Statement;
        if (!IsWellFormed(state, propose, state.Proposes[0].Backing)) return;

        // Frozen at entry: a certificate learned inside the round plays no part (F8).
        Certificate? entry = state.Rules.EntryFollowsHighest ? state.HighestPreparedBelow(state.Round) : state.Entry;
        bool accepted = entry is null
            || propose.ValidRound >= entry.Round
            || propose.Hash == entry.Hash
            || state.Rules.AcceptsAnyPropose
            || (propose.ValidRound >= 0 && state.Rules.AcceptsStaleCertificate);
        if (!accepted) return;

        // The voter signs its own justification, so that no honest validator can look guilty (F13).
        bool isOwn = entry is not null && propose.Hash == entry.Hash && !state.Rules.SignsProposedJustification;
        int validRound = isOwn
            ? Math.Max(entry!.Round, propose.ValidRound)
            : propose.ValidRound;
        VoteRules.Cast(ref turn, VoteClass.Prepare, state.Round, propose.Hash, validRound);
    }

    private static bool IsWellFormed(LbftState state, in Statement propose, Certificate? backing)
    {
        if (propose.ValidRound == Statement.NoRound) return propose.Hash == state.Facts.ImpeachHash && backing is null;

        Certificate? certificate = backing ?? state.PreparedIn(propose.ValidRound);
        return certificate is { Class: VoteClass.Prepare }
            && certificate.Height == propose.Height
            && certificate.Round == propose.ValidRound
            && certificate.Hash == propose.Hash;
    }
}
