using CPChain.Lbft.Blocks;
using CPChain.Lbft.CatchUp;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Coordinator;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Heights;
using CPChain.Lbft.Resending;
using CPChain.Lbft.Synchroniser;
using CPChain.Lbft.Votes;
using static CPChain.Lbft.LbftEvent;

namespace CPChain.Lbft;

/// <summary>The whole protocol: no clock, no I/O, no randomness. Equal inputs give equal outputs.</summary>
public static class LbftMachine
{
    /// <summary>What a validator in this state does on this event.</summary>
    public static Transition Step(LbftState state, LbftEvent input)
    {
        Turn turn = new(state);
        Apply(ref turn, input);
        return turn.End();
    }

    // The rule number at each arm is where to read on in specs/lbft/lbft.md; L25 is this table.
    internal static void Apply(ref Turn turn, LbftEvent input)
    {
        LbftState state = turn.State;
        switch (state.Phase, input)
        {
            // In every phase.
            case (_, HeightEntered e): HeightRules.Enter(ref turn, e); break; // L6, L17.2
            case (_, JournalLost e): MuteRules.Begin(ref turn, e); break; // L18
            case (_, HeadReceived e): MuteRules.Hear(ref turn, e); break; // L18
            case (Phase.Halted, _): break; // L20: stop voting; the host goes on serving
            case (_, ForkSeen e): Fork(ref turn, e); break; // L20, L22.3

            // Other heights.
            case (_, FromPeer e) when e.Height < state.Height: CatchUpRules.Answer(ref turn, e); break; // L19.1
            case (_, FromPeer e) when e.Height > state.Height: CatchUpRules.LookAhead(ref turn, e); break; // L19.1
            case (_, TimerExpired e) when e.Height != state.Height: break; // stale
            case (_, BlockExecuted e) when e.Height != state.Height: break; // stale

            // Certificates decide or lock in whatever phase (L10, L11, L20).
            case (_, CertificateReceived e): Certify(ref turn, e); break;

            // After the decision.
            case (_, TimerExpired { Kind: TimerKind.Resend }): ResendRules.Tick(ref turn); break; // L15
            case (Phase.Decided, BlockExecuted e): BodyRules.Executed(ref turn, e); break; // L11
            case (Phase.Decided, BodyReceived e): BodyRules.Received(ref turn, e.Hash, e.From); break; // L16
            case (Phase.Decided, ProposalReceived e): BodyRules.Received(ref turn, e.Hash, e.From); break; // L16
            case (Phase.Decided or Phase.Final, FromPeer e): CatchUpRules.Answer(ref turn, e); break; // L11, L19.1
            case (Phase.Decided or Phase.Final, _): break; // no vote and no wish at h any more

            // Round 0.
            case (Phase.Idle, ProposalReceived e): ProposalRules.Consider(ref turn, e); break; // L9
            case (Phase.Idle, TimerExpired { Kind: TimerKind.Slot } e): OpenSlot(ref turn, e); break; // L7.2
            case (Phase.Idle, TimerExpired { Kind: TimerKind.Admission } e): ProposalRules.Admit(ref turn, e.WallMs); break; // L7.2
            case (_, ProposalReceived e): ProposalRules.Keep(ref turn, e); break; // L25: body or evidence only
            case (_, TimerExpired { Kind: TimerKind.Slot } e): OpenSlot(ref turn, e); break;
            case (_, TimerExpired { Kind: TimerKind.Admission }): break; // the one PREPARE is past (L9.4)
            case (_, TimerExpired { Kind: TimerKind.BlockDelay }): Mark(ref turn, HeightMarks.BlockDelayOver); break; // L9.2

            // Any round.
            case (_, BodyReceived e): BodyRules.Received(ref turn, e.Hash, e.From); break; // L16
            case (_, BlockExecuted e): BodyRules.Executed(ref turn, e); break; // L9, L10.2
            case (_, VoteReceived e): VoteRules.Receive(ref turn, e); break; // L4.4
            case (_, WishReceived e): WishRules.Received(ref turn, e); break; // L12
            case (_, TimerExpired { Kind: TimerKind.Round } e) when e.Round == state.Round: WishRules.TimerExpired(ref turn); break; // L12.1
            case (_, Signed { Own: { Statement.Kind: StatementKind.Wish } own }): WishRules.Signed(ref turn, own); break; // L12.1
            case (_, Signed { Own: var own }) when own.Statement.Kind.IsVote(): VoteRules.Signed(ref turn, own); break; // L17.1

            // Rounds from 2 on.
            case (_, StatusReceived e): CoordinatorRules.StatusReceived(ref turn, e); break; // L14.1, L14.2
            case (_, ProposeReceived e): CoordinatorRules.ProposeReceived(ref turn, e); break; // L14.3, L14.4
            case (_, TimerExpired { Kind: TimerKind.Coordinator } e) when e.Round == state.Round: CoordinatorRules.WaitOver(ref turn); break; // L14.2
            case (_, Signed { Own: { Statement.Kind: StatementKind.Status } own }): CoordinatorRules.StatusSigned(ref turn, own); break; // L14.1
            case (_, Signed { Own: { Statement.Kind: StatementKind.Propose } own }): CoordinatorRules.ProposeSigned(ref turn, own); break; // L14.2

            default: break; // a timer of a round that is over, or a signature for something long said
        }
    }

    private static void Certify(ref Turn turn, CertificateReceived e)
    {
        // The host holds the block that came with VALIDATE, so it need not be asked for.
        if (e.IsBodyHeld && turn.State.Stage != HeightStage.Final) BodyRules.Hold(ref turn, e.Certificate.Hash);
        CertificateRules.Learn(ref turn, e.Certificate, e.Sender);
    }

    private static void Fork(ref Turn turn, ForkSeen e)
    {
        MisconductWatch.ForkSeen(ref turn, e.First, e.Second);
        AlarmRules.Halt(ref turn, AlarmReason.TwoDecisionsAtOneHeight, e.First, e.Second);
    }

    private static void OpenSlot(ref Turn turn, TimerExpired e)
    {
        Mark(ref turn, HeightMarks.SlotOpen);
        ProposalRules.Admit(ref turn, e.WallMs);
    }

    private static void Mark(ref Turn turn, HeightMarks mark) =>
        turn.State = turn.State with { Marks = turn.State.Marks | mark };
}
