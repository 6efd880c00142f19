using System.Text.Json;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>Reads JSON values of one method's answer; whatever does not fit is a <see cref="BadAnswerException"/>.</summary>
internal sealed class AnswerReader(string method)
{
    public string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad("a string is missing");

    public UInt256 Quantity(JsonElement value)
    {
        string text = Text(value);
        return text.StartsWith("0x", StringComparison.Ordinal) && UInt256.TryParse(text, out UInt256 number)
            ? number
            : throw Bad($"'{Shown(text)}' is no quantity");
    }

    public ulong Ulong(JsonElement value) => Quantity(value).TryToUlong(out ulong number) ? number : throw Bad("a number is too large");

    public byte[] Bytes(JsonElement value) =>
        Hex.TryDecode(Text(value), out byte[] bytes) ? bytes : throw Bad("bytes are not hexadecimal");

    public Hash256 Hash(JsonElement value) =>
        Hash256.TryParse(Text(value), out Hash256 hash) ? hash : throw Bad("a hash is not 32 bytes");

    public Address Address(JsonElement value) =>
        Types.Address.TryParse(Text(value), out Address address) ? address : throw Bad("an address is not 20 bytes");

    public Address? OptionalAddress(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Address(value);

    public ulong? OptionalUlong(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Ulong(value);

    public JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member)
            ? member
            : throw Bad($"the member {name} is missing");

    public IReadOnlyList<T> List<T>(JsonElement value, Func<JsonElement, T> read)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Bad("an array is missing");
        List<T> items = new(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray()) items.Add(read(item));
        return items;
    }

    public BlockInfo Block(JsonElement b) => new(
        Ulong(Member(b, "number")), Hash(Member(b, "hash")), Hash(Member(b, "parentHash")), Hash(Member(b, "stateRoot")),
        Ulong(Member(b, "timestamp")), Address(Member(b, "miner")), Ulong(Member(b, "gasLimit")),
        Ulong(Member(b, "gasUsed")), Quantity(Member(b, "baseFeePerGas")), List(Member(b, "transactions"), Hash));

    public TransactionInfo Transaction(JsonElement t) => new(
        Hash(Member(t, "hash")), Address(Member(t, "from")), OptionalAddress(Member(t, "to")), Ulong(Member(t, "nonce")),
        Quantity(Member(t, "value")), Ulong(Member(t, "gas")), Bytes(Member(t, "input")),
        OptionalUlong(Member(t, "blockNumber")), OptionalUlong(Member(t, "transactionIndex")));

    public LogInfo Log(JsonElement l) => new(
        Address(Member(l, "address")), List(Member(l, "topics"), Hash), Bytes(Member(l, "data")),
        Ulong(Member(l, "blockNumber")), Hash(Member(l, "transactionHash")), Ulong(Member(l, "logIndex")));

    public ReceiptInfo Receipt(JsonElement r) => new(
        Hash(Member(r, "transactionHash")), Hash(Member(r, "blockHash")), Ulong(Member(r, "blockNumber")),
        Ulong(Member(r, "transactionIndex")), Address(Member(r, "from")), OptionalAddress(Member(r, "to")),
        OptionalAddress(Member(r, "contractAddress")), Ulong(Member(r, "status")) == 1, Ulong(Member(r, "gasUsed")),
        Quantity(Member(r, "effectiveGasPrice")), List(Member(r, "logs"), Log));

    public BadAnswerException Bad(string reason) => new(method, reason);

    private static string Shown(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
