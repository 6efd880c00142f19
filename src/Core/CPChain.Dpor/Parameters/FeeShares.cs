namespace CPChain.Dpor;

/// <summary>Who gets the fees of a block, per mille; together 1,000 (D11.2).</summary>
/// <param name="Proposer">The coinbase's, which also gets what rounding leaves.</param>
/// <param name="Validators">The validators', alike.</param>
/// <param name="Foundation">The Foundation's.</param>
/// <param name="Reserve">The reserve's.</param>
public sealed record FeeShares(int Proposer, int Validators, int Foundation, int Reserve)
{
    /// <summary>70 % proposer and validators, 20 % Foundation, 10 % reserve.</summary>
    public static FeeShares Default { get; } = new(600, 100, 200, 100);

    /// <summary>What a sender has lost for good of its fee, per mille: Foundation and reserve (D4.2).</summary>
    public int Lost => Foundation + Reserve;

    internal string? Fault()
    {
        int[] all = [Proposer, Validators, Foundation, Reserve];
        return all.Any(static share => share is < 0 or > 1000) || all.Sum() != 1000
            ? "four shares from 0 to 1000 that are 1000 together" : null;
    }
}
