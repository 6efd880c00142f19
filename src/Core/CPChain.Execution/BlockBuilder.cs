using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What a proposer decides about its block; everything else follows from the parent.</summary>
/// <param name="Coinbase">The proposer; not zero.</param>
/// <param name="TimestampMs">Time of the block (L7.3); raised to the earliest legal one where it is below.</param>
/// <param name="Extra">The reveal of a proposer with a commitment (D9.2), else up to 32 free bytes.</param>
public sealed record BlockPlan(Address Coinbase, ulong TimestampMs, ReadOnlyMemory<byte> Extra = default);

/// <summary>A block that only lacks its seal.</summary>
/// <param name="Header">The finished header.</param>
/// <param name="Transactions">What went in, in order.</param>
/// <param name="Result">What it does.</param>
/// <param name="Skipped">Candidates that are not valid here, with the reason.</param>
public sealed record BuiltBlock(
    BlockHeader Header,
    ImmutableArray<Transaction> Transactions,
    BlockResult Result,
    ImmutableArray<(Transaction Transaction, ValidityFault Fault)> Skipped)
{
    /// <summary>What the proposer signs (L2.4).</summary>
    public Hash256 SealDigest(ChainRules rules) =>
        Chain.SealDigest.Of(rules.GenesisHash, rules.ChainId, Header.Number, Header.Hash);

    /// <summary>The block under a seal.</summary>
    public Block Seal(in Signature seal) => new(Header, seal, Transactions);
}

/// <summary>Fills a block from candidates, in order, within gas, count, bytes and the caller's patience.</summary>
public static class BlockBuilder
{
    // Below this no transaction fits any more.
    private const ulong LeastTransactionGas = 21_000;

    // An RLP string head of a transaction of up to 2^24 bytes.
    private const int HeadBytesMax = 4;

    /// <summary>
    /// Builds the block after <paramref name="parent"/>. <paramref name="mayContinue"/> is asked before each candidate;
    /// when it says no, the block ends there. Candidates that are not valid are skipped, what does not fit is left.
    /// </summary>
    public static BuiltBlock Build(
        BlockHeader parent,
        IStateView parentState,
        IEnumerable<Transaction> candidates,
        BlockPlan plan,
        ChainRules rules,
        Func<bool>? mayContinue = null)
    {
        Invariant.Check(!plan.Coinbase.IsZero, "C5: only an impeach block has no coinbase");
        Turn turn = rules.Committees.TurnOf(parent.Number + 1, parentState);
        Invariant.Check(turn.Commitment.IsZero || plan.Extra.Length == Hash256.Length, "D9.2: who has committed itself reveals");
        BlockHeader frame = FrameOf(parent, plan, turn, rules);
        BlockRun run = new(frame, parentState, turn, rules);
        ImmutableArray<Transaction>.Builder taken = ImmutableArray.CreateBuilder<Transaction>();
        ImmutableArray<(Transaction, ValidityFault)>.Builder skipped =
            ImmutableArray.CreateBuilder<(Transaction, ValidityFault)>();
        int bytesLeft = rules.Limits.BytesMax - BlockLimits.OverheadBytesMax;
        foreach (Transaction candidate in candidates)
        {
            if (taken.Count == rules.Limits.TransactionsMax || run.GasLeft < LeastTransactionGas)
                break;
            if (mayContinue is not null && !mayContinue())
                break;
            int bytes = candidate.Encoded.Length + HeadBytesMax;
            if (bytes > bytesLeft)
                continue;
            ValidityFault fault = run.Add(candidate);
            if (fault == ValidityFault.None)
            {
                taken.Add(candidate);
                bytesLeft -= bytes;
            }
            else if (fault == ValidityFault.HeavyGasExhausted)
            {
                // It is left for a later block. What it has cost nobody pays, so only one may do this to a block.
                run.TakeNoMoreHeavyGas();
            }
            else if (fault != ValidityFault.BlockGasExhausted)
            {
                skipped.Add((candidate, fault));
            }
        }
        BlockResult result = run.Finish();
        return new BuiltBlock(
            Headers.Complete(frame, result), taken.ToImmutable(), result, skipped.ToImmutable());
    }

    private static BlockHeader FrameOf(BlockHeader parent, BlockPlan plan, Turn turn, ChainRules rules)
    {
        ulong number = parent.Number + 1;
        return new BlockHeader
        {
            ParentHash = parent.Hash,
            Coinbase = plan.Coinbase,
            Number = number,
            GasLimit = rules.GasLimit,
            TimestampMs = Math.Max(plan.TimestampMs, HeaderRules.EarliestTimestampMs(parent, rules)),
            BaseFeePerGas = BaseFee.After(parent, rules.BaseFeeFloor),
            NextValidatorsHash = turn.NextValidatorsHash,
            Extra = plan.Extra,
        };
    }
}
