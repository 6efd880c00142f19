using CPChain.Lbft;
using CPChain.Simulation;

namespace CPChain.App.Commands;

/// <summary>The rule sets that commands name, whole or with one rule broken.</summary>
internal static class RuleSets
{
    public const string Certified = "certified";
    public const string Paper = "paper";

    public static LbftRules Find(string rules, string? weakening)
    {
        if (rules == Paper)
        {
            return weakening is null ? LbftRules.Paper : throw new CommandFault(
                "a weakening weakens the certified rules.", "leave out --rules paper or --weaken.");
        }
        return Weakenings.Find(weakening) ?? throw new CommandFault(
            $"there is no weakening named {weakening}.", "name one of: " + string.Join(", ", Weakenings.Names) + ".");
    }
}
