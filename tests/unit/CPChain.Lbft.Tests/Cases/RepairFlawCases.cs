using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Proposer;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Tests.Formats;
using CPChain.Lbft.Tests.Traces;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>F1 to F9, flaws of the first repair of the published protocol, each as the schedule that shows it.</summary>
public sealed class RepairFlawCases
{
    private static readonly BlockNumber First = new(1);

    // A = v0 times out before it prepares (1000 ms early), or right after it (980); D = v3 silent or hostile. B and C alone are two.
    [Theory]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(980, false)]
    [InlineData(980, true)]
    public void Case_Flaw_F1_an_early_timer_costs_the_honest_proposer_nothing(int earlyMs, bool isHostile)
    {
        CaseNetwork network = new(4, 3) { RoundTimerEarlyBy = seat => seat == 0 ? earlyMs : 0 };
        if (isHostile)
        {
            network.SayToAll(3, new Statement(StatementKind.Wish, First, 1, Hash256.Zero));
            network.SayToAll(3, Statement.Vote(VoteClass.Prepare, First, 1, CaseNetwork.Impeach(1)));
        }

        network.Start();
        Assert.True(network.RunUntil(() => network[0].Signed.Any(said => said is { Kind: StatementKind.Wish, Round: 1 })));
        network.RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(0, certificate.Round));
    }

    [Fact]
    public void Case_Flaw_F2_a_day_alone_moves_no_round_and_costs_no_day_afterwards()
    {
        const long dayMs = 86_400_000;
        CaseNetwork network = new(4, 3) { Times = LbftParameters.Default with { ResendMs = 20_000 } };
        network.Start().RunToHeight(1, 200_000);
        network.Link = mail => mail.Touches(0) ? null : 10;
        network.RunFor(dayMs);
        Assert.All(network.Honest, member => Assert.InRange(member.State.Round, 0, 1));
        Assert.All(network.Honest, member => Assert.InRange(member.State.Wish, 0, 2));

        network.Link = _ => 10;
        network.RunToHeight(3, 120_000);
    }

    // v1 alone holds the certificate, and of it nothing but STATUS(3) gets through. D = v3 coordinates round 2 and is silent there.
    [Fact]
    public void Case_Flaw_F3_STATUS_brings_the_next_coordinator_the_certificate_that_nobody_else_has()
    {
        CaseNetwork network = new(4, 3);
        network.Link = mail => mail is { Kind: StatementKind.Prepare, To: 0 or 2 } ? null
            : mail.From == 1 && mail.Said is not { Round: >= 3, Kind: not StatementKind.Wish } ? null : 10;
        network.At(1050, () => network.Say(3, 1, Statement.Vote(VoteClass.Prepare, First, 0, CaseNetwork.Block("b", 1))));
        for (int round = 1; round <= 3; round++)
        {
            Statement wish = new(StatementKind.Wish, First, round, Hash256.Zero);
            network.At(1900 + (2000 * (round - 1)), () => network.SayToAll(3, wish));
        }

        network.Start();
        Assert.True(network.RunUntil(() => network[0].State.Round == 3));
        Assert.Null(network[0].State.Entry);
        network.RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(3, certificate.Round));
    }

    // The last moment that is still timely, with the longest execution and delay that L1 reckons with.
    [Fact]
    public void Case_Flaw_F4_a_block_that_is_just_timely_has_the_time_to_be_certified()
    {
        LbftParameters times = Fixture.Times;
        CaseNetwork network = new(4, 3)
        {
            Proposer = _ => [new Showing("b", AfterMs: times.BlockDelayMs - times.ExecuteMs - times.DelayMs - 1)],
            Execution = (_, _) => times.ExecuteMs,
            Link = _ => times.DelayMs,
        };
        network.Start().RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(0, certificate.Round));
        LbftParameters tooShort = times with { TimeoutMs = times.BlockDelayMs + times.ExecuteMs + (3 * times.DelayMs) - 1 };
        Assert.Equal(ParameterFault.TimeoutTooShort, tooShort.Check());
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(3_600_000)]
    [InlineData(86_400_000)]
    public void Case_Flaw_F5_a_halt_of_all_impeaches_nobody_and_the_next_block_carries_the_real_time(long haltMs)
    {
        CaseNetwork network = RecoveryCases.StopAll(new CaseNetwork(4) { Times = LbftParameters.Default });
        network.RunFor(haltMs);
        ulong restartedAt = CaseNetwork.EpochMs + (ulong)network.NowMs;
        network.ShowNow(3, new Showing("b"));
        foreach (CaseMember member in network.Honest) member.Restart();
        network.RunToHeight(10, 400_000);

        Assert.Equal(0, network.ImpeachmentsThrough(10));
        Assert.Equal(restartedAt, network.TimeOf(3));
    }

    [Fact]
    public void Case_Flaw_F6_a_clock_an_hour_behind_still_times_out_and_one_that_leads_impeaches_nobody()
    {
        LbftParameters times = Fixture.Times;
        CaseNetwork behind = new(4, 3)
        {
            WallOffset = seat => seat == 0 ? -3_600_000 : 0,
            Proposer = height => height == 2 ? [] : [new Showing("b")],
        };
        behind.Start().RunToHeight(1);
        long enteredAt = behind.NowMs;
        behind.RunToHeight(2);
        Assert.Equal("I", behind.FinalAt(2));
        Assert.InRange(behind.NowMs - enteredAt, 0, (2 * times.TimeoutMs) + times.PeriodMs + times.DriftMs + (4 * times.DelayMs));

        // An illicit block at once: I_1 is dated a timeout ahead, and the next proposer waits for its time without being impeached.
        CaseNetwork leading = new(4) { Proposer = height => [new Showing("b", IsValid: height > 1)] };
        leading.Start().RunToHeight(1);
        Assert.True(leading.TimeOf(1) > CaseNetwork.EpochMs + (ulong)leading.NowMs);
        leading.RunToHeight(3);
        Assert.Equal(("I", "b", "b"), (leading.FinalAt(1), leading.FinalAt(2), leading.FinalAt(3)));
    }

    // The stranger's block ends in the host (Case_20_1_A3_3); here eight illicit proposers in a row push the chain's time.
    [Fact]
    public void Case_Flaw_F7_eight_illicit_blocks_in_a_row_let_chain_time_lead_by_a_timeout_at_most()
    {
        CaseNetwork network = new(4) { Proposer = height => [new Showing("b", AfterMs: -100, IsValid: height > 8)] };
        network.Start();
        for (ulong height = 1; height <= 8; height++)
        {
            network.RunToHeight(height);
            Assert.Equal("I", network.FinalAt(height));
            long leadMs = (long)network.TimeOf(height) - (long)CaseNetwork.EpochMs - network.NowMs;
            Assert.InRange(leadMs, 0, network.Times.TimeoutMs + network.Times.DriftMs);
        }

        network.RunToHeight(9);
        Assert.Equal("b", network.FinalAt(9));
    }

    // COMMITs and round 1 are lost, so everybody enters round 2 with P-cert(0,b); v3 coordinates it and proposes the impeach block.
    [Fact]
    public void Case_Flaw_F8_a_certified_block_is_never_given_up_for_a_coordinators_impeach_block()
    {
        CaseNetwork network = new(4, 3);
        network.Link = mail => mail.Kind == StatementKind.Commit || mail.Said is { Kind: StatementKind.ImpeachPrepare, Round: 1 } ? null : 10;
        network.At(1050, () => network.SayToAll(3, Statement.Vote(VoteClass.Prepare, First, 0, CaseNetwork.Block("b", 1))));
        network.Start();
        Assert.True(network.RunUntil(() => network.Honest.All(member => member.State.Round == 2)));
        Assert.All(network.Honest, member => Assert.Equal((0, CaseNetwork.Block("b", 1)), (member.State.Entry!.Round, member.State.Entry.Hash)));
        network.SayToAll(3, new Statement(StatementKind.Propose, First, 2, CaseNetwork.Impeach(1)));
        network.SayToAll(3, Statement.Vote(VoteClass.Prepare, First, 2, CaseNetwork.Impeach(1)));
        network.RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.DoesNotContain(network.Honest, member => member.VotesAt(1).Any(vote => vote.Hash == CaseNetwork.Impeach(1)));
    }

    // v0 and v1 prepare, the proposer is gone, the power fails everywhere, and only D = v3 kept the votes.
    [Fact]
    public void Case_Flaw_F9_a_certified_body_survives_a_power_cut_of_all_who_prepared_it()
    {
        CaseNetwork network = new(4, 3) { Proposer = height => Once(height) };
        network.Link = mail => mail.Kind == StatementKind.Prepare || (mail.IsProposal && mail.From >= 0) ? null : 10;
        network.Start();
        Assert.True(network.RunUntil(() => network[0].VotesAt(1).Any() && network[1].VotesAt(1).Any()));
        foreach (CaseMember member in network.Honest) member.Crash();
        network.RunFor(10_000);
        foreach (CaseMember member in network.Honest) member.Restart();
        foreach (CaseMember member in network.Honest)
            network.Show(3, member.Seat.Index, network.CertificateOf(VoteClass.Prepare, 1, 0, CaseNetwork.Block("b", 1), 0, 1, 3));
        network.RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.True(network.BodyRequests[2] > 0);
    }

    [Fact]
    public void Case_Flaw_F10_a_laggard_is_brought_along_although_every_VALIDATE_to_it_was_lost()
    {
        CaseNetwork network = new(4, 3);
        network.Link = mail => mail.To == 2
            && (mail.What is LbftEvent.CertificateReceived { IsBodyHeld: true } || mail.Said is { Kind: StatementKind.Commit, Height.Value: 1 })
            ? null : 10;
        network.Start().RunToHeight(3);

        Assert.Equal(0, network.ImpeachmentsThrough(3));
    }

    [Fact]
    public void Case_Flaw_F11_a_proposer_that_restarts_in_its_slot_has_one_block_to_seal()
    {
        Statement seal = new(StatementKind.Seal, new BlockNumber(5), 0, Fixture.Hash("b"));
        ProposerState restarted = ProposerState.Create(Fixture.Times, seal);
        ProposerTransition entered = ProposerMachine.Step(restarted, new ProposerEvent.HeightEntered(
            new BlockNumber(5), 1000, CommitteeSize.Of(4), IsOwnTurn: true, WallMs: 9000));
        Assert.Equal([new ProposerEffect.SealBlock(seal)], entered.Effects);
        ProposerTransition again = ProposerMachine.Step(entered.State, new ProposerEvent.BlockBuilt(new BlockNumber(5), Fixture.Hash("c")));
        Assert.Empty(again.Effects);

        Assert.Equal(SigningFault.None, SignerRecord.Empty.TryAuthorize(seal, out SignerRecord record));
        Assert.Equal(SigningFault.AnotherVote, record.TryAuthorize(seal with { Hash = Fixture.Hash("c") }, out _));
        Assert.Equal(MisconductKind.TwoSeals, MisconductRules.Judge(seal, seal with { Hash = Fixture.Hash("c") }));
    }

    [Fact]
    public void Case_Flaw_F12_without_its_journal_a_validator_is_mute_through_M_plus_2_and_not_for_ever()
    {
        CaseNetwork network = new(4);
        network.Start().RunToHeight(4);
        Assert.True(network.RunUntil(() => network[0].VotesAt(5).Any()));
        network[0].Crash(losesJournal: true);
        int before = network[0].Signed.Count;
        network[0].Restart(asLost: true);
        Assert.Equal(ulong.MaxValue, network[0].State.MuteThrough.Value);
        network.RunToHeight(10);

        ulong through = network[0].State.MuteThrough.Value;
        Assert.InRange(through, 6UL, 7UL);
        Statement[] votes = [.. network[0].Signed.Skip(before).Where(said => said.Kind.IsVote())];
        Assert.DoesNotContain(votes, vote => vote.Height.Value <= through);
        Assert.Contains(votes, vote => vote.Height.Value == through + 1);
    }

    [Fact]
    public void Case_Flaw_F13_who_commits_twice_legally_signs_its_own_justification_and_is_never_guilty()
    {
        Script validator = new();
        validator.Do("self v1", "enter", "proposal b", "executed b valid", "cert P(0,b)");
        validator.Do("v0 wish 1", "v2 wish 1", "v3 wish 1", "cert P(1,I)", "v0 wish 2", "v2 wish 2", "v3 wish 2");
        Assert.Contains("sign ImpeachPrepare 2 I vr 1", validator.Do("v0 propose 2 I"), StringComparison.Ordinal);

        Statement commit = Statement.Vote(VoteClass.Commit, new BlockNumber(10), 0, Fixture.Hash("b"));
        Statement accepted = Statement.Vote(VoteClass.Prepare, new BlockNumber(10), 2, Fixture.Hash("I"), 1);
        Assert.Null(MisconductRules.Judge(commit, accepted));
        Assert.Equal(MisconductKind.PreparedAgainstCommit, MisconductRules.Judge(commit, accepted with { ValidRound = -1 }));
    }

    [Fact]
    public void Case_Flaw_F14_the_keys_of_a_former_set_certify_nothing_later()
    {
        Keys former = new(4);
        Committee present = new([.. Enumerable.Range(11, 4).Select(number => Keys.KeyOf(number).Address)]);
        Committee larger = new([.. Enumerable.Range(1, 7).Select(number => Keys.KeyOf(number).Address)]);
        Certificate certificate = former.Certify(VoteClass.Commit, 5, 0, Fixture.Hash("b"));
        Assert.Equal(CertificateFault.None, CertificateVerifier.Verify(certificate, former.Committee, Keys.Domain));
        Assert.Equal(CertificateFault.WrongSigner, CertificateVerifier.Verify(certificate, present, Keys.Domain));
        Assert.Equal(CertificateFault.WrongCommittee, CertificateVerifier.Verify(certificate, larger, Keys.Domain));
    }

    [Fact]
    public void Case_Flaw_F15_after_a_restart_the_certificate_is_there_in_full_and_goes_with_the_vote()
    {
        Script validator = new();
        validator.Do("enter", "proposal b", "executed b valid", "cert P(0,b)", "v1 wish 1", "v2 wish 1", "timer Round");
        Certificate held = validator.State.High!;
        string again = validator.Do("restart", "enter");
        Assert.Contains("send ImpeachPrepare 1 b vr 0 with P(0,b) to {v1 v2 v3}", again, StringComparison.Ordinal);
        Assert.Equal((held, held), (validator.State.High, validator.State.Entry));
    }

    [Fact]
    public void Case_Flaw_F16_a_certificate_against_a_final_block_stops_the_validator_for_good()
    {
        Script validator = new();
        validator.Do("enter", "cert C(1,I)");
        Assert.Equal("Halted r0 w0 | journal halt; alarm TwoDecisionsAtOneHeight", validator.Do("cert C(0,b)"));
        Script later = new();
        later.Do("enter", "cert C(1,I)", "enter 11");
        Assert.Equal("Halted r0 w0 | journal halt; alarm TwoDecisionsAtOneHeight", later.Do("fork C(1,I) C(0,b)"));
        later.Do("restart", "enter 11", "proposal c");
        Assert.Equal("Halted r0 w0 | -", later.Do("executed c valid"));
    }

    [Fact]
    public void Case_Flaw_F17_f_plus_1_wishes_for_round_1_are_no_reason_to_wish_and_amplifying_them_impeaches_on_demand()
    {
        Assert.Equal("b", FinalOf(LbftRules.Certified));
        Assert.Equal("I", FinalOf(new LbftRules { AmplifiesRoundOne = true }));

        static string? FinalOf(LbftRules rules)
        {
            CaseNetwork network = new(4, 3) { Rules = rules, RoundTimerEarlyBy = seat => seat == 0 ? 1000 : 0 };
            network.At(500, () => network.SayToAll(3, new Statement(StatementKind.Wish, First, 1, Hash256.Zero)));
            network.At(1011, () => network.SayToAll(3, Statement.Vote(VoteClass.Prepare, First, 1, CaseNetwork.Impeach(1))));
            network.Link = mail => mail.IsProposal ? 300 : 10;
            network.Start().RunToHeight(1);
            return network.FinalAt(1);
        }
    }

    private static IEnumerable<Showing> Once(ulong height) =>
        height == 1 ? [new Showing("b", To: [0, 1], IsRepeated: false)] : [new Showing("b")];
}
