using System.Text.Json;
using CPChain.Rpc.Subscriptions;
using CPChain.Types;

namespace CPChain.Rpc.Protocol;

/// <summary>
/// Reads the parameters of one request by position. The first thing that does not fit stays in <see cref="Fault"/>; what is
/// read after it means nothing. Never throws.
/// </summary>
internal sealed class RpcArguments
{
    private readonly JsonElement _parameters;

    public RpcArguments(JsonElement parameters, SubscriberTurn? subscriber, CancellationToken cancel)
    {
        (_parameters, Subscriber, Cancel) = (parameters, subscriber, cancel);
        Count = parameters.ValueKind == JsonValueKind.Array ? parameters.GetArrayLength() : 0;
        if (parameters.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined or JsonValueKind.Null))
            Fault = new RpcFault(-32602, "non-array args");
    }

    public int Count { get; }

    /// <summary>What the request came with; null where it came alone.</summary>
    public RpcBatch? Batch { get; init; }

    /// <summary>The request's place in the batch, from 0.</summary>
    public int Place { get; init; }

    /// <summary>The connection, where it can be told things; null over HTTP.</summary>
    public SubscriberTurn? Subscriber { get; }

    public RpcFault? Fault { get; private set; }

    /// <summary>Fires when the client has gone or the server stops.</summary>
    public CancellationToken Cancel { get; }

    /// <summary>Keeps the first fault.</summary>
    public void Fail(int index, string reason) => Fault ??= RpcFault.Invalid(index, reason);

    /// <summary>The parameter, or null when it is absent or JSON null.</summary>
    public JsonElement? Optional(int index) =>
        index < Count && _parameters[index].ValueKind != JsonValueKind.Null ? _parameters[index] : null;

    /// <summary>The parameter; a fault when it is absent.</summary>
    public JsonElement Required(int index)
    {
        if (Optional(index) is { } value) return value;
        Fault ??= RpcFault.Missing(index);
        return default;
    }

    public Address Address(int index) => JsonFields.TryAddress(Required(index), out Address address)
        ? address
        : FailWith<Address>(index, "an address of 20 bytes in hex is expected");

    public Hash256 Hash(int index) => JsonFields.TryHash(Required(index), out Hash256 hash)
        ? hash
        : FailWith<Hash256>(index, "a hash of 32 bytes in hex is expected");

    public byte[] Bytes(int index) => JsonFields.TryBytes(Required(index), out byte[] bytes)
        ? bytes
        : FailWith<byte[]>(index, "hex bytes with 0x prefix are expected") ?? [];

    public ulong Quantity(int index) => JsonFields.TryUlong(Required(index), out ulong number)
        ? number
        : FailWith<ulong>(index, "a hex quantity of at most 64 bits is expected");

    public string Text(int index)
    {
        if (!JsonFields.TryText(Required(index), int.MaxValue, out string text)) Fail(index, "a string is expected");
        return text;
    }

    public bool Flag(int index, bool otherwise)
    {
        if (Optional(index) is not { } value) return otherwise;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        return FailWith<bool>(index, "true or false is expected");
    }

    /// <summary>A slot of storage: a hex number of at most 32 bytes.</summary>
    public UInt256 Slot(int index) => JsonFields.TrySlot(Required(index), out UInt256 slot)
        ? slot
        : FailWith<UInt256>(index, "a storage key of at most 32 bytes in hex is expected");

    /// <summary>A block by number, name or hash (EIP-1898); the newest when the parameter is absent.</summary>
    public BlockSelector Block(int index)
    {
        if (Optional(index) is not { } value) return BlockSelector.Latest;
        return BlockSelector.TryRead(value, out BlockSelector selector)
            ? selector
            : FailWith<BlockSelector>(index, "a block number, tag or hash is expected");
    }

    private T? FailWith<T>(int index, string reason)
    {
        Fail(index, reason);
        return default;
    }
}
