using System.Text.Json;
using CPChain.Evm;
using CPChain.Rpc.Json;
using CPChain.Rpc.Methods;
using CPChain.Types;

namespace CPChain.Rpc.Tracing;

/// <summary>The tree of calls, creations and self-destructions of a transaction (go-ethereum's callTracer).</summary>
internal sealed class CallTracer(TraceSubject subject, TraceOptions options, TraceBudget budget) : ITransactionTracer
{
    /// <summary>Bytes of a frame without its data.</summary>
    private const int FrameBytes = 300;

    private const int LogBytes = 400;

    private readonly Stack<Node> _open = [];

    /// <summary>Events before each open call, recorded or not.</summary>
    private readonly Stack<int> _logsBefore = [];

    private Node? _top;
    private int _logs = subject.LogsBefore;

    public void OnEnter(in EvmCall call)
    {
        _logsBefore.Push(_logs);
        if (options.OnlyTopCall && call.Depth > 0) return;
        // A frame that does not fit is left out with all its children; the answer will be refused anyhow.
        if (!budget.Take(FrameBytes + 2L * call.Input.Length))
        {
            _open.Push(Node.Omitted);
            return;
        }
        Node node = new()
        {
            Kind = call.Kind,
            From = call.From,
            To = call.To,
            Value = call.Kind == EvmCallKind.StaticCall ? null : call.Value,
            Gas = call.Depth == 0 ? subject.Content.GasLimit : call.Gas,
            GasGiven = call.Gas,
            Input = call.Input.ToArray(),
        };
        if (_open.TryPeek(out Node? parent)) parent.Calls.Add(node);
        _top ??= node;
        _open.Push(node);
    }

    public void OnStep(in EvmStep step)
    {
    }

    public void OnLog(EvmLog log)
    {
        int index = _logs++;
        if (!options.WithLog || !_open.TryPeek(out Node? node)) return;
        // Under a call that is not recorded nothing is.
        if (options.OnlyTopCall && _logsBefore.Count > 1) return;
        if (budget.Take(LogBytes + 2L * log.Data.Length)) node.Logs.Add((log, node.Calls.Count, index));
    }

    public void OnLeave(in EvmExit exit)
    {
        int before = _logsBefore.Pop();
        if (exit.Status != EvmStatus.Success) _logs = before;
        if (options.OnlyTopCall && exit.Depth > 0) return;
        Node node = _open.Pop();
        if (ReferenceEquals(node, Node.Omitted)) return;
        node.GasUsed = node.GasGiven - Math.Min(node.GasGiven, exit.GasLeft);
        if (exit.Status == EvmStatus.Success)
        {
            if (budget.Take(2L * exit.Output.Length)) node.Output = exit.Output.ToArray();
            return;
        }
        node.Error = ExecutionErrors.Text(exit.Status);
        if (node.IsCreation) node.To = null;
        if (exit.Status != EvmStatus.Revert || exit.Output.IsEmpty || !budget.Take(3L * exit.Output.Length)) return;
        node.Output = exit.Output.ToArray();
        node.Reason = ExecutionErrors.ReasonOf(exit.Output);
    }

    public void End(ulong gasUsed)
    {
        if (_top is not null) _top.GasUsed = gasUsed;
    }

    public void Write(Utf8JsonWriter json)
    {
        if (_top is null) json.WriteNullValue();
        else Write(json, _top, hasFailed: false);
    }

    private static void Write(Utf8JsonWriter json, Node node, bool hasFailed)
    {
        hasFailed |= node.Error is not null;
        json.WriteStartObject();
        json.Address("from", node.From);
        json.Quantity("gas", node.Gas);
        json.Quantity("gasUsed", node.GasUsed);
        if (node.To is not null) json.Address("to", node.To);
        json.Bytes("input", node.Input);
        if (node.Output.Length > 0) json.Bytes("output", node.Output);
        if (node.Error is not null) json.WriteString("error", node.Error);
        if (node.Reason is not null) json.WriteString("revertReason", node.Reason);
        if (node.Calls.Count > 0)
        {
            json.WriteStartArray("calls");
            foreach (Node child in node.Calls) Write(json, child, hasFailed);
            json.WriteEndArray();
        }
        // Events of what failed never were.
        if (node.Logs.Count > 0 && !hasFailed) WriteLogs(json, node);
        if (node.Value is { } value) json.Quantity("value", value);
        json.WriteString("type", OpcodeName.Of((byte)node.Kind));
        json.WriteEndObject();
    }

    private static void WriteLogs(Utf8JsonWriter json, Node node)
    {
        json.WriteStartArray("logs");
        foreach ((EvmLog log, int position, int index) in node.Logs)
        {
            json.WriteStartObject();
            json.Address("address", log.Address);
            json.WriteStartArray("topics");
            foreach (Hash256 topic in log.Topics) json.WriteStringValue(topic.ToString());
            json.WriteEndArray();
            json.Bytes("data", log.Data.Span);
            json.Quantity("position", (ulong)position);
            json.Quantity("index", (ulong)index);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private sealed class Node
    {
        public static Node Omitted { get; } = new();

        public EvmCallKind Kind { get; init; }

        public Address From { get; init; }

        public Address? To { get; set; }

        public UInt256? Value { get; init; }

        public ulong Gas { get; init; }

        /// <summary>Gas of the code alone; of the outermost frame without what the transaction itself costs.</summary>
        public ulong GasGiven { get; init; }

        public ulong GasUsed { get; set; }

        public byte[] Input { get; init; } = [];

        public byte[] Output { get; set; } = [];

        public string? Error { get; set; }

        public string? Reason { get; set; }

        public List<Node> Calls { get; } = [];

        public List<(EvmLog Log, int Position, int Index)> Logs { get; } = [];

        public bool IsCreation => Kind is EvmCallKind.Create or EvmCallKind.Create2;
    }
}
