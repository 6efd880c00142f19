using CPChain.Lbft.Journal;

namespace CPChain.Lbft.Certificates;

/// <summary>L20: what must never be seen stops this validator; nothing is reorganised.</summary>
internal static class AlarmRules
{
    public static void Halt(ref Turn turn, AlarmReason reason, Certificate first, Certificate? second)
    {
        turn.State = turn.State with { Stage = HeightStage.Halted };
        turn.Record(new JournalRecord.Halted(turn.State.Height));
        turn.Do(new LbftEffect.Alarm(reason, first, second));
    }
}
