using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>
/// The block that stands where a proposer failed (L2.2, rule C12): a pure function of the parent, its state and the
/// rules. No clock, round, certificate or signature enters it.
/// </summary>
public static class ImpeachBlock
{
    /// <summary>The one impeach block after <paramref name="parent"/>, with its result.</summary>
    public static (Block Block, BlockResult Result) Create(BlockHeader parent, IStateView parentState, ChainRules rules) =>
        Create(parent, parentState, rules.Committees.TurnOf(parent.Number + 1, parentState), rules);

    /// <summary>The same where the turn is known.</summary>
    public static (Block Block, BlockResult Result) Create(BlockHeader parent, IStateView parentState, Turn turn, ChainRules rules)
    {
        ulong number = parent.Number + 1;
        BlockHeader frame = new()
        {
            ParentHash = parent.Hash,
            Coinbase = Address.Zero,
            Number = number,
            GasLimit = rules.GasLimit,
            TimestampMs = parent.TimestampMs + rules.PeriodMs + rules.TimeoutMs,
            BaseFeePerGas = BaseFee.After(parent, rules.BaseFeeFloor),
            NextValidatorsHash = turn.NextValidatorsHash,
        };
        BlockResult result = new BlockRun(frame, parentState, turn, rules).Finish();
        return (new Block(Headers.Complete(frame, result), null, []), result);
    }
}
