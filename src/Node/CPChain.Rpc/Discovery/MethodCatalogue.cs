using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CPChain.Rpc.Discovery;

/// <summary>One parameter of a method.</summary>
internal sealed record ParameterDescription(string Name, bool IsRequired, string Schema);

/// <summary>What a method takes, gives and refuses; schemas and errors by their names in <c>schemas.json</c>.</summary>
internal sealed record MethodDescription(
    string Name, string Summary, IReadOnlyList<ParameterDescription> Parameters, string Result, IReadOnlyList<string> Errors);

/// <summary>The descriptions of all methods, from <c>methods.txt</c>. A method without one cannot be put into the table.</summary>
internal static partial class MethodCatalogue
{
    private static readonly FrozenDictionary<string, MethodDescription> s_methods = Read();

    /// <summary>All names that are described.</summary>
    public static IEnumerable<string> Names => s_methods.Keys;

    /// <summary>The description of a method.</summary>
    /// <exception cref="InvalidOperationException">There is none: the method is new and methods.txt does not know it.</exception>
    public static MethodDescription Of(string name) => s_methods.TryGetValue(name, out MethodDescription? known)
        ? known
        : throw new InvalidOperationException($"Discovery/methods.txt does not describe {name}.");

    /// <summary>The schemas and errors that descriptions name.</summary>
    public static JsonDocument Components() => JsonDocument.Parse(Text("schemas.json"));

    private static FrozenDictionary<string, MethodDescription> Read()
    {
        IEnumerable<string> lines = Text("methods.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Where(l => !l.StartsWith('#')).Select(Read).ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
    }

    private static MethodDescription Read(string line)
    {
        Match match = Line().Match(line);
        if (!match.Success) throw new InvalidOperationException($"Discovery/methods.txt: {line}");
        ParameterDescription[] parameters =
        [
            .. Parameter().Matches(match.Groups["parameters"].Value).Select(static m =>
                new ParameterDescription(m.Groups["name"].Value, m.Groups["optional"].Length == 0, m.Groups["schema"].Value)),
        ];
        string[] errors = match.Groups["errors"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Whatever takes parameters can be given wrong ones.
        return new MethodDescription(
            match.Groups["name"].Value, match.Groups["summary"].Value, parameters, match.Groups["result"].Value,
            parameters.Length == 0 ? errors : ["InvalidParams", .. errors]);
    }

    private static string Text(string file)
    {
        using Stream stream = typeof(MethodCatalogue).Assembly.GetManifestResourceStream($"CPChain.Rpc.Discovery.{file}")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(?<name>[a-z0-9]+[_.]\w+)\((?<parameters>[^)]*)\) -> (?<result>\w+)(?: ! (?<errors>[\w ]+?))? # (?<summary>.+)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<name>\w+)(?<optional>\??): (?<schema>\w+)")]
    private static partial Regex Parameter();
}
