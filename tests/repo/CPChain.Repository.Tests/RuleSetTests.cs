using System.Text.RegularExpressions;

namespace CPChain.Repository.Tests;

/// <summary>Nodes run the certified rules; every way to bend them is one flag, read in one place.</summary>
public sealed partial class RuleSetTests
{
    private const string RulesFile = "src/Core/CPChain.Lbft/LbftRules.cs";

    [Fact]
    public void Nodes_know_no_rules_but_the_certified_ones()
    {
        string[] mentions = [.. Repository.Files
            .Where(file => file.StartsWith("src/Node/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => RuleMention().Matches(Repository.Read(file)).Select(mention => $"{file}: {mention.Value}"))];

        Assert.NotEmpty(mentions);
        Assert.All(mentions, mention => Assert.EndsWith("LbftRules.Certified", mention, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_flag_of_the_rules_is_read_in_one_place()
    {
        string[] sources = [.. Repository.Files
            .Where(file => file.StartsWith("src/Core/CPChain.Lbft/", StringComparison.Ordinal)
                && file.EndsWith(".cs", StringComparison.Ordinal)
                && !file.Contains("/Weakenings/", StringComparison.Ordinal))
            .Select(file => file == RulesFile ? Repository.Read(file).Split("public int QuorumOf")[1] : Repository.Read(file))];
        string[] flags = [.. Flag().Matches(Repository.Read(RulesFile)).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(flags);
        Assert.All(flags, flag => Assert.Equal(
            (flag, 1), (flag, sources.Sum(source => Regex.Count(source, $@"\b{flag}\b")))));
    }

    [GeneratedRegex(@"new LbftRules\b|\bLbftRules\.\w+|\bLbft\.Weakenings\b")]
    private static partial Regex RuleMention();

    [GeneratedRegex(@"public bool (\w+) \{ get; init; \}")]
    private static partial Regex Flag();
}
