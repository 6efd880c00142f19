using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft.Journal;

/// <summary>The durable part of L5 for the highest height in the journal, as a restart finds it.</summary>
public sealed record RecoveredHeight(
    BlockNumber Height, int Round, Certificate? Entry, Certificate? High, ValueArray<OwnRound> Own);
