using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>The least price of gas, block by block (EIP-1559 with a floor, rule C9).</summary>
public static class BaseFee
{
    private const ulong ElasticityMultiplier = 2;
    private const ulong MaxChangeDenominator = 8;

    /// <summary>Base fee of the block after <paramref name="parent"/>, base units; never below the floor.</summary>
    public static UInt256 After(BlockHeader parent, in UInt256 floor)
    {
        ulong target = parent.GasLimit / ElasticityMultiplier;
        UInt256 fee = parent.BaseFeePerGas;
        if (target == 0 || parent.GasUsed == target)
            return UInt256.Max(fee, floor);
        if (parent.GasUsed > target)
        {
            UInt256 rise = fee * (parent.GasUsed - target) / target / MaxChangeDenominator;
            return UInt256.Max(fee + UInt256.Max(rise, UInt256.One), floor);
        }
        UInt256 fall = fee * (target - parent.GasUsed) / target / MaxChangeDenominator;
        return UInt256.Max(fee - fall, floor);
    }

    /// <summary>What a sender pays per gas: base fee and tip, under its cap. The cap must cover the base fee.</summary>
    public static UInt256 EffectivePrice(UnsignedTransaction transaction, in UInt256 baseFee)
    {
        UInt256 room = transaction.MaxFeePerGas - baseFee;
        return baseFee + UInt256.Min(room, transaction.MaxPriorityFeePerGas);
    }
}
