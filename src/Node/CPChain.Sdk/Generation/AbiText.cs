using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CPChain.Sdk.Generation;

/// <summary>The text of an ABI as generated code holds it: only what is read again, one entry a line.</summary>
internal static partial class AbiText
{
    private static readonly string[] s_texts = ["type", "name", "stateMutability", "internalType"];
    private static readonly string[] s_lists = ["inputs", "outputs", "components"];

    /// <exception cref="FormatException">A name or type has characters that none can have.</exception>
    public static string Of(JsonElement abi)
    {
        IEnumerable<string> entries = abi.EnumerateArray()
            .Where(e => e.GetProperty("type").GetString() is "function" or "event" or "error" or "constructor").Select(Entry);
        return "[\n" + string.Join(",\n", entries) + "\n]";
    }

    private static string Entry(JsonElement entry)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer)) Write(writer, entry);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, JsonElement item)
    {
        writer.WriteStartObject();
        foreach (string name in s_texts)
        {
            if (!item.TryGetProperty(name, out JsonElement value)) continue;
            string text = value.GetString() ?? "";
            if (!Harmless().IsMatch(text)) throw new FormatException($"The ABI has the strange {name} '{text}'.");
            writer.WriteString(name, text);
        }
        foreach (string flag in (string[])["indexed", "anonymous"])
            if (item.TryGetProperty(flag, out JsonElement value) && value.ValueKind == JsonValueKind.True) writer.WriteBoolean(flag, true);
        foreach (string name in s_lists)
        {
            if (!item.TryGetProperty(name, out JsonElement list)) continue;
            writer.WriteStartArray(name);
            foreach (JsonElement parameter in list.EnumerateArray()) Write(writer, parameter);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_$. \[\](),]*$")]
    private static partial Regex Harmless();
}
