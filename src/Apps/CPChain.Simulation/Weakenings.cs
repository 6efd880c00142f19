using System.Reflection;
using CPChain.Lbft;
using CPChain.Lbft.Weakenings;

namespace CPChain.Simulation;

/// <summary>
/// The deliberate weakenings of <see cref="LbftRules"/> by the names that commands take: those of the registry, which the
/// explorer shares, and each flag by its own name.
/// </summary>
public static class Weakenings
{
    private static readonly PropertyInfo[] Flags = [.. typeof(LbftRules)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.PropertyType == typeof(bool) && property.CanWrite)];

    /// <summary>Every name, in the words of the command line: lower case, joined by hyphens.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Weakening.All.Select(weakening => weakening.Name)];

    /// <summary>The rules with one weakening; the certified ones for null; null for an unknown name.</summary>
    public static LbftRules? Find(string? name)
    {
        if (name is null) return LbftRules.Certified;
        if (Weakening.Find(name) is { } weakening) return weakening.Rules;

        PropertyInfo? flag = Array.Find(Flags, one => one.Name == name || Hyphenated(one.Name) == name);
        if (flag is null) return null;

        LbftRules rules = new();
        flag.SetValue(rules, true);
        return rules;
    }

    private static string Hyphenated(string name) => string.Concat(name.Select((letter, index) =>
        char.IsUpper(letter) ? (index == 0 ? "" : "-") + char.ToLowerInvariant(letter) : letter.ToString()));
}
