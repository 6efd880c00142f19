using CPChain.Chain;

namespace CPChain.Execution;

/// <summary>Puts what a run found into the header that framed it.</summary>
internal static class Headers
{
    public static BlockHeader Complete(BlockHeader frame, BlockResult result) => frame with
    {
        StateRoot = result.StateRoot,
        TransactionsRoot = result.TransactionsRoot,
        ReceiptsRoot = result.ReceiptsRoot,
        LogsBloom = result.LogsBloom,
        GasUsed = result.GasUsed,
    };
}
