using System.Text.Json;
using CPChain.Types;

namespace CPChain.Rpc.Protocol;

/// <summary>The outcome of one method: a fault, or what writes the result.</summary>
internal readonly struct RpcAnswer
{
    private RpcAnswer(RpcFault? fault, Action<Utf8JsonWriter>? write) => (Fault, Write) = (fault, write);

    public RpcFault? Fault { get; }

    /// <summary>Writes exactly one JSON value; null stands for JSON null.</summary>
    public Action<Utf8JsonWriter>? Write { get; }

    public static RpcAnswer Null => default;

    public static RpcAnswer Of(Action<Utf8JsonWriter> write) => new(null, write);

    /// <summary>A result that is JSON already.</summary>
    public static RpcAnswer Raw(ReadOnlyMemory<byte> json) => Of(writer => writer.WriteRawValue(json.Span, skipInputValidation: true));

    public static RpcAnswer Text(string text) => Of(json => json.WriteStringValue(text));

    public static RpcAnswer Flag(bool value) => Of(json => json.WriteBooleanValue(value));

    public static RpcAnswer Quantity(UInt256 number) => Text(number.ToHexQuantity());

    public static RpcAnswer Quantity(ulong number) => Quantity(new UInt256(number));

    public static RpcAnswer Bytes(ReadOnlySpan<byte> bytes) => Text(Hex.Encode(bytes));

    public static implicit operator RpcAnswer(RpcFault fault) => new(fault, null);
}
