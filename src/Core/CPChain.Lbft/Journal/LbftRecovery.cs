using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft.Journal;

/// <summary>
/// Builds the state of a restarted validator from its journal (L17.2); it acts when its height is entered.
/// </summary>
public static class LbftRecovery
{
    /// <param name="parameters">The times of the chain.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="head">The final block of the ledger.</param>
    /// <param name="records">The journal's records in order. The journal is trusted: it was checked when it was read.</param>
    public static LbftState Restore(
        LbftParameters parameters, LbftRules rules, BlockNumber head, IEnumerable<JournalRecord> records)
    {
        RecoveredHeight? height = null;
        BlockNumber muteThrough = new(0);
        bool isHalted = false;
        foreach (JournalRecord record in records)
        {
            if (HeightOf(record) is { } number && (height is null || number > height.Height))
                height = new RecoveredHeight(number, 0, null, null, default);

            switch (record)
            {
                case JournalRecord.RoundEntered e when e.Height == height!.Height:
                    height = height with { Round = e.Round, Entry = e.Entry };
                    break;
                case JournalRecord.HighCertificate { Certificate: var high } when high.Height == height!.Height:
                    height = height with { High = high };
                    break;
                case JournalRecord.VoteIntended { Vote: var vote } when vote.Height == height!.Height:
                    height = height with { Own = WithVote(height.Own, new OwnStatement(vote)) };
                    break;
                case JournalRecord.ProposeIntended e when e.Propose.Height == height!.Height:
                    height = height with { Own = WithPropose(height.Own, new OwnStatement(e.Propose), e.Backing) };
                    break;
                case JournalRecord.StatementSigned { Own: var own } when own.Statement.Height == height!.Height:
                    height = height with { Own = WithSignature(height.Own, own) };
                    break;
                case JournalRecord.MutedThrough e when e.Height > muteThrough:
                    muteThrough = e.Height;
                    break;
                case JournalRecord.Halted:
                    isHalted = true;
                    break;
            }
        }

        return LbftState.Create(parameters, rules, head) with
        {
            MuteThrough = muteThrough,
            Recovered = height is not null && height.Height > head ? height : null,
            Stage = isHalted ? HeightStage.Halted : HeightStage.Final,
        };
    }

    private static BlockNumber? HeightOf(JournalRecord record) => record switch
    {
        JournalRecord.HeightOpened e => e.Height,
        JournalRecord.RoundEntered e => e.Height,
        JournalRecord.HighCertificate e => e.Certificate.Height,
        JournalRecord.VoteIntended e => e.Vote.Height,
        JournalRecord.ProposeIntended e => e.Propose.Height,
        JournalRecord.StatementSigned e => e.Own.Statement.Height,
        _ => null,
    };

    private static ValueArray<OwnRound> WithVote(ValueArray<OwnRound> own, OwnStatement vote) =>
        With(own, vote.Statement.Round, round => vote.Statement.Class == Votes.VoteClass.Prepare
            ? round with { Prepare = vote }
            : round with { Commit = vote });

    private static ValueArray<OwnRound> WithPropose(ValueArray<OwnRound> own, OwnStatement propose, Certificate? backing) =>
        With(own, propose.Statement.Round, round => round with { Propose = propose, ProposeBacking = backing });

    private static ValueArray<OwnRound> WithSignature(ValueArray<OwnRound> own, Votes.SignedStatement signed) =>
        With(own, signed.Statement.Round, round => round with
        {
            Prepare = Sign(round.Prepare, signed),
            Commit = Sign(round.Commit, signed),
            Propose = Sign(round.Propose, signed),
        });

    private static OwnStatement? Sign(OwnStatement? own, Votes.SignedStatement signed) =>
        own is not null && own.Statement == signed.Statement ? own with { Signature = signed.Signature } : own;

    private static ValueArray<OwnRound> With(ValueArray<OwnRound> own, int round, Func<OwnRound, OwnRound> change)
    {
        int index = 0;
        while (index < own.Length && own[index].Round < round) index++;
        return index < own.Length && own[index].Round == round
            ? own.With(index, change(own[index]))
            : own.Insert(index, change(OwnRound.None(round)));
    }
}
