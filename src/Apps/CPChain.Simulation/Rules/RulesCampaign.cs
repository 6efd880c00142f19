using CPChain.Lbft;

namespace CPChain.Simulation.Rules;

/// <summary>What many runs have shown.</summary>
/// <param name="Seeds">Runs.</param>
/// <param name="Heights">Final blocks of all runs.</param>
/// <param name="Votes">Votes that honest validators signed, each compared with all that its signer said before.</param>
/// <param name="Violations">Runs that broke an invariant.</param>
/// <param name="Undecided">Runs in which somebody honest was short of the last height when the bound had passed.</param>
/// <param name="RoundMax">Highest round that decided a height.</param>
/// <param name="FirstFailingSeed">The lowest seed that failed; null for none.</param>
/// <param name="Failure">What happened there.</param>
/// <param name="ProcessorSeconds">Processor time of the process meanwhile.</param>
public sealed record RulesTotals(
    long Seeds, long Heights, long Votes, long Violations, long Undecided, int RoundMax, ulong? FirstFailingSeed,
    string? Failure, double ProcessorSeconds);

/// <summary>Plays the mixtures of faults of many seeds on several threads.</summary>
public static class RulesCampaign
{
    /// <param name="validators">Size of the committee.</param>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="lastSeed">The last seed, included.</param>
    /// <param name="heights">Blocks of each run; faults last for about half of them.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="jobs">Threads.</param>
    /// <param name="cancel">Ends the campaign between two runs.</param>
    public static RulesTotals Run(
        int validators, ulong firstSeed, ulong lastSeed, int heights, LbftRules rules, int jobs, CancellationToken cancel)
    {
        RulesTotals totals = new(0, 0, 0, 0, 0, 0, null, null, 0);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ulong count = lastSeed < firstSeed ? 0 : checked(lastSeed - firstSeed + 1);
        OrderedJobs.Run("rules", jobs, count, Play, Tell, cancel);
        return totals with { ProcessorSeconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds };

        (ulong Seed, RulesVerdict Verdict) Play(ulong piece)
        {
            ulong seed = firstSeed + piece;
            return (seed, new RulesWorld(ScenarioOf(seed, validators, heights, rules)).Run());
        }

        bool Tell((ulong Seed, RulesVerdict Verdict) run)
        {
            totals = Add(totals, run.Seed, run.Verdict);
            return true;
        }
    }

    /// <summary>The run of one seed.</summary>
    public static RulesScenario ScenarioOf(ulong seed, int validators, int heights, LbftRules rules)
    {
        RulesScenario faults = RulesScenario.FromSeed(seed, validators, rules);
        return faults with { Heights = heights, HealAtMs = faults.HealAtMs + (heights * 1000L) };
    }

    private static RulesTotals Add(RulesTotals totals, ulong seed, RulesVerdict verdict)
    {
        bool isFirst = !verdict.IsGood && totals.FirstFailingSeed is null;
        return totals with
        {
            Seeds = totals.Seeds + 1,
            Heights = totals.Heights + (long)verdict.Heights,
            Votes = totals.Votes + verdict.Votes,
            Violations = totals.Violations + (verdict.Violation is null ? 0 : 1),
            Undecided = totals.Undecided + (verdict is { Violation: null, Undecided: > 0 } ? 1 : 0),
            RoundMax = Math.Max(totals.RoundMax, verdict.RoundMax),
            FirstFailingSeed = isFirst ? seed : totals.FirstFailingSeed,
            Failure = isFirst ? verdict.ToString() : totals.Failure,
        };
    }
}
