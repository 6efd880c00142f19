using System.Text;
using System.Text.Json;

namespace CPChain.RpcCompat.Cases;

/// <summary>One request of a case and the answer of Ethereum's clients to it.</summary>
internal sealed record Exchange(byte[] Request, byte[] Answer);

/// <summary>A file of requests and answers.</summary>
/// <param name="Name">Method and file, without its ending.</param>
/// <param name="IsShapeOnly">The answer is an example: another one of the same shape will do.</param>
/// <param name="Exchanges">In order.</param>
internal sealed record IoCase(string Name, bool IsShapeOnly, IReadOnlyList<Exchange> Exchanges)
{
    /// <summary>The method that the case is about.</summary>
    public string Method => Name[..Name.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Reads a case: comments, then requests after &gt;&gt; and answers after &lt;&lt;.</summary>
    /// <exception cref="FormatException">The file is no case.</exception>
    public static IoCase Read(string path, byte[] content)
    {
        string[] parts = path.Replace('\\', '/').Split('/');
        string name = $"{(parts.Length > 1 ? parts[^2] : "case")}/{Path.GetFileNameWithoutExtension(parts[^1])}";
        List<Exchange> exchanges = [];
        bool isShapeOnly = false;
        byte[]? request = null;
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("//", StringComparison.Ordinal))
                isShapeOnly |= line[2..].TrimStart().StartsWith("speconly:", StringComparison.Ordinal);
            else if (line.StartsWith(">>", StringComparison.Ordinal)) request = Json(name, line[2..]);
            else if (line.StartsWith("<<", StringComparison.Ordinal))
            {
                if (request is null) throw new FormatException($"{name} has an answer without a request");
                exchanges.Add(new Exchange(request, Answer(name, line[2..])));
                request = null;
            }
            else if (line.Length > 0) throw new FormatException($"{name} has a line that is neither comment, request nor answer");
        }
        if (request is not null || exchanges.Count == 0) throw new FormatException($"{name} has a request without an answer");
        return new IoCase(name, isShapeOnly, exchanges);
    }

    private static byte[] Answer(string name, string text)
    {
        byte[] json = Json(name, text);
        using JsonDocument document = JsonDocument.Parse(json);
        bool isAnswer = document.RootElement.ValueKind == JsonValueKind.Object
            && (document.RootElement.TryGetProperty("error", out JsonElement error)
                ? error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code", out _)
                : document.RootElement.TryGetProperty("result", out _));
        return isAnswer ? json : throw new FormatException($"{name} has an answer without result and error code");
    }

    private static byte[] Json(string name, string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Encoding.UTF8.GetBytes(text);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"{name}: {broken.Message}", broken);
        }
    }
}
