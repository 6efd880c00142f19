using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Weakenings;
using CPChain.Simulation.Rules;
using CPChain.Simulation.Rules.Adversaries;

namespace CPChain.Simulation.Tests.Rules;

/// <summary>The guarantees of L25 as properties over seeds; the numbers are those of the ten most valuable tests.</summary>
public sealed class PropertyTests
{
    private static readonly LbftParameters Production = LbftParameters.Default;

    // Test 1 (F1): an own timer only wishes, and f+1 wishes for round 1 move nobody.
    [Theory]
    [InlineData(4, 8_000, "silent")]
    [InlineData(4, 8_000, "hostile")]
    [InlineData(4, 8_000, "early")]
    [InlineData(4, 10_000, "silent")]
    [InlineData(4, 10_000, "hostile")]
    [InlineData(7, 10_000, "hostile")]
    public void F1_one_clock_ahead_impeaches_no_timely_proposer(int validators, int aheadMs, string rest)
    {
        RulesVerdict verdict = new RulesWorld(OneClockAhead(validators, aheadMs, rest)).Run();

        Assert.Equal((null, 0, 0), (verdict.Violation, verdict.Undecided, verdict.Impeachments));
        Assert.Equal(500UL, verdict.Heights);
    }

    [Fact]
    public void F1_a_clock_ahead_impeaches_where_own_timers_enter_rounds()
    {
        RulesScenario scenario = OneClockAhead(4, 10_000, "silent") with
        {
            Heights = 20,
            Rules = Weakening.Find("enters-on-own-timer")!.Rules,
        };

        Assert.False(new RulesWorld(scenario).Run().IsGood);
    }

    // Test 4: whatever secret certificates are shown to whomever after healing, round f+2 of those that follow decides.
    [Theory]
    [InlineData(4, 150)]
    [InlineData(7, 60)]
    public void Hidden_certificates_delay_no_decision_beyond_round_f_plus_2(int validators, int seeds)
    {
        int shown = 0;
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            Withholder? withholder = null;
            RulesScenario scenario = HiddenCertificates(seed, validators, world => withholder = new Withholder(world));
            RulesWorld world = new(scenario);
            RulesVerdict verdict = world.Run();
            shown += withholder!.Shown;

            Assert.True(verdict.IsGood, verdict.ToString());
            Assert.True(
                world.RoundsAfterHealing <= scenario.Committee.Faulty + 2,
                $"seed {seed}: {world.RoundsAfterHealing} rounds after healing");
        }

        Assert.True(shown > seeds, $"{shown} certificates were shown");
    }

    // Test 5 (F13): messages, restarts and restored backups of an honest validator never convict it.
    [Fact]
    public void Nothing_that_an_honest_validator_signs_convicts_it()
    {
        long votes = 0;
        for (ulong seed = 1; votes < 100_000; seed++)
        {
            RulesScenario faults = RulesScenario.FromSeed(seed, seed % 4 == 0 ? 7 : 4);
            RulesVerdict verdict = new RulesWorld(faults with { Heights = 12, HealAtMs = 30_000 }).Run();
            Assert.True(verdict.IsGood, verdict.ToString());
            votes += verdict.Votes;
        }
    }

    [Fact]
    public void F13_the_coordinators_justification_convicts_whoever_signs_it()
    {
        LbftRules rules = Weakening.Find("own-justification-not-signed")!.Rules;
        string? conviction = null;
        for (ulong seed = 1; seed <= 3000 && conviction is null; seed++)
        {
            string? found = new RulesWorld(RulesScenario.FromSeed(seed, 4, rules)).Run().Violation;
            if (found?.Contains("convicted", StringComparison.Ordinal) == true) conviction = found;
        }

        Assert.NotNull(conviction);
    }

    // Test 6 (F12): a member without its memory contradicts nothing, and is not mute for ever.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void F12_a_lost_or_old_journal_contradicts_nothing(bool isLost)
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            RulesVerdict verdict = new RulesWorld(Amnesia(seed, isLost)).Run();
            Assert.True(verdict.IsGood, verdict.ToString());
        }
    }

    [Fact]
    public void F12_speaking_at_once_without_the_journal_contradicts_oneself()
    {
        LbftRules rules = Weakening.Find("restored-backup-speaks")!.Rules;
        int convicted = 0;
        for (ulong seed = 1; seed <= 400; seed++)
            if (new RulesWorld(Amnesia(seed, isLost: true) with { Rules = rules }).Run().Violation is not null) convicted++;

        Assert.True(convicted > 0);
    }

    // Test 7 (F5, F6): after any halt the next block is a normal one with the real time, and nobody is punished.
    [Theory]
    [InlineData(60)]
    [InlineData(3_600)]
    [InlineData(172_800)]
    public void F5_a_halt_costs_no_proposer_its_block(int seconds)
    {
        long forMs = seconds * 1000L;
        for (ulong seed = 1; seed <= 5; seed++)
        {
            RulesScenario scenario = Calm(4, seed) with { Heights = 30, Halts = [new Halt(95_000, forMs, 60_000)] };
            RulesWorld world = new(scenario with { Patience = TimeSpan.FromMilliseconds(forMs) });
            RulesVerdict verdict = world.Run();

            Assert.Equal((null, 0, 0), (verdict.Violation, verdict.Undecided, verdict.Impeachments));
            SimulatedBlock last = world.FinalBlock(30);
            Assert.InRange((long)last.TimeMs, world.NowMs - Production.PeriodMs - Production.DelayMs, world.NowMs);
        }
    }

    // Eight illicit blocks in a row: chain time leads real time by no more than timeout + drift (F7).
    [Fact]
    public void F7_illicit_proposers_push_chain_time_no_further_than_the_timeout()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            RulesWorld world = new(Calm(4, seed) with
            {
                Heights = 12,
                ConductOf = (_, height) => height is >= 2 and <= 9 ? ProposerConduct.AllIllicit : ProposerConduct.Honest,
            });
            RulesVerdict verdict = world.Run();

            Assert.True(verdict.IsGood, verdict.ToString());
            Assert.Equal(8, verdict.Impeachments);
            Assert.InRange(world.LeadMsMax, 1, Production.TimeoutMs + Production.DriftMs);
        }
    }

    [Theory]
    [InlineData(-3_600_000)]
    [InlineData(3_600_000)]
    public void F6_one_clock_an_hour_wrong_or_stepping_stops_nothing(long stepMs)
    {
        NodeClock[][] wrong =
        [
            [new NodeClock(OffsetMs: stepMs)],
            [new NodeClock(StepAtMs: RulesWorld.GenesisTimeMs + 33_000, StepMs: stepMs)],
        ];
        foreach (NodeClock[] clocks in wrong)
        {
            RulesVerdict verdict = new RulesWorld(Calm(4, 3) with { Heights = 30, Clocks = clocks }).Run();
            Assert.Equal((null, 0, 0), (verdict.Violation, verdict.Undecided, verdict.Impeachments));

            // With f silent the slot of everybody depends on that clock: impeachments, but no standstill.
            RulesVerdict alone = new RulesWorld(Calm(4, 3) with
            {
                Heights = 10,
                Clocks = clocks,
                Byzantine = SeatSet.Of(new Seat(3)),
            }).Run();
            Assert.Equal((null, 0), (alone.Violation, alone.Undecided));
        }
    }

    // Test 8: 2f+1 up, one of them slow, a third of the proposers silent, VALIDATE and all first copies lost.
    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void The_last_quorum_goes_on_with_one_slow_member_and_no_first_copies(int validators)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            RulesScenario calm = Calm(validators, seed);
            SeatSet down = SeatSet.Empty;
            for (int seat = calm.Committee.StrongQuorum; seat < validators; seat++) down = down.With(new Seat(seat));
            RulesVerdict verdict = new RulesWorld(calm with
            {
                Byzantine = down,
                Slow = (SeatSet.Of(new Seat(1)), Production.DelayMs * 8 / 10),
                ConductOf = (_, height) => height % 3 == 0 ? ProposerConduct.Silent : ProposerConduct.Honest,
                LosesFirstCopies = true,
                Heights = 12,
            }).Run();

            Assert.True(verdict.IsGood, verdict.ToString());
            Assert.True(verdict.RoundMax <= calm.Committee.Faulty + 2, verdict.ToString());
        }
    }

    // When the network is in time before round 2, round f+2 decides at the latest, whoever coordinates.
    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void A_timely_network_decides_by_round_f_plus_2(int validators)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            RulesScenario calm = Calm(validators, seed);
            SeatSet byzantine = SeatSet.Empty;
            for (int index = 0; index < calm.Committee.Faulty; index++) byzantine = byzantine.With(new Seat(2 + index));
            RulesVerdict verdict = new RulesWorld(calm with
            {
                Times = RulesScenario.Brisk,
                Byzantine = byzantine,
                Adversary = world => new Contradictor(world),
                ConductOf = (_, _) => ProposerConduct.ShowsToFew,
                Heights = 20,
            }).Run();

            Assert.True(verdict.IsGood, verdict.ToString());
            Assert.True(verdict.RoundMax <= calm.Committee.Faulty + 2, verdict.ToString());
        }
    }

    // The recorded hash makes two processes agree; it changes with the rules and is reviewed as such.
    [Fact]
    public void Equal_scenarios_give_equal_runs_in_every_process()
    {
        RulesVerdict first = new RulesWorld(RulesScenario.FromSeed(42, 4)).Run();

        Assert.Equal(first, new RulesWorld(RulesScenario.FromSeed(42, 4)).Run());
        Assert.Equal(17810594697284608424UL, first.TraceHash);
        Assert.NotEqual(first.TraceHash, new RulesWorld(RulesScenario.FromSeed(43, 4)).Run().TraceHash);
    }

    private static RulesScenario Calm(int validators, ulong seed) => new()
    {
        Seed = seed,
        Committee = CommitteeSize.Of(validators),
        Times = Production,
    };

    private static RulesScenario OneClockAhead(int validators, int aheadMs, string rest)
    {
        RulesScenario calm = Calm(validators, 1);
        SeatSet others = SeatSet.Empty;
        for (int seat = calm.Committee.StrongQuorum; seat < validators; seat++) others = others.With(new Seat(seat));
        return calm with
        {
            Heights = 500,
            Byzantine = others,
            Clocks = [new NodeClock(EarlyMs: aheadMs)],
            Adversary = rest switch
            {
                "hostile" => world => new Contradictor(world),
                "early" => world => new EarlyTimer(world),
                _ => null,
            },
        };
    }

    private static RulesScenario HiddenCertificates(ulong seed, int validators, Func<RulesWorld, Adversary> mind)
    {
        RulesScenario faults = RulesScenario.FromSeed(seed, validators);
        SeatSet byzantine = SeatSet.Empty;
        for (int index = 0; index < faults.Committee.Faulty; index++)
            byzantine = byzantine.With(new Seat((int)((seed + (ulong)index) % (ulong)validators)));
        return faults with
        {
            Byzantine = byzantine,
            Restored = SeatSet.Empty,
            CrashPerMille = 0,
            Adversary = mind,
            LossPercent = 35,
            Heights = 2,
            HealAtMs = 6000 + ((long)seed * 37 % 6000),
        };
    }

    private static RulesScenario Amnesia(ulong seed, bool isLost)
    {
        SeatSet first = SeatSet.Of(new Seat(0));
        return RulesScenario.FromSeed(seed, 4) with
        {
            Byzantine = SeatSet.Empty,
            Adversary = null,
            CrashPerMille = 4,
            Amnesiac = isLost ? first : SeatSet.Empty,
            Restored = isLost ? SeatSet.Empty : first,
            Heights = 6,
            HealAtMs = 20_000,
        };
    }
}
