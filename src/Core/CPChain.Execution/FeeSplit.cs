using CPChain.Types;

namespace CPChain.Execution;

/// <summary>
/// Who gets the fee of a transaction (rule C15). Nothing is burned: the sum of all balances never changes, so the whole
/// fee, base part included, goes to the proposer.
/// </summary>
public static class FeeSplit
{
    /// <summary>The proposer's share for this much gas at this price, base units.</summary>
    public static UInt256 ToCoinbase(ulong gasUsed, in UInt256 pricePerGas) => pricePerGas * gasUsed;

    /// <summary>Who gets the coins that Ethereum burns with a contract destroyed in its creating transaction; null where they are burned.</summary>
    internal static Address? HeirOfDestroyed(ChainRules rules, in Address coinbase) => rules.BurnsBaseFee ? null : coinbase;
}
