using CPChain.Lbft.Blocks;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Lbft.Resending;

/// <summary>What is said again every rho, so that no single message matters (L15).</summary>
internal static class ResendRules
{
    public static void Tick(ref Turn turn)
    {
        turn.Members = turn.Members with { Answered = SeatSet.Empty, Asked = SeatSet.Empty };
        turn.StartTimer(TimerKind.Resend, turn.State.Parameters.ResendMs);
        if (turn.State.Inquiry is { } inquiry) turn.Do(new LbftEffect.QueryHeads(inquiry.Nonce)); // L18
        if (turn.State.Stage is not (HeightStage.Open or HeightStage.Decided)) return;

        foreach (BlockEntry block in turn.State.Blocks)
            if (block.Stage == BlockStage.Wanted) BodyRules.Request(ref turn, block.Hash); // L16
        if (turn.State.Stage != HeightStage.Open || !turn.State.CanSpeak) return;

        Wish(ref turn);
        Votes(ref turn);
        Coordination(ref turn);
        HighCertificate(ref turn);
    }

    // The own wish goes to those not known to share it: more generous than "while wish > r", and it carries hc again.
    private static void Wish(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.OwnWish is not { } wish) return;

        SeatSet behind = SeatSet.Empty;
        foreach (Seat peer in state.Peers)
            if (state.MaxWishes[peer.Index] < wish.Statement.Round || state.Wish > state.Round) behind = behind.With(peer);
        turn.Send(behind, wish, state.High);
    }

    private static void Votes(ref Turn turn)
    {
        LbftState state = turn.State;
        int lower = Statement.NoRound;
        foreach (OwnRound own in state.Own)
            if (own.Round < state.Round && (own.Prepare ?? own.Commit) is not null) lower = own.Round;

        foreach (OwnRound own in state.Own)
        {
            if (own.Round != state.Round && own.Round != lower) continue;
            if (own.Prepare?.Signed is { } prepare) VoteRules.Send(ref turn, prepare);
            if (own.Commit?.Signed is { } commit) VoteRules.Send(ref turn, commit);
        }
    }

    private static void Coordination(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.Round < 2) return;

        Seat coordinator = state.Facts.CoordinatorOf(state.Round);
        bool isLed = state.Proposes is [{ Propose.Statement.Round: var round }, ..] && round == state.Round;
        if (state.OwnStatus is { } status && !isLed)
            turn.Send(SeatSet.Of(coordinator), status, state.Entry);

        OwnRound own = state.OwnIn(state.Round);
        if (own.Propose?.Signed is { } propose)
            turn.Send(
                state.Peers.Except(VoteRules.Voters(state, VoteClass.Prepare, state.Round)), propose, own.ProposeBacking);
    }

    private static void HighCertificate(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.High is not { } high) return;

        SeatSet uninformed = state.Peers.Except(state.Members.HighSentTo);
        if (uninformed.IsEmpty) return;

        turn.Members = turn.Members with { HighSentTo = turn.Members.HighSentTo.Union(uninformed) };
        turn.Do(new LbftEffect.Send(uninformed, new LbftMessage.Cert(high)));
    }
}
