using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Tests.Traces;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>The ten most valuable tests of the repaired rules, as far as one machine or a small network of them shows them.</summary>
public sealed class ValuableTestCases
{
    private static readonly BlockNumber First = new(1);
    private static readonly Hash256 B = CaseNetwork.Block("b", 1);

    // With the chain's default times: 8 s ahead, a whole timeout ahead, and just after the own PREPARE.
    [Theory]
    [InlineData(4, 8_000, false)]
    [InlineData(4, 10_000, false)]
    [InlineData(4, 9_980, true)]
    [InlineData(4, 10_000, true)]
    [InlineData(7, 10_000, true)]
    public void Case_Test_1_an_early_clock_with_f_silent_or_hostile_costs_500_timely_heights_nothing(
        int validators, int earlyMs, bool isHostile)
    {
        const ulong heights = 500;
        CommitteeSize size = CommitteeSize.Of(validators);
        int[] faulty = [.. Enumerable.Range(size.StrongQuorum, size.Faulty)];
        CaseNetwork network = new(validators, faulty)
        {
            Times = LbftParameters.Default with { ResendMs = 5_000 },
            RoundTimerEarlyBy = seat => seat == 0 ? earlyMs : 0,
        };
        network.Start();
        for (ulong height = 1; height <= heights; height++)
        {
            foreach (int liar in isHostile ? faulty : [])
            {
                BlockNumber number = new(height);
                network.SayToAll(liar, new Statement(StatementKind.Wish, number, 1, Hash256.Zero));
                network.SayToAll(liar, Statement.Vote(VoteClass.Prepare, number, 1, CaseNetwork.Impeach(height)));
            }

            network.RunToHeight(height);
        }

        Assert.Equal(0, network.ImpeachmentsThrough(heights));
        Assert.InRange(network.NowMs, 0, (long)heights * (network.Times.PeriodMs + 100)); // throughput unchanged
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Case_Test_2_votes_of_four_rounds_for_one_value_decide_only_under_a_rule_that_mixes_them(bool isMixing)
    {
        Script deciding = new();
        Script preparing = new();
        if (isMixing)
        {
            deciding.Do("weaken CountsAllRounds");
            preparing.Do("weaken CountsAllRounds");
        }

        deciding.Do("enter", "v1 commit b", "v2 impeach-commit 1 b", "v3 impeach-commit 3 b");
        Assert.Equal(isMixing, deciding.State.Decision is not null);
        preparing.Do("enter", "v1 prepare b", "v2 impeach-prepare 1 b vr 0", "v3 impeach-prepare 2 b vr 0");
        Assert.Equal(isMixing, preparing.State.High is not null);
    }

    // Compared with the certificate known "now", a hidden one shown inside the round blocks every honest coordinator.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Case_Test_3_the_entry_certificate_is_frozen_or_a_hidden_one_blocks_the_honest_coordinator(bool follows)
    {
        Script validator = new();
        if (follows) validator.Do("weaken EntryFollowsHighest");
        validator.Do("self v1", "enter", "v0 wish 2", "v2 wish 2", "v3 wish 2", "cert P(1,b) from v3");
        Assert.Equal(!follows, validator.Do("v0 propose 2 I").Contains("sign ImpeachPrepare 2 I", StringComparison.Ordinal));
    }

    // Before T0 nothing certified reaches the honest; v3 hides P-cert(0,b), coordinates round 2 and is silent there. After T0 the network is
    // timely. v3 shows the certificate to every choice of members within round 1, just before round 2 and within it.
    [Fact]
    public void Case_Test_4_whatever_hidden_certificate_is_shown_to_whom_and_when_round_f_plus_2_decides()
    {
        for (int choice = 0; choice < 8 * 8 * 8; choice++)
        {
            CaseNetwork network = new(4, 3) { Proposer = height => Once(height) };
            network.Link = mail => network.NowMs < 2000 && !(mail.From == CaseNetwork.TheProposer) ? null : 10;
            Certificate? hidden = null;
            long[] moments = [2025, 3515, 3700];
            for (int moment = 0; moment < moments.Length; moment++)
                for (int seat = 0; seat < 3; seat++)
                {
                    int to = seat;
                    if ((choice >> ((3 * moment) + seat) & 1) == 1) network.At(moments[moment], () => network.Show(3, to, hidden!));
                }

            network.At(1500, () => hidden = network.CertificateOf(VoteClass.Prepare, 1, 0, B, 0, 1, 3));
            network.At(1900, () => Assert.All([network[0], network[1]], member => Assert.NotEmpty(member.VotesAt(1))));
            network.Start().RunToHeight(1);
            Assert.All(network.DecidedBy.Values, certificate => Assert.InRange(certificate.Round, 1, 3));
        }
    }

    // Two of seven hide a certificate and coordinate rounds 2 and 3. They show it to every choice of the five honest members between the
    // wishes for round 1 and its beginning, which divides its votes, and once more: so at round 2 or at round 3.
    [Theory]
    [InlineData(1995, 3505)]
    [InlineData(1995, 5515)]
    public void Case_Test_4_of_seven_two_show_a_hidden_certificate_to_any_and_round_f_plus_2_decides(long early, long late)
    {
        int[] honest = [0, 1, 2, 5, 6];
        int[] rounds = new int[4 + 1];
        for (int choice = 0; choice < 32 * 32; choice++)
        {
            CaseNetwork network = new(7, 3, 4)
            {
                Proposer = height => height == 1 ? [new Showing("b", To: [0, 1, 2], IsRepeated: false)] : [new Showing("b")],
            };
            network.Link = mail => network.NowMs < 2000 && honest.Contains(mail.From) ? null : 10;
            Certificate? hidden = null;
            network.At(1900, () => hidden = network.CertificateOf(VoteClass.Prepare, 1, 0, B, 0, 1, 2, 3, 4));
            for (int bit = 0; bit < 10; bit++)
            {
                int to = honest[bit % 5];
                if ((choice >> bit & 1) == 1) network.At(bit < 5 ? early : late, () => network.Show(3, to, hidden!));
            }

            network.Start().RunToHeight(1);
            rounds[network.DecidedBy.Values.Max(certificate => certificate.Round)]++;
        }

        Assert.Equal(1024, rounds.Sum());
        Assert.True(rounds[4] > 900, $"decided in rounds 0 to 4: {string.Join(' ', rounds)}");
    }

    // Every pair of an honest member's signatures, with loss, restarts and a lost journal; and every pair of a double signer.
    [Fact]
    public void Case_Test_5_no_two_signatures_of_an_honest_member_convict_it_and_a_double_signer_is_convicted()
    {
        int votes = 0;
        for (ulong seed = 1; seed <= 40; seed++)
        {
            ulong random = seed;
            CaseNetwork network = new(4, 3)
            {
                Proposer = _ => [new Showing("b", To: [0, 1]), new Showing("c", AfterMs: 100, To: [1, 2])],
            };
            network.Link = mail => NextBelow(100) < 35 && network.NowMs < 25_000 ? null : 5 + NextBelow(300);
            for (int crash = 0; crash < 4; crash++)
            {
                CaseMember victim = network[NextBelow(3)];
                bool losesJournal = crash == 3;
                long at = 500 + NextBelow(20_000);
                network.At(at, () =>
                {
                    if (victim.IsUp) victim.Crash(losesJournal);
                    network.At(400, () => { if (!victim.IsUp) victim.Restart(asLost: losesJournal); });
                });
            }

            network.Start();
            for (int tick = 0; tick < 100; tick++)
            {
                ulong height = network.Head + 1;
                foreach (string name in (string[])["b", "c", "I"])
                    network.SayToAll(3, Statement.Vote(
                        tick % 2 == 0 ? VoteClass.Prepare : VoteClass.Commit, new BlockNumber(height), tick % 3,
                        CaseNetwork.Block(name, height)));
                network.RunFor(300);
            }

            foreach (CaseMember member in network.Honest)
                foreach (Statement one in member.Signed)
                    foreach (Statement other in member.Signed) Assert.Null(MisconductRules.Judge(one, other));
            votes += network.Honest.Sum(member => member.Signed.Count(said => said.Kind.IsVote()));
            Assert.Contains(network.Evidence, proof => proof.First.Signature == Fixture.SignatureOf(3));

            int NextBelow(int bound)
            {
                random = unchecked((random * 6364136223846793005) + 1442695040888963407);
                return (int)((random >> 33) % (ulong)bound);
            }
        }

        Assert.True(votes > 1000, $"{votes} votes");
    }

    // All members lose power at once, after every effect of the first two heights in turn; what was not synchronised is gone.
    [Fact]
    public void Case_Test_6_the_power_fails_everywhere_after_any_effect_and_nothing_is_contradicted_or_lost()
    {
        int points = 0;
        for (int effects = 1; ; effects++)
        {
            CaseNetwork network = new(4);
            bool hasCrashed = false;
            network.AfterEffects(effects, () =>
            {
                hasCrashed = true;
                foreach (CaseMember member in network.Honest) member.Crash();
                network.At(200, () => { foreach (CaseMember member in network.Honest) member.Restart(); });
            });
            network.Start().RunToHeight(2);
            if (!hasCrashed) break;

            points++;
            network.RunToHeight(3);
            foreach (CaseMember member in network.Honest)
                foreach (Statement one in member.Signed)
                    foreach (Statement other in member.Signed) Assert.Null(MisconductRules.Judge(one, other));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{points} points");
        Assert.True(points > 100, $"{points} points");
    }

    [Theory]
    [InlineData(60_000, 0)]
    [InlineData(3_600_000, 20_000)]
    [InlineData(172_800_000, 15_000)]
    public void Case_Test_7_after_a_halt_and_a_staggered_restart_with_one_wrong_clock_no_proposer_pays(long haltMs, long staggerMs)
    {
        foreach (long wrongMs in (long[])[-3_600_000, 3_600_000])
        {
            bool isWrong = false;
            CaseNetwork network = RecoveryCases.StopAll(new CaseNetwork(4)
            {
                Times = LbftParameters.Default,
                WallOffset = seat => seat == 3 && isWrong ? wrongMs : 0,
            });
            network.RunFor(haltMs);
            isWrong = true; // it steps while the others are down
            ulong restartedAt = CaseNetwork.EpochMs + (ulong)network.NowMs;
            network.ShowNow(3, new Showing("b"));
            foreach (CaseMember member in network.Honest) network.At(member.Seat.Index * staggerMs, () => member.Restart());
            network.RunToHeight(6, 600_000);

            Assert.Equal(0, network.ImpeachmentsThrough(6));
            Assert.Equal(restartedAt, network.TimeOf(3));
        }
    }

    // v3 is down, v2 slow (0.8 Delta each way); every third proposer is silent; every VALIDATE and the first copy of everything is lost.
    [Fact]
    public void Case_Test_8_2f_plus_1_up_one_of_them_slow_and_every_first_copy_lost_goes_on_in_few_rounds()
    {
        CaseNetwork network = new(4, 3) { Proposer = height => height % 3 == 0 ? [] : [new Showing("b")] };
        HashSet<(int, int, Statement?, Type)> seen = [];
        network.Link = mail => mail.What is LbftEvent.CertificateReceived { IsBodyHeld: true } ? null
            : mail.Said is not null && seen.Add((mail.From, mail.To, mail.Said, mail.What.GetType())) ? null
            : mail.Touches(2) ? network.Times.DelayMs * 8 / 10 : 10;
        network.Start().RunToHeight(12, 200_000);

        Assert.Equal(4, network.ImpeachmentsThrough(12));
        Assert.All(network.DecidedBy.Values, certificate => Assert.InRange(certificate.Round, 0, 3));
    }

    // Which of two blocks each honest member is shown, and what the twin says to each: all choices. Weakened rules break in it.
    [Fact]
    public void Case_Test_9_a_twin_proposer_and_a_twin_validator_in_all_partitions_divide_nobody()
    {
        Assert.Equal(0, TwinFailures(LbftRules.Certified));
        Assert.True(TwinFailures(new LbftRules { WeakQuorumCertifies = true }) > 0);
        Assert.True(TwinFailures(new LbftRules { RoundOneForgetsCertificate = true }) > 0);
    }

    private static int TwinFailures(LbftRules rules)
    {
        string[] shown = ["b", "c", ""];
        int failures = 0;
        for (int choice = 0; choice < 27 * 64; choice++)
        {
            int blocks = choice % 27;
            int words = choice / 27;
            CaseNetwork network = new(4, 3)
            {
                Rules = rules,
                Times = Fixture.Times with { ResendMs = 500 },
                Proposer = height => height > 1 ? [] : [Shown("b", blocks), Shown("c", blocks)],
            };
            network.Link = mail => mail.IsProposal && mail.From >= 0 && network.NowMs < 1990 ? null
                : mail.Kind == StatementKind.Commit && mail.From >= 0 && mail.From < 3 && network.NowMs < 1990 ? null : 10;
            for (int seat = 0; seat < 3; seat++)
                foreach (string name in (string[])["b", "c"])
                    if (((words >> (2 * seat)) & (name == "b" ? 1 : 2)) != 0)
                        foreach (VoteClass voteClass in (VoteClass[])[VoteClass.Prepare, VoteClass.Commit])
                        {
                            int to = seat;
                            network.At(1030, () => network.Say(3, to, Statement.Vote(voteClass, First, 0, CaseNetwork.Block(name, 1))));
                        }

            try
            {
                network.Start().RunToHeight(1);
            }
            catch (Xunit.Sdk.XunitException) when (rules != LbftRules.Certified)
            {
                failures++;
            }
        }

        return failures;

        Showing Shown(string name, int blocks) =>
            new(name, To: [.. Enumerable.Range(0, 3).Where(seat => shown[blocks / (int)Math.Pow(3, seat) % 3] == name)]);
    }

    private static IEnumerable<Showing> Once(ulong height) =>
        height == 1 ? [new Showing("b", To: [0, 1], IsRepeated: false)] : [new Showing("b")];
}
