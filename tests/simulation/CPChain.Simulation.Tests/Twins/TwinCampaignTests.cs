using CPChain.Lbft;
using CPChain.Lbft.Weakenings;
using CPChain.Simulation.Twins;

namespace CPChain.Simulation.Tests.Twins;

public sealed class TwinCampaignTests
{
    [Theory]
    [InlineData(4, 20_000)]
    [InlineData(7, 2_000)]
    public void Certified_rules_withstand_a_sample_of_the_space(int validators, int scenarios)
    {
        TwinTotals totals = Run(validators, LbftRules.Certified, 0, scenarios, Environment.ProcessorCount);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"n={validators}: {totals.Scenarios} scenarios, {totals.DecidedBefore} decided before healing, "
            + $"{totals.DoubleSigners} double-signers, {totals.Steps} steps, round {totals.RoundMax}, "
            + $"{totals.Scenarios / totals.ProcessorSeconds:N0} a second of processor time");
        Assert.Empty(totals.Failures);
        Assert.Equal(scenarios, totals.DecidedBefore + totals.DecidedAfter);
        Assert.True(totals.DoubleSigners > 0);
    }

    [Fact]
    public void Threads_change_neither_scenarios_nor_verdicts()
    {
        LbftRules rules = Weakening.Find("no-lock")!.Rules;
        TwinTotals one = Run(4, rules, 100, 5_000, jobs: 1);
        TwinTotals three = Run(4, rules, 100, 5_000, jobs: 3);

        Assert.Equal(one with { ProcessorSeconds = 0, Failures = [] }, three with { ProcessorSeconds = 0, Failures = [] });
        Assert.Equal(one.Failures, three.Failures);
        Assert.NotEmpty(one.Failures);
    }

    [Fact]
    public void A_campaign_goes_on_where_it_stopped()
    {
        string path = Path.Combine(Path.GetTempPath(), $"twins-{Environment.ProcessId}.json");
        TwinTotals whole = Run(4, LbftRules.Certified, 0, 6_000, jobs: 2);
        TwinTotals begun = Run(4, LbftRules.Certified, 0, 2_500, jobs: 2);
        try
        {
            Assert.Null(TwinProgress.Load(path));
            new TwinProgress(TwinProgress.CurrentVersion, 4, 1, null, 0, 2_500, begun).Save(path);
            TwinProgress kept = TwinProgress.Load(path)!;
            TwinTotals sum = kept.Totals.Plus(Run(4, LbftRules.Certified, kept.Next, 6_000 - kept.Next, jobs: 2));

            Assert.Equal(whole with { ProcessorSeconds = 0, Failures = [] }, sum with { ProcessorSeconds = 0, Failures = [] });
        }
        finally
        {
            File.Delete(path);
        }
    }

    // The number is the whole report of a failure: with it anybody sees it, and that the certified rules have none.
    [Theory]
    [InlineData("round-not-signed", "44077631205362693")]
    [InlineData("phase-not-signed", "44077631205362693")]
    [InlineData("weak-quorum-decides", "44077631205362693")]
    [InlineData("duplicate-signer-counted", "71699021974776145160")]
    [InlineData("rounds-counted-together", "43912842625207654129")]
    [InlineData("all-rounds-counted-together", "21830933758776775610")]
    [InlineData("prepare-before-execution", "51867523257992230856")]
    [InlineData("lower-round-vote", "86100224064745820679")]
    [InlineData("enters-on-own-timer", "44077631205362693")]
    [InlineData("wish-one-amplified", "72702959998244553970")]
    [InlineData("round-one-forgets-certificate", "44077631205362693")]
    [InlineData("no-lock", "31508988421338754201")]
    [InlineData("stale-certificate-accepted", "35820082439026424442")]
    [InlineData("own-justification-not-signed", "43912842625207654129")]
    public void Weakened_rules_fail_in_a_recorded_scenario(string weakening, string number)
    {
        UInt128 scenario = UInt128.Parse(number, null);
        TwinVerdict weakened = new TwinRun(new TwinSpace(4), Weakening.Find(weakening)!.Rules).Play(scenario);
        TwinVerdict certified = new TwinRun(new TwinSpace(4), LbftRules.Certified).Play(scenario);

        TestContext.Current.TestOutputHelper?.WriteLine($"{weakening}: {weakened.What}");
        Assert.Equal(TwinOutcome.Violated, weakened.Outcome);
        Assert.Null(certified.What);
    }

    // The published rules need no twin to fork, but with one they fork here.
    [Fact]
    public void The_papers_rules_fork()
    {
        TwinTotals totals = Run(4, LbftRules.Paper, 0, 4_000, jobs: 2);

        Assert.True(totals.Failures[0].IsFork, totals.Failures[0].What);
    }

    [Fact]
    public void A_traced_scenario_shows_every_step()
    {
        List<string> lines = [];
        TwinRun run = new(new TwinSpace(4), LbftRules.Certified) { Trace = lines.Add };
        TwinVerdict verdict = run.Play(7);

        Assert.Equal(TwinOutcome.DecidedBefore, verdict.Outcome);
        Assert.Equal(verdict.Steps + 1, lines.Count); // and the slot's heading
    }

    private static TwinTotals Run(int validators, LbftRules rules, long from, long count, int jobs) =>
        new TwinCampaign(validators, seed: 1, rules).Run(from, count, jobs, progress: null, TestContext.Current.CancellationToken);
}
