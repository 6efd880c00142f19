using CPChain.Lbft;
using CPChain.Lbft.Weakenings;

namespace CPChain.App.Commands;

/// <summary>The rule sets that commands name, whole or with one rule broken.</summary>
internal static class RuleSets
{
    public const string Certified = "certified";
    public const string Paper = "paper";

    /// <summary>What --weaken may name, for help and faults.</summary>
    public static string Names => string.Join(", ", Weakening.All.Select(one => one.Name));

    public static LbftRules Find(string rules, string? weakening)
    {
        if (rules == Paper)
        {
            return weakening is null ? LbftRules.Paper : throw new CommandFault(
                "a weakening weakens the certified rules.", "leave out --rules paper or --weaken.");
        }
        if (weakening is null) return LbftRules.Certified;

        return Weakening.Find(weakening)?.Rules ?? throw new CommandFault(
            $"there is no weakening named {weakening}.", $"name one of: {Names}.");
    }
}
