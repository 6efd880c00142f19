using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>The one judge of blocks: header rules, transactions, roots. Same inputs, same outcome.</summary>
public static class BlockExecutor
{
    /// <summary>Runs a block on its parent's state. A fault names the first rule that it breaks.</summary>
    public static ExecutionOutcome Execute(
        Block block, BlockHeader parent, IStateView parentState, ChainRules rules)
    {
        // Only the number after the parent's has a turn; another number is refused before it is asked for.
        Turn turn = rules.Committees.TurnOf(parent.Number + 1, parentState);
        BlockFault fault = HeaderRules.Check(block, parent, turn, rules);
        if (!fault.IsNone)
            return new ExecutionOutcome(fault, null);
        if (block.IsImpeach)
            return ExecuteImpeach(block, parent, parentState, turn, rules);
        BlockRun run = new(block.Header, parentState, turn, rules);
        for (int i = 0; i < block.Transactions.Length; i++)
        {
            ValidityFault why = run.Add(block.Transactions[i]);
            if (why != ValidityFault.None)
                return Refuse(BlockFaultKind.InvalidTransaction, $"transaction {i}: {why.Text()}");
        }
        BlockResult result = run.Finish();
        fault = Compare(block.Header, result);
        return fault.IsNone ? new ExecutionOutcome(BlockFault.None, result) : new ExecutionOutcome(fault, null);
    }

    private static ExecutionOutcome ExecuteImpeach(
        Block block, BlockHeader parent, IStateView parentState, Turn turn, ChainRules rules)
    {
        (Block expected, BlockResult result) = ImpeachBlock.Create(parent, parentState, turn, rules);
        return block.Hash == expected.Hash && block.Transactions.IsEmpty
            ? new ExecutionOutcome(BlockFault.None, result)
            : Refuse(BlockFaultKind.WrongImpeachBlock, $"{block.Hash}, not {expected.Hash}");
    }

    private static BlockFault Compare(BlockHeader header, BlockResult result)
    {
        if (header.TransactionsRoot != result.TransactionsRoot)
            return Differs(BlockFaultKind.WrongTransactionsRoot, header.TransactionsRoot, result.TransactionsRoot);
        if (header.GasUsed != result.GasUsed)
            return new BlockFault(BlockFaultKind.WrongGasUsed, $"{header.GasUsed}, not {result.GasUsed}");
        if (header.ReceiptsRoot != result.ReceiptsRoot)
            return Differs(BlockFaultKind.WrongReceiptsRoot, header.ReceiptsRoot, result.ReceiptsRoot);
        if (header.LogsBloom != result.LogsBloom)
            return new BlockFault(BlockFaultKind.WrongBloom);
        if (header.StateRoot != result.StateRoot)
            return Differs(BlockFaultKind.WrongStateRoot, header.StateRoot, result.StateRoot);
        return BlockFault.None;
    }

    private static BlockFault Differs(BlockFaultKind kind, in Hash256 stated, in Hash256 found) =>
        new(kind, $"{stated}, not {found}");

    private static ExecutionOutcome Refuse(BlockFaultKind kind, string detail) =>
        new(new BlockFault(kind, detail), null);
}
