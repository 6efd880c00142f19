using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>A block while it is run: transactions go in one by one, roots come out at the end.</summary>
internal sealed class BlockRun
{
    private readonly IStateView _parentState;
    private readonly StateOverlay _overlay;
    private readonly TransactionExecutor _executor;
    private readonly ulong _gasLimit;
    private readonly ImmutableArray<Receipt>.Builder _receipts = ImmutableArray.CreateBuilder<Receipt>();
    private readonly List<byte[]> _envelopes = [];

    public BlockRun(BlockHeader header, IStateView parentState, ChainRules rules)
    {
        _parentState = parentState;
        _gasLimit = header.GasLimit;
        _overlay = new StateOverlay(parentState);
        _executor = new TransactionExecutor(rules, BlockContexts.Of(header, parentState, rules), _overlay)
        {
            HeavyGasLeft = rules.HeavyGasMax,
        };
    }

    /// <summary>Gas used so far.</summary>
    public ulong GasUsed { get; private set; }

    /// <summary>Gas left in the block.</summary>
    public ulong GasLeft => _gasLimit - GasUsed;

    /// <summary>From here on no transaction goes in that calls a heavy precompiled contract.</summary>
    public void TakeNoMoreHeavyGas() => _executor.HeavyGasLeft = 0;

    /// <summary>Runs the next transaction; a fault changes nothing.</summary>
    public ValidityFault Add(Transaction transaction)
    {
        ValidityFault fault = _executor.Execute(transaction, GasLeft, out TransactionOutcome? outcome);
        if (fault != ValidityFault.None || outcome is null)
            return fault;
        GasUsed += outcome.GasUsed;
        _envelopes.Add(transaction.Encode());
        _receipts.Add(new Receipt(
            transaction.Type,
            outcome.Status == EvmStatus.Success,
            GasUsed,
            outcome.GasUsed,
            Bloom.Of(outcome.Logs),
            outcome.Logs,
            outcome.Created,
            outcome.EffectivePrice));
        return ValidityFault.None;
    }

    /// <summary>Closes the block and works out its roots.</summary>
    public BlockResult Finish()
    {
        StateChanges changes = _overlay.Collect();
        CommittedState committed = StateRootCalculator.Apply(_parentState, changes);
        ImmutableArray<Receipt> receipts = _receipts.ToImmutable();
        return new BlockResult(
            committed.Root,
            TrieRoot.OfIndexed(_envelopes),
            TrieRoot.OfIndexed([.. receipts.Select(static receipt => receipt.EncodeConsensus())]),
            Bloom.Union(receipts.Select(static receipt => receipt.Bloom)),
            GasUsed,
            receipts,
            committed.Changes,
            committed.Tries);
    }
}
