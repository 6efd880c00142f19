using CPChain.Chain;
using CPChain.Evm;

namespace CPChain.Execution;

/// <summary>What a header tells the code that runs in its block.</summary>
public static class BlockContexts
{
    /// <summary>The context of a block on <paramref name="parentState"/>.</summary>
    public static BlockContext Of(BlockHeader header, IStateView parentState, ChainRules rules)
    {
        BlockContext plain = Plain(header, parentState, rules);
        return rules.Foreign is { } foreign ? foreign.ContextOf(header, plain) : plain;
    }

    private static BlockContext Plain(BlockHeader header, IStateView parentState, ChainRules rules) => new()
    {
        Number = header.Number,
        // TIMESTAMP is in seconds as Ethereum tools expect; with periods under a second it may repeat (C6).
        Timestamp = header.TimestampMs / 1000,
        TimestampMs = header.TimestampMs,
        Coinbase = header.Coinbase,
        GasLimit = header.GasLimit,
        BaseFee = header.BaseFeePerGas,
        PrevRandao = PrevRandao.Of(header.ParentHash, header.Number),
        ChainId = rules.ChainId,
        GetBlockHash = number =>
            number + 1 == header.Number ? header.ParentHash : parentState.GetBlockHash(number),
    };
}
