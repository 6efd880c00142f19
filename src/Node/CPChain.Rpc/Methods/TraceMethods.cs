using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Rpc.Tracing;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>
/// debug_trace*: a transaction, a block or a call run once more under a tracer. The answer's bytes are bounded, gas bounds the time, and
/// the state must be one that is kept.
/// </summary>
internal sealed class TraceMethods(RpcNode node, RpcOptions options, WorkTurns turns)
{
    /// <summary>Calls nest 1024 deep, two levels of JSON each.</summary>
    private const int JsonDepthMax = 4_096;

    private static readonly RpcFault s_unknown = RpcFault.Server("transaction not found");
    private static readonly RpcFault s_genesis = RpcFault.Server("genesis is not traceable");

    public void Add(MethodTable table)
    {
        table.AddAsync("debug_traceTransaction", TraceTransactionAsync);
        table.AddAsync("debug_traceCall", TraceCallAsync);
        table.AddAsync("debug_traceBlockByNumber", a =>
        {
            a.Required(0);
            return TraceBlockAsync(a, a.Block(0));
        });
        table.AddAsync("debug_traceBlockByHash", a => TraceBlockAsync(a, new BlockSelector(null, a.Hash(0), false)));
    }

    private ValueTask<RpcAnswer> TraceTransactionAsync(RpcArguments a)
    {
        Hash256 hash = a.Hash(0);
        TraceOptions wanted = TraceOptions.Read(a, 1);
        if (a.Fault is { } fault) return ValueTask.FromResult<RpcAnswer>(fault);
        if (node.Chain.FindTransaction(hash) is not { } found) return ValueTask.FromResult<RpcAnswer>(s_unknown);
        return turns.RunAsync(
            () => OnParent(found.Block, replay =>
            {
                for (int i = 0; i < found.Index; i++)
                {
                    a.Cancel.ThrowIfCancellationRequested();
                    replay.Run();
                }
                TraceBudget budget = new(options.TraceBytesMax);
                ITransactionTracer tracer = Trace(replay, found.Block.Transactions[found.Index], wanted, budget);
                return AnswerOf(budget, tracer.Write);
            }),
            a.Cancel);
    }

    private ValueTask<RpcAnswer> TraceBlockAsync(RpcArguments a, BlockSelector selector)
    {
        TraceOptions wanted = TraceOptions.Read(a, 1);
        if (a.Fault is { } fault) return ValueTask.FromResult<RpcAnswer>(fault);
        if (node.Chain.BlockOf(selector) is not { } block) return ValueTask.FromResult<RpcAnswer>(NotFound(selector));
        return turns.RunAsync(
            () => OnParent(block, replay =>
            {
                TraceBudget budget = new(options.TraceBytesMax);
                List<ITransactionTracer> tracers = [];
                foreach (Transaction transaction in block.Transactions)
                {
                    a.Cancel.ThrowIfCancellationRequested();
                    tracers.Add(Trace(replay, transaction, wanted, budget));
                    if (budget.IsSpent) return RpcFault.AnswerTooLarge(options.TraceBytesMax);
                }
                return AnswerOf(budget, json => WriteAll(json, block, tracers));
            }),
            a.Cancel);
    }

    private ValueTask<RpcAnswer> TraceCallAsync(RpcArguments a)
    {
        CallRequest request = CallArguments.Read(a, 0, node.Chain.Rules, options.CallGasMax);
        BlockSelector selector = a.Block(1);
        TraceOptions wanted = TraceOptions.Read(a, 2);
        ImmutableDictionary<Address, AccountOverride> overrides = OverridesOf(a, 2);
        if (a.Fault is { } fault) return ValueTask.FromResult<RpcAnswer>(fault);
        return turns.RunAsync(
            () =>
            {
                using StateLease lease = node.Chain.StateOf(selector);
                if (lease.Fault is { } missing) return missing;
                IStateView state = overrides.IsEmpty ? lease.State : new OverriddenState(lease.State, overrides);
                return Trace(request, state, lease.Header, wanted);
            },
            a.Cancel);
    }

    private RpcAnswer Trace(CallRequest request, IStateView state, BlockHeader header, TraceOptions wanted)
    {
        TraceBudget budget = new(options.TraceBytesMax);
        ITransactionTracer? tracer = null;
        CallOutcome outcome = CallSimulator.Trace(state, header, request, node.Chain.Source.RulesOf(header), (overlay, call, block) =>
            tracer = wanted.TracerOf(new TraceSubject(call, request.From, overlay, block.Coinbase, 0), budget));
        if (outcome.Fault != ValidityFault.None || tracer is null) return RpcFault.Server($"err: {outcome.Fault.Text()}");
        tracer.End(outcome.GasUsed);
        return AnswerOf(budget, tracer.Write);
    }

    /// <summary>Runs on the state before a block.</summary>
    private RpcAnswer OnParent(Block block, Func<BlockReplay, RpcAnswer> run)
    {
        if (block.Header.Number == 0) return s_genesis;
        using StateLease lease = node.Chain.StateOf(new BlockSelector(block.Header.Number - 1, null, false));
        return lease.Fault is { } missing ? missing : run(new BlockReplay(block, lease.State, node.Chain.Source.RulesOf(block.Header)));
    }

    private static ITransactionTracer Trace(
        BlockReplay replay, Transaction transaction, TraceOptions wanted, TraceBudget budget)
    {
        transaction.TryRecoverSender(out Address sender);
        ITransactionTracer tracer = wanted.TracerOf(
            new TraceSubject(transaction.Content, sender, replay.State, replay.Context.Coinbase, replay.LogsBefore), budget);
        tracer.End(replay.Run(tracer).GasUsed);
        return tracer;
    }

    private static void WriteAll(Utf8JsonWriter json, Block block, List<ITransactionTracer> tracers)
    {
        json.WriteStartArray();
        for (int i = 0; i < tracers.Count; i++)
        {
            json.WriteStartObject();
            json.Hash("txHash", block.Transactions[i].Hash);
            json.WritePropertyName("result");
            tracers[i].Write(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The result is written here, on the worker's thread and while the state is open, not by the dispatcher.</summary>
    private RpcAnswer AnswerOf(TraceBudget budget, Action<Utf8JsonWriter> write)
    {
        if (budget.IsSpent) return RpcFault.AnswerTooLarge(options.TraceBytesMax);
        ArrayBufferWriter<byte> result = new();
        using (Utf8JsonWriter json = new(result, new JsonWriterOptions { MaxDepth = JsonDepthMax, SkipValidation = true })) write(json);
        return RpcAnswer.Raw(result.WrittenMemory);
    }

    private static RpcFault NotFound(BlockSelector selector) => selector.Hash is { } hash
        ? RpcFault.Server($"block {hash} not found")
        : RpcFault.Server($"block #{selector.Number ?? 0} not found");

    private static ImmutableDictionary<Address, AccountOverride> OverridesOf(RpcArguments a, int index)
    {
        if (a.Optional(index) is { ValueKind: JsonValueKind.Object } given
            && (given.TryGetProperty("blockOverrides", out _) || given.TryGetProperty("txIndex", out _)))
            a.Fail(index, "blockOverrides and txIndex are not understood here; eth_simulateV1 takes block overrides");
        if (a.Optional(index) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("stateOverrides", out JsonElement overrides))
            return OverrideArguments.Read(a, index, overrides);
        return ImmutableDictionary<Address, AccountOverride>.Empty;
    }
}
