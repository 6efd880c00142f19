using System.Collections.Immutable;

namespace CPChain.RpcCompat.Cases;

/// <summary>Cases that do not pass here by a decision of this chain, each with its reason; and methods that are left out whole.</summary>
internal static class ExpectedFailures
{
    private const string Resource = "expected-failures.txt";

    /// <summary>Methods left out: they serve the making of test chains, or tell of forks and services that this chain does not have.</summary>
    private static readonly ImmutableArray<(string Prefix, string Reason)> s_leftOut =
    [
        ("testing_", "builds blocks for test networks of Ethereum"),
        ("eth_config", "tells the forks of Ethereum (EIP-7910)"),
        ("eth_capabilities", "tells which services a client of Ethereum offers"),
    ];

    /// <summary>Reasons by the name of the case.</summary>
    public static ImmutableDictionary<string, string> Listed { get; } = Read();

    /// <summary>Why a method is left out; null for all others.</summary>
    public static string? WhyLeftOut(string method) => s_leftOut
        .Where(one => method.StartsWith(one.Prefix, StringComparison.Ordinal))
        .Select(static one => one.Reason)
        .FirstOrDefault();

    private static ImmutableDictionary<string, string> Read()
    {
        using Stream stream = typeof(ExpectedFailures).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the program");
        using StreamReader reader = new(stream);
        ImmutableDictionary<string, string>.Builder listed = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string line in reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#')) continue;
            string[] parts = line.Split('|', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[1].Length == 0) throw new FormatException($"{Resource}: {line} has no reason");
            listed.Add(parts[0], parts[1]);
        }
        return listed.ToImmutable();
    }
}
