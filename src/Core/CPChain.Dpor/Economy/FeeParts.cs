using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>The fees of a block, divided (D11.2). The parts are the whole, to the unit.</summary>
/// <param name="Proposer">The coinbase's, with what rounding leaves.</param>
/// <param name="EachValidator">Of each member of V(n).</param>
/// <param name="Foundation">The Foundation's.</param>
/// <param name="Reserve">The reserve's.</param>
public readonly record struct FeeParts(UInt256 Proposer, UInt256 EachValidator, UInt256 Foundation, UInt256 Reserve)
{
    /// <summary>Divides the fees of a block with so many validators, 1 or more.</summary>
    public static FeeParts Of(FeeShares shares, in UInt256 fees, int validators)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(validators);
        UInt256 foundation = PerMille(fees, shares.Foundation);
        UInt256 reserve = PerMille(fees, shares.Reserve);
        UInt256 each = PerMille(fees, shares.Validators) / (UInt256)validators;
        return new FeeParts(fees - foundation - reserve - each * (ulong)validators, each, foundation, reserve);
    }

    /// <summary>What the sender of a transaction with this fee has lost for good (D4.2).</summary>
    public static UInt256 Lost(FeeShares shares, in UInt256 fee) => PerMille(fee, shares.Lost);

    private static UInt256 PerMille(in UInt256 amount, int share) => amount * (ulong)share / 1000UL;
}
