using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>
/// Runs calls in blocks that never were, on the state after a real one: what eth_simulateV1 answers. Deterministic; one instance serves
/// one request.
/// </summary>
public sealed class BlockSimulator
{
    private readonly BlockHeader _base;
    private readonly Func<BlockHeader, ChainRules> _rulesOf;
    private readonly SimulationOptions _options;
    private readonly SimulatedState _state;
    private ulong _gasLeft;

    /// <summary>A simulation after <paramref name="head"/>, whose state is <paramref name="state"/>; each block has its own rules.</summary>
    public BlockSimulator(
        BlockHeader head, IStateView state, Func<BlockHeader, ChainRules> rulesOf, SimulationOptions options)
    {
        (_base, _rulesOf, _options, _gasLeft) = (head, rulesOf, options, options.GasMax);
        _state = new SimulatedState(state, head.Number, options.HasTrie);
        _state.Remember(head.Number, head.Hash);
    }

    /// <summary>Runs the blocks in order; one that faults takes all the others with it.</summary>
    public SimulationOutcome Run(ImmutableArray<SimulatedBlockRequest> blocks)
    {
        if (Arrange(blocks, out ImmutableArray<SimulatedBlockRequest> arranged) is { } disorder)
            return new SimulationOutcome(disorder, []);
        ImmutableArray<SimulatedBlock>.Builder done = ImmutableArray.CreateBuilder<SimulatedBlock>(arranged.Length);
        BlockHeader parent = _base;
        foreach (SimulatedBlockRequest request in arranged)
        {
            if (!_options.MayContinue())
                return new SimulationOutcome(SimulatedBlockRun.Cancelled, []);
            BlockHeader frame = FrameOf(request.Block, parent);
            SimulatedBlockRun run = new(frame, request.Block, _state, _rulesOf(frame), _options, _gasLeft);
            if (run.Override(request.Accounts) is { } badOverride)
                return new SimulationOutcome(badOverride, []);
            foreach (SimulatedCall call in request.Calls)
            {
                if (run.Add(call) is { } fault)
                    return new SimulationOutcome(fault, []);
            }
            SimulatedBlock block = run.Finish();
            _gasLeft = run.GasLeft;
            parent = block.Block.Header;
            _state.Remember(parent.Number, parent.Hash);
            done.Add(block);
        }
        return new SimulationOutcome(null, done.MoveToImmutable());
    }

    /// <summary>Gives every block number and time, and fills gaps with empty blocks.</summary>
    private SimulationFault? Arrange(
        ImmutableArray<SimulatedBlockRequest> blocks, out ImmutableArray<SimulatedBlockRequest> arranged)
    {
        arranged = [];
        ImmutableArray<SimulatedBlockRequest>.Builder all = ImmutableArray.CreateBuilder<SimulatedBlockRequest>();
        ulong number = _base.Number;
        ulong time = _base.TimestampMs;
        ulong step = Math.Max(_rulesOf(_base).PeriodMs, 1);
        foreach (SimulatedBlockRequest block in blocks)
        {
            ulong wanted = block.Block.Number ?? number + 1;
            if (wanted <= number)
                return new(SimulationFaultKind.NumberNotRising, $"block numbers must be in order: {wanted} <= {number}");
            if (wanted - _base.Number > (ulong)_options.BlocksMax)
                return new(SimulationFaultKind.LimitExceeded, "too many blocks");
            for (number++; number < wanted; number++)
            {
                time += step;
                all.Add(new SimulatedBlockRequest(new BlockOverride { Number = number, TimestampMs = time }, [], []));
            }
            ulong when = block.Block.TimestampMs ?? time + step;
            if (when <= time)
            {
                return new(
                    SimulationFaultKind.TimeNotRising,
                    $"block timestamps must be in order: {when / 1000} <= {time / 1000}");
            }
            time = when;
            all.Add(block with { Block = block.Block with { Number = wanted, TimestampMs = when } });
        }
        arranged = all.ToImmutable();
        return null;
    }

    private BlockHeader FrameOf(BlockOverride changes, BlockHeader parent)
    {
        BlockHeader frame = new()
        {
            ParentHash = parent.Hash,
            Coinbase = changes.Coinbase ?? parent.Coinbase,
            Number = changes.Number ?? parent.Number + 1,
            GasLimit = changes.GasLimit ?? parent.GasLimit,
            TimestampMs = changes.TimestampMs ?? parent.TimestampMs,
            // Without validation calls may pay nothing, so that a base fee would only be in their way.
            BaseFeePerGas = changes.BaseFee ?? UInt256.Zero,
        };
        ChainRules rules = _rulesOf(frame);
        return frame with
        {
            BaseFeePerGas = changes.BaseFee is null && _options.Validates
                ? BaseFee.After(parent, rules.BaseFeeFloor)
                : frame.BaseFeePerGas,
            NextValidatorsHash = _base.NextValidatorsHash,
        };
    }
}
