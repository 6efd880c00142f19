using CPChain.Lbft.Blocks;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Synchroniser;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Lbft.Certificates;

/// <summary>What a certificate of the open height does, however it was learned (L10, L11, L20).</summary>
internal static class CertificateRules
{
    /// <summary>Takes a valid certificate of this height; one for I_h of round 0 is none (L4.3).</summary>
    public static void Learn(ref Turn turn, Certificate certificate, Seat? from)
    {
        LbftState state = turn.State;
        if (certificate.Height != state.Height || state.Stage == HeightStage.Halted) return;
        if (certificate.Round == 0 && certificate.Hash == state.Facts.ImpeachHash) return;

        Certificate? known = certificate.Class == VoteClass.Commit ? state.Decision : state.PreparedIn(certificate.Round);
        if (known is null || known.Hash != certificate.Hash || known.Round != certificate.Round)
            MisconductWatch.CertificateSeen(ref turn, certificate); // L22.2
        if (certificate.Class == VoteClass.Commit) Decide(ref turn, certificate);
        else if (state.Stage == HeightStage.Open) Prepared(ref turn, certificate, from);
    }

    /// <summary>L11, and L20 for a second value.</summary>
    public static void Decide(ref Turn turn, Certificate certificate)
    {
        if (turn.State.Decision is { } decision)
        {
            if (decision.Hash != certificate.Hash)
                AlarmRules.Halt(ref turn, AlarmReason.TwoDecisionsAtOneHeight, decision, certificate);
            return;
        }

        turn.State = turn.State with { Decision = certificate, Stage = HeightStage.Decided };
        turn.Do(new LbftEffect.KeepCertificate(certificate));
        BodyRules.Want(ref turn, certificate.Hash);
        TryFinalize(ref turn);
    }

    /// <summary>L11: a decided and executed block is handed over and announced once.</summary>
    public static void TryFinalize(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.Stage != HeightStage.Decided || state.Decision is not { } decision) return;

        if (state.Block(decision.Hash) is { Stage: BlockStage.Invalid })
        {
            AlarmRules.Halt(ref turn, AlarmReason.CertifiedBlockFailsExecution, decision, null);
            return;
        }

        if (!state.IsExecuted(decision.Hash)) return;

        turn.State = state with { Stage = HeightStage.Final };
        turn.Do(new LbftEffect.Finalize(decision));
        turn.Do(new LbftEffect.Announce(decision));
    }

    /// <summary>
    /// L10.2: COMMIT or IMPEACH-COMMIT for the value certified in the own round, once it is executed here.
    /// </summary>
    public static void TryCommit(ref Turn turn, int round)
    {
        LbftState state = turn.State;
        if (!state.CanVote
            || state.OwnIn(round).Commit is not null
            || state.PreparedIn(round) is not { } certificate
            || !state.IsExecuted(certificate.Hash))
            return;

        VoteRules.Cast(ref turn, VoteClass.Commit, round, certificate.Hash);
    }

    // L10.1
    private static void Prepared(ref Turn turn, Certificate certificate, Seat? from)
    {
        LbftState state = turn.State;
        if (state.PreparedIn(certificate.Round) is { } known)
        {
            if (known.Hash != certificate.Hash)
                AlarmRules.Halt(ref turn, AlarmReason.TwoPrepareCertificatesInOneRound, known, certificate);
            else if (known.Round == state.High!.Round)
                turn.Members = turn.Members with { HighSentTo = turn.Members.HighSentTo.With(from) };
            return;
        }

        if (state.Block(certificate.Hash) is { Stage: BlockStage.Invalid })
        {
            AlarmRules.Halt(ref turn, AlarmReason.CertifiedBlockFailsExecution, certificate, null);
            return;
        }

        int index = 0;
        while (index < state.Prepared.Length && state.Prepared[index].Round < certificate.Round) index++;
        turn.State = state with { Prepared = state.Prepared.Insert(index, certificate) };
        if (index == state.Prepared.Length)
        {
            turn.Members = turn.Members with { HighSentTo = SeatSet.Empty.With(from) };
            turn.Record(new JournalRecord.HighCertificate(certificate));
        }

        BodyRules.Want(ref turn, certificate.Hash); // L16
        if (certificate.Round > turn.State.Round) RoundRules.Enter(ref turn, certificate.Round); // L12.4
        else if (certificate.Round == turn.State.Round || state.Rules.CommitsInLowerRound) TryCommit(ref turn, certificate.Round);
    }
}
