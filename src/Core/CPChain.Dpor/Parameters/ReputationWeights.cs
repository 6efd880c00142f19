namespace CPChain.Dpor;

/// <summary>What the five dimensions count, in per cent; together 100 (D6.3, DPR-07).</summary>
/// <param name="Balance">AB.</param>
/// <param name="Transactions">TX.</param>
/// <param name="Proxy">PR.</param>
/// <param name="Data">DC.</param>
/// <param name="Maintenance">BM.</param>
public sealed record ReputationWeights(int Balance, int Transactions, int Proxy, int Data, int Maintenance)
{
    /// <summary>50, 15, 10, 15, 10, as the white paper 2.0 has them (5.1.2).</summary>
    public static ReputationWeights Paper { get; } = new(50, 15, 10, 15, 10);

    internal string? Fault()
    {
        int[] all = [Balance, Transactions, Proxy, Data, Maintenance];
        return all.Any(static weight => weight is < 0 or > 100) || all.Sum() != 100
            ? "five weights from 0 to 100 that are 100 together" : null;
    }
}
