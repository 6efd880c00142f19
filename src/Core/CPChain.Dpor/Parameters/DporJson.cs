using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CPChain.Dpor;

/// <summary>The numbers of D3 to and from their JSON: the object that a genesis carries.</summary>
public static class DporJson
{
    /// <summary>Characters of a text, at most.</summary>
    public const int CharactersMax = 64 * 1024;

    /// <summary>The canonical text: equal numbers print alike.</summary>
    public static string Print(DporParameters parameters) =>
        JsonSerializer.Serialize(DporDocument.Of(parameters), DporJsonContext.Readable.DporDocument) + "\n";

    /// <summary>Reads a text; on a fault says which field and why. Never throws.</summary>
    public static bool TryParse(
        string json, [NotNullWhen(true)] out DporParameters? parameters, out (string Field, string Reason) fault)
    {
        parameters = null;
        if (json.Length > CharactersMax)
        {
            fault = ("", $"more than {CharactersMax} characters");
            return false;
        }
        try
        {
            DporDocument? document = JsonSerializer.Deserialize(json, DporJsonContext.Readable.DporDocument);
            if (document is not null)
                return document.TryToParameters(out parameters, out fault);
            fault = ("", "must be an object");
            return false;
        }
        catch (JsonException refusal)
        {
            fault = ((refusal.Path ?? "").TrimStart('$', '.'), FirstSentence(refusal.Message));
            return false;
        }
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

[JsonSerializable(typeof(DporDocument))]
internal sealed partial class DporJsonContext : JsonSerializerContext
{
    public static DporJsonContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        NewLine = "\n",
        MaxDepth = 8,
    });
}
