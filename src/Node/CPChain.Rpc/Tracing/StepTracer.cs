using System.Buffers;
using System.Text.Json;
using CPChain.Evm;
using CPChain.Rpc.Methods;
using CPChain.Rpc.Json;
using CPChain.Types;

namespace CPChain.Rpc.Tracing;

/// <summary>
/// Each opcode with gas, stack, and on request memory, storage and return data (go-ethereum's struct logger). A step is written as it
/// comes; what it cost is known with the next event, so that one step at most is open.
/// </summary>
internal sealed class StepTracer(TraceSubject subject, TraceOptions options, TraceBudget budget) : ITransactionTracer
{
    /// <summary>Bytes of a step without its stack.</summary>
    private const int StepBytes = 90;

    private const int WordBytes = 69;
    private const byte Sload = 0x54;
    private const byte Sstore = 0x55;

    private readonly ArrayBufferWriter<byte> _steps = new();
    private readonly Dictionary<Address, SortedDictionary<UInt256, UInt256>> _storage = [];
    private Utf8JsonWriter? _writer;
    private ulong _count;
    private bool _isOpen;
    private int _openDepth;
    private byte _openOpcode;
    private ulong _openGas;
    private byte[] _output = [];
    private EvmStatus _status = EvmStatus.Success;
    private ulong _gasUsed;

    private Utf8JsonWriter Writer => _writer ??= new(_steps, new JsonWriterOptions { SkipValidation = true });

    public void OnEnter(in EvmCall call)
    {
        if (!_isOpen || call.Depth != _openDepth + 1 || call.Kind == EvmCallKind.SelfDestruct) return;
        // What a creation gives its code counts as spent by the code; what a call gives, as spent by the caller's opcode.
        bool isCreation = call.Kind is EvmCallKind.Create or EvmCallKind.Create2;
        Close(_openGas - call.GasOfCaller - (isCreation ? call.Gas : 0), null);
    }

    public void OnStep(in EvmStep step)
    {
        if (_isOpen) Close(step.Depth == _openDepth ? _openGas - step.GasLeft : 0, null);
        if ((options.StepsMax != 0 && _count >= options.StepsMax) || budget.IsSpent) return;
        SortedDictionary<UInt256, UInt256>? slots = options.WithStorage ? SlotsOf(step) : null;
        long bytes = StepBytes + ((options.WithStack ? step.Stack.Length : 0) + 2L * (slots?.Count ?? 0)) * WordBytes
            + (options.WithMemory ? step.Memory.Length * 5L / 2 : 0) + (options.WithReturnData ? 2L * step.ReturnData.Length : 0);
        if (!budget.Take(bytes)) return;
        _count++;
        Open(step, slots);
    }

    public void OnLog(EvmLog log)
    {
    }

    public void OnLeave(in EvmExit exit)
    {
        if (_isOpen && exit.Depth == _openDepth) CloseLast(exit);
        if (exit.Depth != 0) return;
        _status = exit.Status;
        bool isKept = exit.Status is EvmStatus.Success or EvmStatus.Revert;
        if (isKept && budget.Take(2L * exit.Output.Length)) _output = exit.Output.ToArray();
    }

    public void End(ulong gasUsed) => _gasUsed = gasUsed;

    public void Write(Utf8JsonWriter json)
    {
        Writer.Flush();
        json.WriteStartObject();
        json.WriteNumber("gas", _gasUsed);
        json.WriteBoolean("failed", _status != EvmStatus.Success);
        json.Bytes("returnValue", _output);
        json.WritePropertyName("structLogs");
        json.WriteRawValue([(byte)'[', .. _steps.WrittenSpan, (byte)']'], skipInputValidation: true);
        json.WriteEndObject();
        _writer?.Dispose();
    }

    private void Open(in EvmStep step, SortedDictionary<UInt256, UInt256>? slots)
    {
        (_isOpen, _openDepth, _openOpcode, _openGas) = (true, step.Depth, step.Opcode, step.GasLeft);
        Utf8JsonWriter json = Writer;
        if (_count > 1)
        {
            json.Flush();
            _steps.Write(","u8);
            json.Reset();
        }
        json.WriteStartObject();
        json.WriteNumber("pc", step.Pc);
        json.WriteString("op", OpcodeName.Of(step.Opcode));
        json.WriteNumber("gas", step.GasLeft);
        json.WriteNumber("depth", step.Depth + 1);
        if (step.Refund != 0) json.WriteNumber("refund", step.Refund);
        if (options.WithStack) WriteStack(json, step.Stack);
        if (options.WithReturnData && !step.ReturnData.IsEmpty) json.Bytes("returnData", step.ReturnData);
        if (options.WithMemory && !step.Memory.IsEmpty) WriteMemory(json, step.Memory);
        if (slots is not null) WriteStorage(json, slots);
    }

    private void Close(ulong cost, string? error)
    {
        _isOpen = false;
        Writer.WriteNumber("gasCost", cost);
        if (error is not null) Writer.WriteString("error", error);
        Writer.WriteEndObject();
        // What is ready goes to the buffer, so that the writer itself keeps nothing.
        Writer.Flush();
    }

    /// <summary>The last opcode of a frame. It is at fault itself when the frame ended in something that is checked before it runs.</summary>
    private void CloseLast(in EvmExit exit)
    {
        bool isRefused = exit.Status is EvmStatus.OutOfGas or EvmStatus.StackUnderflow or EvmStatus.StackOverflow or EvmStatus.InvalidOpcode;
        ulong cost = exit.GasAfterCode >= 0 ? _openGas - Math.Min(_openGas, (ulong)exit.GasAfterCode) : _openGas + (ulong)-exit.GasAfterCode;
        string? error = !isRefused ? null
            : exit.Status == EvmStatus.InvalidOpcode ? $"invalid opcode: {OpcodeName.Of(_openOpcode)}"
            : ExecutionErrors.Text(exit.Status);
        Close(cost, error);
    }

    /// <summary>All that the account's code is known to have loaded or stored, with this step; null for other opcodes.</summary>
    private SortedDictionary<UInt256, UInt256>? SlotsOf(in EvmStep step)
    {
        bool isLoad = step.Opcode == Sload && step.Stack.Length >= 1;
        if (!isLoad && (step.Opcode != Sstore || step.Stack.Length < 2)) return null;
        if (!_storage.TryGetValue(step.Self, out SortedDictionary<UInt256, UInt256>? slots)) _storage.Add(step.Self, slots = []);
        UInt256 slot = step.Stack[^1];
        slots[slot] = isLoad ? subject.State.GetStorage(step.Self, slot) : step.Stack[^2];
        return slots;
    }

    private static void WriteStack(Utf8JsonWriter json, ReadOnlySpan<UInt256> stack)
    {
        json.WriteStartArray("stack");
        foreach (UInt256 word in stack) json.WriteStringValue(word.ToHexQuantity());
        json.WriteEndArray();
    }

    private static void WriteMemory(Utf8JsonWriter json, ReadOnlySpan<byte> memory)
    {
        json.WriteStartArray("memory");
        for (int i = 0; i < memory.Length; i += 32) json.WriteStringValue(Hex.Encode(memory.Slice(i, 32)));
        json.WriteEndArray();
    }

    private static void WriteStorage(Utf8JsonWriter json, SortedDictionary<UInt256, UInt256> slots)
    {
        json.WriteStartObject("storage");
        foreach ((UInt256 slot, UInt256 word) in slots) json.WriteString(Hex.Encode(slot.ToBigEndian()), Hex.Encode(word.ToBigEndian()));
        json.WriteEndObject();
    }
}
