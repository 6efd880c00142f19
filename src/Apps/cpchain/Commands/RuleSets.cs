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
            throw new CommandFault("the paper's rules are not known here yet.", "leave --rules out.");
        }
        return Weakenings.Find(weakening) ?? throw new CommandFault(
            $"there is no weakening named {weakening}.", "name one of: " + string.Join(", ", Weakenings.Names) + ".");
    }
}
