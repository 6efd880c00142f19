using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>What an account is worth at a checkpoint (D6), and what it is made of.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Balance">AB, 0 to 100 points.</param>
/// <param name="Transactions">TX.</param>
/// <param name="Proxy">PR.</param>
/// <param name="Data">DC.</param>
/// <param name="Maintenance">BM.</param>
/// <param name="Rpt">The weighted sum, 0 to 10,000 (D6.3).</param>
/// <param name="Lasting">Balance and maintenance, weighted, without floor.</param>
/// <param name="Activity">Transactions, data and proxy, weighted.</param>
/// <param name="Spent">Lost for good in fees over the window, base units.</param>
/// <param name="Impeached">Impeached slots in the penalty window.</param>
public sealed record ReputationScore(
    Address Account,
    int Balance,
    int Transactions,
    int Proxy,
    int Data,
    int Maintenance,
    int Rpt,
    int Lasting,
    int Activity,
    UInt256 Spent,
    int Impeached)
{
    /// <summary>Base times factor (D6.4, D6.5): what groups are made by, and h is compared with.</summary>
    public int Standing(DporParameters parameters) => Punished(parameters, Math.Max(parameters.WeightFloor, Lasting));

    /// <summary>Weight in a draw at a price of activity (D6.6); a price of zero bounds nothing.</summary>
    public int Weight(DporParameters parameters, in UInt256 price)
    {
        ulong paid = price.IsZero ? ulong.MaxValue : (Spent / price).ToUlongSaturating();
        int counted = (int)Math.Min((ulong)Activity, paid);
        return Punished(parameters, Math.Max(parameters.WeightFloor, Lasting + counted));
    }

    private int Punished(DporParameters parameters, int weight) =>
        weight * (parameters.PenaltyLimit - Math.Min(Impeached, parameters.PenaltyLimit)) / parameters.PenaltyLimit;
}
