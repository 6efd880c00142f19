using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>All that follows from running a block on its parent's state.</summary>
/// <param name="StateRoot">Root of the state after it.</param>
/// <param name="TransactionsRoot">Root of its transactions by index.</param>
/// <param name="ReceiptsRoot">Root of its receipts by index.</param>
/// <param name="LogsBloom">Union of the receipts' filters.</param>
/// <param name="GasUsed">Gas used by all transactions.</param>
/// <param name="Receipts">One for each transaction, in order.</param>
/// <param name="StateChanges">What differs from the parent's state, every account with its new storage root.</param>
/// <param name="TrieChanges">The trie nodes to write for it.</param>
public sealed record BlockResult(
    Hash256 StateRoot,
    Hash256 TransactionsRoot,
    Hash256 ReceiptsRoot,
    Bloom LogsBloom,
    ulong GasUsed,
    ImmutableArray<Receipt> Receipts,
    StateChanges StateChanges,
    TrieChanges TrieChanges);

/// <summary>A valid block's result, or the rule that it breaks.</summary>
public readonly record struct ExecutionOutcome(BlockFault Fault, BlockResult? Result)
{
    /// <summary>True iff the block is valid.</summary>
    public bool IsValid => Fault.IsNone;
}
