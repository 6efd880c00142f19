using System.Text.Json;
using CPChain.Types;

namespace CPChain.Rpc.Protocol;

/// <summary>
/// Reads the members of one JSON object that a parameter holds. What is absent or null is null; the first member that does not fit stays
/// as the fault of the arguments.
/// </summary>
internal readonly struct ObjectFields(RpcArguments a, int index, JsonElement json)
{
    /// <summary>The same of an object within this one.</summary>
    public ObjectFields Within(JsonElement inner) => new(a, index, inner);

    public void Fail(string reason) => a.Fail(index, reason);

    public Address? Address(string name)
    {
        if (Member(name) is not { } value) return null;
        if (JsonFields.TryAddress(value, out Address address)) return address;
        a.Fail(index, $"{name} is no address");
        return null;
    }

    public Hash256? Hash(string name)
    {
        if (Member(name) is not { } value) return null;
        if (JsonFields.TryHash(value, out Hash256 hash)) return hash;
        a.Fail(index, $"{name} is no hash of 32 bytes");
        return null;
    }

    public UInt256? Quantity(string name)
    {
        if (Member(name) is not { } value) return null;
        if (JsonFields.TryQuantity(value, out UInt256 number)) return number;
        a.Fail(index, $"{name} is no hex quantity");
        return null;
    }

    public ulong? Ulong(string name)
    {
        if (Quantity(name) is not { } number) return null;
        if (number.TryToUlong(out ulong small)) return small;
        a.Fail(index, $"{name} is above 64 bits");
        return null;
    }

    public byte[]? Bytes(string name)
    {
        if (Member(name) is not { } value) return null;
        if (JsonFields.TryBytes(value, out byte[] bytes)) return bytes;
        a.Fail(index, $"{name} is no hex");
        return null;
    }

    public bool Flag(string name)
    {
        if (Member(name) is not { } value) return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        a.Fail(index, $"{name} is neither true nor false");
        return false;
    }

    public JsonElement? Object(string name) => Of(name, JsonValueKind.Object, "no object");

    public JsonElement? Array(string name) => Of(name, JsonValueKind.Array, "no list");

    private JsonElement? Of(string name, JsonValueKind kind, string otherwise)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind == kind) return value;
        a.Fail(index, $"{name} is {otherwise}");
        return null;
    }

    private JsonElement? Member(string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
