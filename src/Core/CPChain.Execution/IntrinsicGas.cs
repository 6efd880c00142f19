using CPChain.Chain;
using CPChain.Evm;

namespace CPChain.Execution;

/// <summary>Gas that a transaction costs before any code runs, and the least it costs at all (rule C13).</summary>
/// <param name="Standard">Base, data, init code, access list, authorisations (EIP-2028, 2930, 3860, 7702).</param>
/// <param name="Floor">21,000 and 10 for each data token (EIP-7623).</param>
public readonly record struct IntrinsicGas(ulong Standard, ulong Floor)
{
    /// <summary>Bytes of init code, at most (EIP-3860).</summary>
    public const int InitCodeBytesMax = 49_152;

    private const ulong Base = 21_000;
    private const ulong Creation = 32_000;
    private const ulong PerToken = 4;
    private const ulong FloorPerToken = 10;
    private const ulong TokensPerNonZeroByte = 4;
    private const ulong TokensPerNonZeroByteByzantium = 17;
    private const ulong PerInitCodeWord = 2;
    private const ulong PerListedAccount = 2_400;
    private const ulong PerListedSlot = 1_900;
    private const ulong PerAuthorization = 25_000;

    /// <summary>What a sender must buy at least.</summary>
    public ulong Least => Math.Max(Standard, Floor);

    /// <summary>Counts a transaction's intrinsic gas under the rules of this chain.</summary>
    public static IntrinsicGas Of(UnsignedTransaction transaction) => Of(transaction, EvmRules.Osaka);

    /// <summary>Counts a transaction's intrinsic gas under the rules of a fork.</summary>
    public static IntrinsicGas Of(UnsignedTransaction transaction, EvmRules rules)
    {
        ReadOnlySpan<byte> data = transaction.Data.Span;
        ulong zeros = (ulong)data.Count((byte)0);
        ulong tokens = zeros + ((ulong)data.Length - zeros)
            * (rules.HasIstanbulChanges ? TokensPerNonZeroByte : TokensPerNonZeroByteByzantium);
        ulong gas = Base + tokens * PerToken;
        if (transaction.To is null)
            gas += Creation + (rules.MetersInitCode ? PerInitCodeWord * (((ulong)data.Length + 31) / 32) : 0);
        foreach (AccessListEntry entry in transaction.AccessList)
            gas += PerListedAccount + PerListedSlot * (ulong)entry.Slots.Length;
        gas += PerAuthorization * (ulong)transaction.Authorizations.Length;
        return new IntrinsicGas(gas, rules.HasCalldataFloor ? Base + tokens * FloorPerToken : 0);
    }
}
