using System.Text.Json;

namespace CPChain.RpcCompat.Cases;

/// <summary>
/// Compares an answer with the expected one: the same members with the same values; of a case that asks for the shape alone, members and
/// kinds. Of an error, code and data count, not the words.
/// </summary>
internal static class AnswerComparison
{
    private const int ShownMax = 160;

    /// <summary>The first difference, or null.</summary>
    public static string? Difference(byte[] expected, ReadOnlySpan<byte> actual, bool isShapeOnly)
    {
        // A request without an id is not answered.
        if (actual.IsEmpty) return "no answer";
        using JsonDocument wanted = JsonDocument.Parse(expected);
        using JsonDocument found = JsonDocument.Parse(actual.ToArray());
        if (wanted.RootElement.TryGetProperty("error", out JsonElement wantedError))
        {
            return found.RootElement.TryGetProperty("error", out JsonElement error)
                ? OfErrors(wantedError, error)
                : $"an answer where error {wantedError.GetProperty("code")} is expected: {Show(found.RootElement)}";
        }
        if (found.RootElement.TryGetProperty("error", out JsonElement unexpected)) return $"error {Show(unexpected)}";
        JsonElement wantedResult = wanted.RootElement.GetProperty("result");
        JsonElement result = found.RootElement.GetProperty("result");
        return isShapeOnly ? OfShapes("result", wantedResult, result) : OfValues("result", wantedResult, result);
    }

    private static string? OfErrors(JsonElement wanted, JsonElement found)
    {
        if (OfValues("error.code", wanted.GetProperty("code"), found.GetProperty("code")) is { } difference)
            return $"{difference} ({Show(found)})";
        return wanted.TryGetProperty("data", out JsonElement wantedData)
            ? found.TryGetProperty("data", out JsonElement data)
                ? OfValues("error.data", wantedData, data)
                : $"error.data is missing, expected {Show(wantedData)}"
            : null;
    }

    private static string? OfValues(string path, JsonElement wanted, JsonElement found)
    {
        if (OfKinds(path, wanted, found) is { } kinds) return kinds;
        switch (wanted.ValueKind)
        {
            case JsonValueKind.Object:
                if (OfNames(path, wanted, found) is { } names) return names;
                foreach (JsonProperty member in wanted.EnumerateObject())
                {
                    string? difference = OfValues($"{path}.{member.Name}", member.Value, found.GetProperty(member.Name));
                    if (difference is not null) return difference;
                }
                return null;
            case JsonValueKind.Array:
                if (wanted.GetArrayLength() != found.GetArrayLength())
                    return $"{path} has {found.GetArrayLength()} items, expected {wanted.GetArrayLength()}";
                for (int i = 0; i < wanted.GetArrayLength(); i++)
                    if (OfValues($"{path}[{i}]", wanted[i], found[i]) is { } difference) return difference;
                return null;
            case JsonValueKind.Number:
                return wanted.GetDouble().Equals(found.GetDouble()) ? null : Unequal(path, wanted, found);
            case JsonValueKind.String:
                return wanted.GetString() == found.GetString() ? null : Unequal(path, wanted, found);
            default:
                return null;
        }
    }

    private static string? OfShapes(string path, JsonElement wanted, JsonElement found)
    {
        if (OfKinds(path, wanted, found) is { } kinds) return kinds;
        switch (wanted.ValueKind)
        {
            case JsonValueKind.Object when IsMap(wanted) || IsMap(found):
                if (!wanted.EnumerateObject().Any()) return null;
                JsonElement sample = wanted.EnumerateObject().First().Value;
                return found.EnumerateObject()
                    .Select(member => OfShapes($"{path}.{member.Name}", sample, member.Value))
                    .FirstOrDefault(static difference => difference is not null);
            case JsonValueKind.Object:
                return OfNames(path, wanted, found) ?? wanted.EnumerateObject()
                    .Select(member => OfShapes($"{path}.{member.Name}", member.Value, found.GetProperty(member.Name)))
                    .FirstOrDefault(static difference => difference is not null);
            case JsonValueKind.Array when wanted.GetArrayLength() > 0:
                return found.EnumerateArray()
                    .Select((item, i) => OfItems($"{path}[{i}]", wanted, i, item))
                    .FirstOrDefault(static difference => difference is not null);
            case JsonValueKind.String:
                return IsHex(wanted) == IsHex(found) ? null : Unequal(path, wanted, found);
            default:
                return null;
        }
    }

    /// <summary>An item has the shape of its counterpart, or where the lists differ in length of any expected one.</summary>
    private static string? OfItems(string path, JsonElement wanted, int index, JsonElement item)
    {
        string? first = OfShapes(path, wanted[Math.Min(index, wanted.GetArrayLength() - 1)], item);
        return first is null || wanted.EnumerateArray().Any(other => OfShapes(path, other, item) is null) ? null : first;
    }

    private static string? OfKinds(string path, JsonElement wanted, JsonElement found) =>
        wanted.ValueKind == found.ValueKind ? null : Unequal(path, wanted, found);

    private static string? OfNames(string path, JsonElement wanted, JsonElement found)
    {
        string[] missing = [.. wanted.EnumerateObject().Select(static m => m.Name).Where(name => !found.TryGetProperty(name, out _))];
        string[] surplus = [.. found.EnumerateObject().Select(static m => m.Name).Where(name => !wanted.TryGetProperty(name, out _))];
        if (missing.Length > 0) return $"{path} lacks {string.Join(", ", missing)}";
        return surplus.Length > 0 ? $"{path} has {string.Join(", ", surplus)} besides" : null;
    }

    /// <summary>Whether the names are data: addresses or nonces. An empty object may be one.</summary>
    private static bool IsMap(JsonElement value) => value.EnumerateObject().All(static member =>
        member.Name.StartsWith("0x", StringComparison.Ordinal) || member.Name.All(char.IsAsciiDigit));

    private static bool IsHex(JsonElement value) => value.GetString()!.StartsWith("0x", StringComparison.Ordinal);

    private static string Unequal(string path, JsonElement wanted, JsonElement found) =>
        $"{path} is {Show(found)}, expected {Show(wanted)}";

    private static string Show(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length > ShownMax ? text[..ShownMax] + "..." : text;
    }
}
