using System.Text.Json;
using CPChain.Types;

namespace CPChain.Rpc.Json;

/// <summary>Members in the encodings of the Ethereum execution API.</summary>
internal static class JsonWriting
{
    public static void Quantity(this Utf8JsonWriter json, string name, UInt256 number) =>
        json.WriteString(name, number.ToHexQuantity());

    public static void Quantity(this Utf8JsonWriter json, string name, ulong number) => json.Quantity(name, new UInt256(number));

    public static void Bytes(this Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes) =>
        json.WriteString(name, Hex.Encode(bytes));

    public static void Hash(this Utf8JsonWriter json, string name, Hash256 hash) => json.WriteString(name, hash.ToString());

    public static void Address(this Utf8JsonWriter json, string name, Address? address)
    {
        if (address is { } known) json.WriteString(name, known.ToString());
        else json.WriteNull(name);
    }

    public static void Addresses(this Utf8JsonWriter json, string name, IEnumerable<Address> addresses)
    {
        json.WriteStartArray(name);
        foreach (Address address in addresses) json.WriteStringValue(address.ToString());
        json.WriteEndArray();
    }

    public static void OptionalQuantity(this Utf8JsonWriter json, string name, ulong? number)
    {
        if (number is { } known) json.Quantity(name, known);
        else json.WriteNull(name);
    }
}
