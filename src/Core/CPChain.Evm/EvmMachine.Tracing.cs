using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm;

/// <summary>Reports to the tracer, where there is one.</summary>
public sealed unsafe partial class EvmMachine
{
    /// <summary>Whether anybody watches.</summary>
    internal bool IsTraced => _tracer is not null;

    internal void ReportStep(Frame f, byte* ip, ulong* sp, long gas) =>
        _tracer!.OnStep(new EvmStep(f.Depth, (int)(ip - f.Code.Start), *ip, (ulong)gas, State.Refund)
        {
            Self = f.Self.Address,
            Stack = new ReadOnlySpan<UInt256>(f.StackBase, (int)(sp - f.StackBase) / 4),
            Memory = new ReadOnlySpan<byte>(f.Memory, (int)f.MemoryBytes),
            ReturnData = f.ReturnData.Written,
        });

    internal void ReportLog(EvmLog log) => _tracer?.OnLog(log);

    /// <summary>What a frame asks for, after its gas was set aside.</summary>
    internal void ReportEnter(
        Frame caller, byte op, in Address to, in UInt256 value, long gas, ReadOnlySpan<byte> input) =>
        _tracer?.OnEnter(new EvmCall((EvmCallKind)op, caller.Depth + 1)
        {
            From = caller.Self.Address,
            To = to,
            Value = value,
            Gas = (ulong)gas,
            GasOfCaller = (ulong)caller.Gas,
            Input = input,
        });

    /// <summary>The end of what ran no code.</summary>
    internal void ReportLeave(Frame caller, EvmStatus status, long gasLeft, ReadOnlySpan<byte> output) =>
        ReportLeave(caller.Depth + 1, status, gasLeft, output);

    private void ReportEnter(in EvmMessage message, long gas) =>
        _tracer?.OnEnter(new EvmCall(message.IsCreate ? EvmCallKind.Create : EvmCallKind.Call, 0)
        {
            From = message.Caller,
            To = message.Recipient,
            Value = message.Value,
            Gas = (ulong)gas,
            Input = message.Input.Span,
        });

    private void ReportLeave(int depth, EvmStatus status, long gasLeft, ReadOnlySpan<byte> output) =>
        _tracer?.OnLeave(new EvmExit(depth, status)
        {
            GasLeft = (ulong)gasLeft,
            GasAfterCode = gasLeft,
            Output = output,
        });

    private void ReportLeave(Frame f, long gasAfterCode) =>
        _tracer?.OnLeave(new EvmExit(f.Depth, f.Status)
        {
            GasLeft = (ulong)f.Gas,
            GasAfterCode = gasAfterCode,
            Output = f.Output,
        });

    /// <summary>Ends the outermost message where no code ran.</summary>
    private EvmResult EndWithoutCode(EvmStatus status, long gasLeft, ReadOnlyMemory<byte> output = default)
    {
        ReportLeave(0, status, gasLeft, output.Span);
        return new(status, (ulong)gasLeft, output, null);
    }
}
