using System.Text.Json;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.EvmTools.StateTests;

/// <summary>How many blobs a fork allows and what they cost (EIP-4844, EIP-7691, EIP-7594).</summary>
/// <param name="TransactionMax">Blobs in one transaction, at most.</param>
/// <param name="Fraction">BLOB_BASE_FEE_UPDATE_FRACTION.</param>
internal sealed record BlobSchedule(int TransactionMax, ulong Fraction)
{
    private const int CancunMax = 6;
    private const int PragueMax = 9;
    private const int OsakaTransactionMax = 6;
    private const ulong CancunFraction = 3_338_477;
    private const ulong PragueFraction = 5_007_716;

    /// <summary>Fee per blob gas, base units.</summary>
    internal UInt256 BaseFee(in UInt256 excess) => Blobs.BaseFee((ulong)excess, Fraction);

    /// <summary>The schedule of a fork, or the one that the test's own configuration names for it.</summary>
    internal static BlobSchedule Of(EvmRules rules, JsonElement config)
    {
        BlobSchedule schedule = rules.HasDelegation
            ? new(rules.HasP256 ? OsakaTransactionMax : PragueMax, PragueFraction)
            : new(rules.HasBlobs ? CancunMax : 0, CancunFraction);
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetSet("blobSchedule", out JsonElement forks)
            || !forks.TryGetSet(rules.Name, out JsonElement own)) return schedule;
        int blockMax = (int)(own.WordOrNull("max") ?? (UInt256)schedule.TransactionMax);
        return new(
            rules.HasP256 ? Math.Min(OsakaTransactionMax, blockMax) : blockMax,
            (ulong)(own.WordOrNull("baseFeeUpdateFraction") ?? schedule.Fraction));
    }
}
