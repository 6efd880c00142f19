using CPChain.Chain;
using CPChain.Evm;

namespace CPChain.Execution;

/// <summary>
/// What blocks of another chain do that this chain's do not, for tools that run such blocks by the same code. This chain has none
/// of it: its rules leave <see cref="ChainRules.Foreign"/> null.
/// </summary>
public interface IForeignBlocks
{
    /// <summary>The context of a block, of which this chain's rules made a first one.</summary>
    BlockContext ContextOf(BlockHeader header, BlockContext plain);

    /// <summary>What a block does before its first transaction.</summary>
    void Begin(BlockContext block, BlockHeader header, StateOverlay state);

    /// <summary>What it does after its last one.</summary>
    void End(BlockContext block, BlockHeader header, StateOverlay state);

    /// <summary>The header of a block that never was, under the hash that the other chain would give it.</summary>
    /// <param name="header">What this chain's rules made of it.</param>
    /// <param name="block">What its code saw.</param>
    /// <param name="blobGasUsed">Gas of its blobs.</param>
    BlockHeader Complete(BlockHeader header, BlockContext block, ulong blobGasUsed);
}
