using System.Text.Json;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Execution.Simulation;
using CPChain.Ledger.Logs;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_simulateV1: calls in blocks that never were. All calls together have the gas of one eth_call.</summary>
internal sealed class SimulateMethods(RpcNode node, RpcOptions options, WorkTurns turns)
{
    /// <summary>The code that the execution API has for a call that failed otherwise than by REVERT.</summary>
    private const int ExecutionError = -32015;

    private const int RevertError = 3;

    public void Add(MethodTable table) => table.AddAsync("eth_simulateV1", SimulateAsync);

    private ValueTask<RpcAnswer> SimulateAsync(RpcArguments a)
    {
        SimulateRequest request = SimulateArguments.Read(a, 0, node.Chain.Rules);
        BlockSelector selector = a.Block(1);
        if (a.Fault is { } fault) return ValueTask.FromResult<RpcAnswer>(fault);
        return turns.RunAsync(
            () =>
            {
                using StateLease lease = node.Chain.StateOf(selector);
                return lease.Fault is { } missing ? missing : Run(a, request, lease);
            },
            a.Cancel);
    }

    private RpcAnswer Run(RpcArguments a, SimulateRequest request, StateLease lease)
    {
        SimulationOptions how = new()
        {
            Validates = request.Validates,
            TracesTransfers = request.TracesTransfers,
            HasTrie = lease.TryMakeTrie(),
            GasMax = options.CallGasMax,
            BlocksMax = SimulateArguments.BlocksMax,
            MayContinue = () => !a.Cancel.IsCancellationRequested,
        };
        SimulationOutcome outcome = new BlockSimulator(lease.Header, lease.State, node.Chain.Source.RulesOf, how).Run(request.Blocks);
        if (!outcome.IsDone) return new RpcFault(CodeOf(outcome.Fault.Kind), outcome.Fault.Message);
        return RpcAnswer.Of(json =>
        {
            json.WriteStartArray();
            foreach (SimulatedBlock block in outcome.Blocks) Write(json, block, request.ReturnsTransactions, node.Chain.Form);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, SimulatedBlock simulated, bool withTransactions, IBlockForm form)
    {
        json.WriteStartObject();
        BlockJson.WriteMembers(json, simulated.Block, withTransactions, form, simulated.PrevRandao);
        json.WriteStartArray("calls");
        for (int i = 0; i < simulated.Calls.Length; i++) WriteCall(json, simulated, i);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, SimulatedBlock simulated, int index)
    {
        SimulatedCallOutcome call = simulated.Calls[index];
        Block block = simulated.Block;
        bool keepsOutput = call.IsSuccess;
        json.WriteStartObject();
        json.Bytes("returnData", keepsOutput ? call.Outcome.Output.Span : []);
        json.WriteStartArray("logs");
        foreach ((LogEntry log, int logIndex) in call.Logs)
        {
            ReceiptJson.WriteLog(json, new FoundLog(
                log, block.Header.Number, block.Hash, block.Transactions[index].Hash, index, logIndex, block.Header.TimestampMs));
        }
        json.WriteEndArray();
        json.Quantity("gasUsed", call.Outcome.GasUsed);
        json.Quantity("maxUsedGas", call.Outcome.GasUsedMax);
        json.Quantity("status", call.IsSuccess ? 1UL : 0UL);
        if (!call.IsSuccess) WriteError(json, call.Outcome.Status, call.Outcome.Output.Span);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, EvmStatus status, ReadOnlySpan<byte> output)
    {
        bool isRevert = status == EvmStatus.Revert;
        json.WriteStartObject("error");
        json.WriteString("message", isRevert ? ExecutionErrors.RevertText(output) : ExecutionErrors.Text(status));
        json.WriteNumber("code", isRevert ? RevertError : ExecutionError);
        if (isRevert) json.Bytes("data", output);
        json.WriteEndObject();
    }

    /// <summary>The codes of the execution API.</summary>
    private static int CodeOf(SimulationFaultKind kind) => kind switch
    {
        SimulationFaultKind.Invalid => -32602,
        SimulationFaultKind.NonceTooLow => -38010,
        SimulationFaultKind.NonceTooHigh => -38011,
        SimulationFaultKind.NonceAtMaximum => -32603,
        SimulationFaultKind.FeeCapTooLow => -38012,
        SimulationFaultKind.IntrinsicGasTooLow => -38013,
        SimulationFaultKind.InsufficientFunds => -38014,
        SimulationFaultKind.BlockGasExhausted => -38015,
        SimulationFaultKind.NumberNotRising => -38020,
        SimulationFaultKind.TimeNotRising => -38021,
        SimulationFaultKind.MovedToItself => -38022,
        SimulationFaultKind.InitCodeTooLong => -38025,
        SimulationFaultKind.LimitExceeded => -38026,
        _ => -32000,
    };
}
