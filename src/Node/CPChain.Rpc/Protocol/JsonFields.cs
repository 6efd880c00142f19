using System.Text.Json;
using CPChain.Types;

namespace CPChain.Rpc.Protocol;

/// <summary>Reads single JSON values in the encodings of the Ethereum execution API. Never throws.</summary>
internal static class JsonFields
{
    public static bool TryAddress(JsonElement value, out Address address)
    {
        address = default;
        return TryText(value, 42, out string text) && Address.TryParse(text, out address);
    }

    public static bool TryHash(JsonElement value, out Hash256 hash)
    {
        hash = default;
        return TryText(value, 66, out string text) && Hash256.TryParse(text, out hash);
    }

    public static bool TryBytes(JsonElement value, out byte[] bytes)
    {
        bytes = [];
        return TryText(value, int.MaxValue, out string text) && text.StartsWith("0x", StringComparison.Ordinal)
            && Hex.TryDecode(text, out bytes);
    }

    /// <summary>A quantity: 0x, at least one digit, no leading zero.</summary>
    public static bool TryQuantity(JsonElement value, out UInt256 number)
    {
        number = default;
        return TryText(value, 66, out string text) && text.StartsWith("0x", StringComparison.Ordinal) && text.Length > 2
            && (text.Length == 3 || text[2] != '0') && UInt256.TryParse(text, out number);
    }

    public static bool TryUlong(JsonElement value, out ulong number)
    {
        number = 0;
        return TryQuantity(value, out UInt256 wide) && wide.TryToUlong(out number);
    }

    /// <summary>A storage key: 0x and up to 64 digits, leading zeros and an odd count allowed.</summary>
    public static bool TrySlot(JsonElement value, out UInt256 slot)
    {
        slot = default;
        return TryText(value, 66, out string text) && text.StartsWith("0x", StringComparison.Ordinal) && text.Length > 2
            && UInt256.TryParse(text, out slot);
    }

    /// <summary>The text of a JSON string that is not empty nor too long.</summary>
    public static bool TryText(JsonElement value, int lengthMax, out string text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.Length > 0 && text.Length <= lengthMax;
    }

    /// <summary>
    /// Whether every escape in names and strings stands for text. The parser lets half a surrogate pair pass and throws
    /// when it is looked at, so it is looked at before anything else.
    /// </summary>
    public static bool HasReadableText(ReadOnlySpan<byte> json, int depthMax)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = depthMax });
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.ValueIsEscaped) reader.GetString();
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
