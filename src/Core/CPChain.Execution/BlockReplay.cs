using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>
/// Runs the transactions of a block again, one by one in their order, on the state that the block stood on. Each may be watched. Safe
/// for one thread.
/// </summary>
public sealed class BlockReplay
{
    private readonly Block _block;
    private readonly TransactionExecutor _executor;
    private ulong _gasUsed;
    private int _logs;

    /// <summary>Stands before the first transaction.</summary>
    public BlockReplay(Block block, IStateView parentState, ChainRules rules)
    {
        _block = block;
        State = new StateOverlay(parentState);
        _executor = new TransactionExecutor(rules, BlockContexts.Of(block.Header, parentState, rules), State);
        rules.Foreign?.Begin(_executor.Block, block.Header, State);
    }

    /// <summary>The state before the next transaction.</summary>
    public StateOverlay State { get; }

    /// <summary>Index of the next transaction.</summary>
    public int Next { get; private set; }

    /// <summary>Events that the transactions before it left.</summary>
    public int LogsBefore => _logs;

    /// <summary>The block as its code sees it.</summary>
    public BlockContext Context => _executor.Block;

    /// <summary>Runs the next transaction. It is valid: the block is final.</summary>
    public TransactionOutcome Run(IEvmTracer? tracer = null)
    {
        ValidityFault fault = _executor.Execute(
            _block.Transactions[Next], _block.Header.GasLimit - _gasUsed, out TransactionOutcome? outcome, tracer);
        Invariant.Check(fault == ValidityFault.None && outcome is not null, "a final block's transactions are valid");
        _gasUsed += outcome.GasUsed;
        _logs += outcome.Logs.Length;
        Next++;
        return outcome;
    }

    /// <summary>Runs all before the transaction at an index.</summary>
    public void RunTo(int index)
    {
        while (Next < index)
            Run();
    }
}
