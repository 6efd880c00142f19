using CPChain.Lbft.Certificates;
using CPChain.Lbft.Coordinator;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Lbft.Synchroniser;

/// <summary>Entering a round (L12.4) and the leaderless round 1 (L13).</summary>
internal static class RoundRules
{
    /// <summary>L12.4: the round and its entry certificate are durable before anything is said in it.</summary>
    public static void Enter(ref Turn turn, int round)
    {
        LbftState state = turn.State;
        turn.State = state with
        {
            Round = round,
            Entry = state.HighestPreparedBelow(round),
            Wish = Math.Max(state.Wish, round),
            Members = state.Members with { StatusFrom = SeatSet.Empty },
            OwnStatus = null,
            Marks = state.Marks & ~HeightMarks.CoordinatorWaited,
            Proposes = CoordinatorRules.ProposesFrom(state, round),
        };
        turn.Record(new JournalRecord.RoundEntered(state.Height, round, turn.State.Entry));
        Begin(ref turn);
    }

    /// <summary>
    /// Starts the timers of the current round and says what is due in it; again after a restart (L17.2).
    /// </summary>
    public static void Begin(ref Turn turn)
    {
        LbftState state = turn.State;
        turn.StartTimer(TimerKind.Round, state.Parameters.RoundMs(state.Round));
        if (state.PreparedIn(state.Round) is not null) CertificateRules.TryCommit(ref turn, state.Round);
        else if (state.Round == 1) VoteInRoundOne(ref turn);
        else CoordinatorRules.Begin(ref turn);
    }

    // L13: the certificate known on entry stands for f+1 honest executions, so the body is not needed.
    private static void VoteInRoundOne(ref Turn turn)
    {
        LbftState state = turn.State;
        if (!state.CanVote || !state.MayPrepare) return;

        Certificate? entry = state.Rules.RoundOneForgetsCertificate ? null : state.Entry;
        VoteRules.Cast(
            ref turn, VoteClass.Prepare, 1, entry?.Hash ?? state.Facts.ImpeachHash, entry?.Round ?? Statement.NoRound);
    }
}
