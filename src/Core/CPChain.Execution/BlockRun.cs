using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Execution;

/// <summary>A block while it is run: transactions go in one by one, roots come out at the end.</summary>
internal sealed class BlockRun
{
    // Of a transfer, which has no logs: nearly all of it is the filter.
    private const int ReceiptBytesUsual = 288;

    // The roots of fewer are done before another thread has begun.
    private const int ManyTransactions = 512;

    private readonly IStateView _parentState;
    private readonly StateOverlay _overlay;
    private readonly TransactionExecutor _executor;
    private readonly ulong _gasLimit;
    private readonly BlockHeader _header;
    private readonly Turn _turn;
    private readonly ChainRules _rules;
    private readonly ImmutableArray<Send>.Builder _sends = ImmutableArray.CreateBuilder<Send>();
    private readonly ImmutableArray<Receipt>.Builder _receipts = ImmutableArray.CreateBuilder<Receipt>();
    private readonly List<Transaction> _transactions = [];

    public BlockRun(BlockHeader header, IStateView parentState, Turn turn, ChainRules rules)
    {
        _header = header;
        _turn = turn;
        _rules = rules;
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
        if (_rules.Elections is not null)
            _sends.Add(new Send(outcome.Sender, outcome.EffectivePrice * outcome.GasUsed));
        _transactions.Add(transaction);
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
        if (_rules.Elections is { } elections)
            new EndOfBlock(elections, _turn, _rules).Run(_header, _executor.Block, _overlay, _parentState, _sends.ToImmutable(), _receipts);
        // Every block on every network is counted, for whoever makes, judges or impeaches it comes through here.
        if (!_rules.BurnsBaseFee)
            Invariant.Check(_overlay.KeepsSupply(), $"C15: block {_header.Number} makes or destroys coins");
        StateChanges changes = _overlay.Collect();
        ImmutableArray<Receipt> receipts = _receipts.ToImmutable();
        CommittedState? committed = null;
        Hash256 transactionsRoot = default;
        Hash256 receiptsRoot = default;
        IWorkers workers = receipts.Length < ManyTransactions ? InTurn.Instance : _parentState.TrieNodes.Workers;
        workers.Run(2, part =>
        {
            if (part == 0)
            {
                committed = StateRootCalculator.Apply(_parentState, changes);
            }
            else
            {
                transactionsRoot = TrieRoot.OfIndexed([.. _transactions.Select(static transaction => transaction.Encoded)]);
                receiptsRoot = RootOf(receipts);
            }
        });
        return new BlockResult(
            committed!.Root,
            transactionsRoot,
            receiptsRoot,
            Bloom.Union(receipts.Select(static receipt => receipt.Bloom)),
            GasUsed,
            receipts,
            committed.Changes,
            committed.Tries);
    }

    private static Hash256 RootOf(ImmutableArray<Receipt> receipts)
    {
        RlpWriter writer = new(receipts.Length * ReceiptBytesUsual);
        int[] ends = new int[receipts.Length];
        for (int i = 0; i < ends.Length; i++)
        {
            receipts[i].WriteConsensus(writer);
            ends[i] = writer.WrittenSpan.Length;
        }
        ReadOnlyMemory<byte> all = writer.WrittenMemory;
        return TrieRoot.OfIndexed([.. ends.Select((end, i) => all[(i == 0 ? 0 : ends[i - 1])..end])]);
    }
}
