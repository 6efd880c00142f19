using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.EvmTools.StateTests;
using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>One call that is worth repeating.</summary>
/// <param name="Name">File and input.</param>
/// <param name="Pre">State before.</param>
/// <param name="Sender">Who calls; has no code.</param>
/// <param name="Target">What is called.</param>
/// <param name="Input">Call data.</param>
public sealed record BenchProgram(
    string Name, ImmutableArray<GenesisAccount> Pre, Address Sender, Address Target, ReadOnlyMemory<byte> Input)
{
    private const string Own = "bench.";

    /// <summary>The programs that come with this library: token transfer, collectible mint, swap.</summary>
    public static IEnumerable<BenchProgram> OwnPrograms()
    {
        foreach (string name in typeof(BenchProgram).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(Own, StringComparison.Ordinal)) continue;
            using Stream stream = typeof(BenchProgram).Assembly.GetManifestResourceStream(name)!;
            using MemoryStream json = new();
            stream.CopyTo(json);
            foreach (BenchProgram program in Read(name, json.ToArray())) yield return program;
        }
    }

    /// <summary>Every input of every test in a file in the format of state tests; its post state is not needed.</summary>
    /// <exception cref="FormatException">The content is not what the format says.</exception>
    public static IReadOnlyList<BenchProgram> Read(string file, byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateObject().SelectMany(static test => Inputs(test.Name, test.Value))];
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"{file} is not in the format of state tests: {broken.Message}", broken);
        }
    }

    private static List<BenchProgram> Inputs(string name, JsonElement test)
    {
        JsonElement transaction = test.GetProperty("transaction");
        JsonElement inputs = transaction.GetProperty("data");
        List<BenchProgram> programs = [];
        for (int i = 0; i < inputs.GetArrayLength(); i++)
        {
            programs.Add(new BenchProgram(
                inputs.GetArrayLength() == 1 ? name : $"{name}/{Label(test, i)}",
                StateTestState.Read(test.GetProperty("pre")),
                StateTestTransaction.Sender(transaction),
                Address.Parse(transaction.GetProperty("to").GetString()),
                Hex.Decode(inputs[i].GetString())));
        }

        return programs;
    }

    private static string Label(JsonElement test, int index)
    {
        string number = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return test.TryGetSet("_info", out JsonElement info) && info.TryGetSet("labels", out JsonElement labels)
            && labels.TryGetSet(number, out JsonElement label) ? label.GetString()! : number;
    }
}
