namespace CPChain.Lbft.Tests.Simulation;

/// <summary>
/// Random schedules with every fault at once: agreement always, decisions after healing (L25 guarantees).
/// </summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData(4, 1500)]
    [InlineData(7, 300)]
    public void Guarantees_agreement_and_progress_after_healing(int validators, int seeds)
    {
        List<string> failures = [];
        int steps = 0;
        for (ulong seed = 1; seed <= (ulong)seeds && failures.Count < 3; seed++)
        {
            Verdict verdict = new Cluster(Scenario.FromSeed(seed, validators)).Run();
            steps += verdict.Steps;
            if (verdict.Violation is { } violation) failures.Add(violation);
            else if (verdict.Undecided > 0) failures.Add($"seed {seed} n={validators}: {verdict.Undecided} undecided at {verdict.EndMs} ms");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds} seeds, {steps} steps");
        Assert.Empty(failures);
    }

    // An own timer only wishes, and f+1 wishes for round 1 move nobody.
    [Theory]
    [InlineData(4, 800, false)]
    [InlineData(4, 800, true)]
    [InlineData(4, 1000, true)]
    [InlineData(7, 1000, true)]
    public void F1_a_clock_ahead_with_f_silent_or_hostile_impeaches_no_timely_proposer(
        int validators, int fastClockMs, bool isRestHostile)
    {
        Verdict verdict = new Cluster(Scenario.EarlyClock(validators, fastClockMs, heights: 500, isRestHostile)).Run();

        Assert.Equal((null, 0, 0), (verdict.Violation, verdict.Undecided, verdict.Impeachments));
    }

    [Fact]
    public void F12_a_validator_without_its_journal_contradicts_nothing_and_is_not_mute_for_ever()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            Verdict verdict = new Cluster(Scenario.Amnesia(seed)).Run();
            Assert.Equal((seed, null, 0), (seed, verdict.Violation, verdict.Undecided));
        }
    }

    [Fact]
    public void F12_speaking_at_once_without_the_journal_equivocates()
    {
        LbftRules rules = new() { SpeaksWithoutJournal = true };

        Assert.NotNull(new Cluster(Scenario.Amnesia(178, rules)).Run().Violation);
        Assert.Null(new Cluster(Scenario.Amnesia(178)).Run().Violation);
    }

    [Fact]
    public void F2_rounds_entered_on_own_timers_run_away_and_never_meet()
    {
        LbftRules rules = new() { EntersOnOwnTimer = true };
        Verdict verdict = new Cluster(Scenario.EarlyClock(4, 1000, heights: 20, isRestHostile: false, rules)).Run();

        Assert.Equal(3, verdict.Undecided);
    }

    // The recorded hash makes two processes agree; it changes with the rules and is reviewed as such.
    [Fact]
    public void Equal_seeds_give_equal_traces_in_every_process()
    {
        Verdict first = new Cluster(Scenario.FromSeed(42, 4)).Run();
        Assert.Equal(first, new Cluster(Scenario.FromSeed(42, 4)).Run());
        Assert.Equal(15926566271372286765UL, first.TraceHash);
    }

    [Theory]
    [InlineData(nameof(LbftRules.WeakQuorumCertifies), 51)]
    [InlineData(nameof(LbftRules.CountsAllRounds), 64)]
    [InlineData(nameof(LbftRules.ClassNotSigned), 22)]
    [InlineData(nameof(LbftRules.AcceptsAnyPropose), 82)]
    [InlineData(nameof(LbftRules.RoundOneForgetsCertificate), 1)]
    public void Weakened_rules_fail_at_a_recorded_seed(string weakening, ulong seed)
    {
        LbftRules rules = new();
        typeof(LbftRules).GetProperty(weakening)!.SetValue(rules, true);
        Verdict weakened = new Cluster(Scenario.FromSeed(seed, 4, rules)).Run();
        Verdict certified = new Cluster(Scenario.FromSeed(seed, 4)).Run();

        Assert.NotNull(weakened.Violation);
        Assert.Null(certified.Violation);
    }
}
