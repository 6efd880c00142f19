using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>A simulated block while it is run: overrides first, then calls one by one.</summary>
internal sealed class SimulatedBlockRun(
    BlockHeader frame, BlockOverride changes, SimulatedState state, ChainRules rules, SimulationOptions options, ulong gasLeft)
{
    private readonly StateOverlay _overlay = new(state);
    private readonly BlockContext _context = ContextOf(frame, changes, state, rules);
    private readonly List<Transaction> _transactions = [];
    private readonly List<Receipt> _receipts = [];
    private readonly List<SimulatedCallOutcome> _calls = [];
    private EvmMachine? _machine;
    private TransactionExecutor? _executor;
    private ulong _gasUsed;
    private ulong _blobGasUsed;
    private int _nextLog;

    public static SimulationFault Cancelled { get; } = new(SimulationFaultKind.Cancelled, "request cancelled");

    /// <summary>Gas that the request has left.</summary>
    public ulong GasLeft { get; private set; } = gasLeft;

    private TransactionExecutor Executor => _executor ??= new TransactionExecutor(rules, _context, _overlay);

    /// <summary>Applies state overrides, once, before the first call.</summary>
    public SimulationFault? Override(ImmutableArray<(Address Address, AccountOverride Change)> accounts)
    {
        if (StateOverrides.MovesOf(accounts, rules, out ImmutableArray<PrecompileMove> moves) is { } fault)
            return fault;
        if (!moves.IsEmpty)
            _machine = new EvmMachine(rules.Evm, rules.Engine, rules.Platform, moves);
        StateOverrides.Apply(_overlay, accounts);
        rules.Foreign?.Begin(_context, frame, _overlay);
        return null;
    }

    /// <summary>Runs one call; a fault ends the simulation.</summary>
    public SimulationFault? Add(SimulatedCall call)
    {
        if (!options.MayContinue())
            return Cancelled;
        ulong room = frame.GasLimit - _gasUsed;
        if (call.GasLimit > room)
        {
            return new(
                SimulationFaultKind.BlockGasExhausted,
                $"block gas limit reached: {_gasUsed} >= {frame.GasLimit}");
        }
        if (GasLeft == 0)
            return new(SimulationFaultKind.LimitExceeded, $"the calls use more than {options.GasMax} gas together");
        ulong gas = Math.Min(call.GasLimit ?? room, GasLeft);
        UnsignedTransaction content = ContentOf(call, gas);
        if (SimulationChecks.Check(content, call.From, _overlay, _context, rules, options) is { } fault)
            return fault;
        Run(content, call.From);
        return null;
    }

    /// <summary>Closes the block.</summary>
    public SimulatedBlock Finish()
    {
        rules.Foreign?.End(_context, frame, _overlay);
        state.Apply(_overlay.Collect());
        BlockHeader header = frame with
        {
            StateRoot = state.StateRoot,
            TransactionsRoot = TrieRoot.OfIndexed([.. _transactions.Select(static one => one.Encoded)]),
            ReceiptsRoot = TrieRoot.OfIndexed([.. _receipts.Select(static receipt => receipt.EncodeConsensus())]),
            LogsBloom = Bloom.Union(_receipts.Select(static receipt => receipt.Bloom)),
            GasUsed = _gasUsed,
        };
        if (rules.Foreign is { } foreign)
            header = foreign.Complete(header, _context, _blobGasUsed);
        return new SimulatedBlock(
            new Block(header, null, [.. _transactions]), _context.PrevRandao, _blobGasUsed, [.. _calls]);
    }

    private void Run(UnsignedTransaction content, in Address from)
    {
        TransferTracer? tracer = options.TracesTransfers ? new TransferTracer(_nextLog) : null;
        UInt256 price = SimulationChecks.PriceOf(content, frame.BaseFeePerGas);
        EvmMachine machine = _machine ?? rules.Machines.Take(rules);
        TransactionOutcome outcome = Executor.RunOn(machine, content, from, price, tracer);
        if (_machine is null)
            rules.Machines.Return(machine);
        _gasUsed += outcome.GasUsed;
        _blobGasUsed += Blobs.GasOf(content);
        GasLeft -= outcome.GasUsed;
        bool succeeded = outcome.Status == EvmStatus.Success;
        _transactions.Add(Transaction.Unsigned(content, from));
        _receipts.Add(new Receipt(
            content.Type, succeeded, _gasUsed, outcome.GasUsed, Bloom.Of(outcome.Logs), outcome.Logs, outcome.Created,
            outcome.EffectivePrice));
        _calls.Add(new SimulatedCallOutcome(
            outcome, tracer?.Logs ?? [.. outcome.Logs.Select((log, i) => new SimulatedLog(log, _nextLog + i))]));
        _nextLog = tracer?.NextIndex ?? _nextLog + outcome.Logs.Length;
    }

    private UnsignedTransaction ContentOf(SimulatedCall call, ulong gas) => new()
    {
        Type = call.Type,
        ChainId = rules.ChainId,
        Nonce = call.Nonce ?? _overlay.GetNonce(call.From),
        MaxFeePerGas = call.MaxFeePerGas ?? UInt256.Zero,
        MaxPriorityFeePerGas = call.MaxPriorityFeePerGas ?? UInt256.Zero,
        GasLimit = gas,
        To = call.To,
        Value = call.Value,
        Data = call.Data,
        AccessList = call.AccessList,
        Authorizations = call.Authorizations,
        MaxFeePerBlobGas = call.MaxFeePerBlobGas,
        BlobHashes = call.BlobHashes,
    };

    private static BlockContext ContextOf(
        BlockHeader frame, BlockOverride changes, SimulatedState state, ChainRules rules)
    {
        BlockContext context = BlockContexts.Of(frame, state, rules);
        return context with
        {
            PrevRandao = changes.PrevRandao ?? context.PrevRandao,
            BlobBaseFee = changes.BlobBaseFee ?? context.BlobBaseFee,
        };
    }
}
