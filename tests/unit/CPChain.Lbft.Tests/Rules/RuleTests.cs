using CPChain.Lbft.Journal;
using CPChain.Lbft.Tests.Traces;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Rules;

/// <summary>One sentence of each rule family, on the validator v0 of four at height 10.</summary>
public sealed class RuleTests
{
    private readonly Script _v0 = new();

    [Fact]
    public void L4_2_votes_of_two_rounds_never_count_together()
    {
        _v0.Do("enter", "v1 prepare b", "v2 prepare b", "v3 impeach-prepare 1 b vr 0");
        Assert.Null(_v0.State.High);
    }

    [Fact]
    public void L4_3_votes_of_round_0_for_the_impeach_block_are_void()
    {
        _v0.Do("enter", "v1 prepare I", "v2 prepare I", "v3 prepare I", "cert P(0,I)", "cert C(0,I)");
        Assert.Null(_v0.State.High);
        Assert.Equal(Phase.Idle, _v0.State.Phase);
    }

    [Fact]
    public void L5_the_entry_certificate_never_changes_within_a_round()
    {
        _v0.Do("self v1", "enter", "v0 wish 2", "v2 wish 2", "v3 wish 2", "cert P(1,b)", "cert P(0,b)");
        Assert.Null(_v0.State.Entry);
        Assert.Equal(1, _v0.State.High!.Round);
    }

    [Fact]
    public void L6_T0_is_counted_from_entering_when_the_slot_is_long_open()
    {
        string entered = _v0.Do("clock 86400000", "enter");
        Assert.Contains($"timer Round {Fixture.Times.TimeoutMs}", entered, StringComparison.Ordinal);
    }

    [Fact]
    public void L7_2_a_block_from_the_future_is_queued_and_never_refused()
    {
        Assert.DoesNotContain("execute", _v0.Do("enter", "proposal b time 1500"), StringComparison.Ordinal);
        Assert.Contains("execute b", _v0.Do("clock 1450", "timer Admission"), StringComparison.Ordinal);
    }

    [Fact]
    public void L9_2_f_plus_1_prepares_make_a_late_block_timely()
    {
        _v0.Do("enter", "timer BlockDelay", "proposal b", "executed b valid", "v1 prepare b");
        Assert.Equal(Phase.Idle, _v0.State.Phase);
        Assert.Contains("journal Prepare b", _v0.Do("v2 prepare b"), StringComparison.Ordinal);
    }

    [Fact]
    public void L9_4_one_prepare_per_height()
    {
        _v0.Do("enter", "proposal b", "executed b valid", "v2 prepare c", "v3 prepare c", "proposal c");
        Assert.DoesNotContain("sign", _v0.Do("executed c valid"), StringComparison.Ordinal);
    }

    [Fact]
    public void L10_2_what_was_prepared_here_does_not_matter_for_the_commit()
    {
        _v0.Do("enter", "proposal b", "executed b valid", "proposal c", "cert P(0,c)");
        Assert.Contains("journal Commit c", _v0.Do("executed c valid"), StringComparison.Ordinal);
    }

    [Fact]
    public void L10_3_no_prepare_class_vote_after_the_commit_class_vote_of_a_round()
    {
        _v0.Do("self v1", "enter", "cert P(2,I)");
        Assert.Equal(Phase.ImpeachCommit, _v0.State.Phase);
        Assert.Equal("ImpeachCommit r2 w2 | -", _v0.Do("v0 propose 2 I"));
    }

    [Fact]
    public void L11_a_certificate_of_any_round_decides_in_any_state()
    {
        _v0.Do("enter", "v1 wish 1", "v2 wish 1", "v3 wish 1", "cert C(7,I)");
        Assert.Equal(Phase.Final, _v0.State.Phase);
    }

    [Fact]
    public void L12_1_a_timer_only_wishes()
    {
        _v0.Do("enter", "timer Round");
        Assert.Equal((0, 1), (_v0.State.Round, _v0.State.Wish));
    }

    [Fact]
    public void L12_3_wishes_are_amplified_from_round_2_on()
    {
        _v0.Do("enter", "v1 wish 1", "v2 wish 1");
        Assert.Equal(0, _v0.State.Wish);
        _v0.Do("v1 wish 4", "v2 wish 3");
        Assert.Equal(3, _v0.State.Wish);
    }

    [Fact]
    public void L12_4_votes_and_proposes_count_as_wishes()
    {
        _v0.Do("enter", "v1 impeach-commit 2 I", "v2 impeach-prepare 3 I");
        Assert.Equal(2, _v0.State.Round);
    }

    [Fact]
    public void L13_round_1_votes_for_the_certified_block_and_needs_no_body()
    {
        _v0.Do("enter", "cert P(0,b)", "v1 wish 1", "v2 wish 1");
        Assert.Contains("journal ImpeachPrepare 1 b vr 0", _v0.Do("v3 wish 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void L14_2_the_coordinator_proposes_once_and_the_highest_certificate_it_knows()
    {
        _v0.Do("enter", "v1 wish 2", "v2 wish 2", "v3 wish 2", "cert P(0,b)", "v1 status 2");
        Assert.Contains("journal Propose 2 b vr 0", _v0.Do("timer Coordinator"), StringComparison.Ordinal);
        Assert.DoesNotContain("Propose", _v0.Do("cert P(1,I)"), StringComparison.Ordinal);
    }

    [Fact]
    public void L14_3_only_the_coordinator_of_the_round_is_heard_and_only_with_what_its_value_needs()
    {
        _v0.Do("self v1", "enter", "v0 wish 2", "v2 wish 2", "v3 wish 2");
        foreach (string refused in (string[])["v3 propose 2 I", "v0 propose 2 b"])
            Assert.DoesNotContain("ImpeachPrepare 2", _v0.Do(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void L15_everything_unanswered_is_said_again()
    {
        _v0.Do("enter", "proposal b", "executed b valid", "timer Round");
        string again = _v0.Do("timer Resend");
        Assert.Contains("send Wish 1 to {v1 v2 v3}; send Prepare b to {v1 v2 v3}", again, StringComparison.Ordinal);
    }

    [Fact]
    public void L15_2_a_status_is_said_again_until_its_own_round_is_led()
    {
        _v0.Do("self v2", "enter", "v0 wish 2", "v1 wish 2", "v3 wish 2", "v1 propose 3 I");
        Assert.Contains("send Status 2", _v0.Do("timer Resend"), StringComparison.Ordinal);
        _v0.Do("v0 propose 2 I");
        Assert.DoesNotContain("Status", _v0.Do("timer Resend"), StringComparison.Ordinal);
    }

    [Fact]
    public void L16_a_body_is_asked_for_until_it_comes()
    {
        Assert.Contains("get-body b", _v0.Do("enter", "cert P(0,b)"), StringComparison.Ordinal);
        Assert.Contains("get-body b", _v0.Do("timer Resend"), StringComparison.Ordinal);
        Assert.DoesNotContain("get-body", _v0.Do("body b", "timer Resend"), StringComparison.Ordinal);
    }

    [Fact]
    public void L16_a_body_that_nobody_asked_for_leaves_no_trace()
    {
        _v0.Do("enter");
        LbftState before = _v0.State;
        _v0.Do("body b");
        Assert.Equal(before, _v0.State);
    }

    [Fact]
    public void L17_2_a_restart_keeps_round_votes_and_certificates()
    {
        _v0.Do("enter", "proposal b", "executed b valid", "cert P(0,b)", "v1 wish 1", "v2 wish 1", "v3 wish 1");
        LbftState before = _v0.State;
        _v0.Do("restart", "enter");
        Assert.Equal((before.Round, before.Own, before.High, before.Entry), (_v0.State.Round, _v0.State.Own, _v0.State.High, _v0.State.Entry));
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void L17_2_an_intended_vote_is_signed_only_by_who_may_vote(bool isFollowing, bool isLost, bool isSigned)
    {
        Statement intended = Statement.Vote(VoteClass.Prepare, new BlockNumber(10), 0, Fixture.Hash("b"));
        LbftState state = LbftRecovery.Restore(
            Fixture.Times, LbftRules.Certified, new BlockNumber(9), [new JournalRecord.VoteIntended(intended)]);
        if (isLost) state = LbftMachine.Step(state, new LbftEvent.JournalLost(Fixture.Hash("nonce"))).State;

        HeightFacts facts = new(
            new BlockNumber(10), Fixture.Hash("parent"), Script.ParentTimeMs, CommitteeSize.Of(4), new Seat(0), Fixture.Hash("I"), isFollowing);
        Transition entered = LbftMachine.Step(state, new LbftEvent.HeightEntered(facts, Script.ParentTimeMs + 1000));

        Assert.Equal(isSigned, entered.Effects.Any(effect => effect is LbftEffect.Sign sign && sign.Statement == intended));
    }

    [Fact]
    public void L18_a_lost_journal_mutes_through_the_highest_head_plus_two()
    {
        _v0.Do("enter", "lost", "head v1 9", "head v2 9", "head v3 11");
        Assert.Equal(13UL, _v0.State.MuteThrough.Value);
    }

    [Fact]
    public void L19_1_what_is_buffered_for_the_next_height_is_replayed_in_it()
    {
        _v0.Do("enter", "v1 prepare b height 11", "v2 prepare b height 11", "v3 prepare b height 11", "cert C(1,I)", "enter 11");
        Assert.Equal(0, _v0.State.High!.Round);
    }

    [Fact]
    public void L19_2_who_imports_neither_votes_nor_wishes()
    {
        Assert.DoesNotContain("sign", _v0.Do("enter 10 following", "proposal b", "executed b valid"), StringComparison.Ordinal);
        Assert.DoesNotContain("sign", _v0.Do("timer Round"), StringComparison.Ordinal);
    }

    [Fact]
    public void L20_two_prepare_certificates_of_a_round_stop_the_validator()
    {
        Assert.Contains("alarm TwoPrepareCertificatesInOneRound", _v0.Do("enter", "cert P(0,b)", "cert P(0,c)"), StringComparison.Ordinal);
        Assert.Equal("Halted r0 w0 | -", _v0.Do("proposal b"));
        _v0.Do("restart", "enter");
        Assert.Equal(Phase.Halted, _v0.State.Phase);
    }

    [Fact]
    public void L24_the_buffer_and_the_votes_of_a_member_are_bounded()
    {
        _v0.Do("enter");
        for (int round = 1; round < 500; round++) _v0.Do($"v1 impeach-prepare {round} I height 11");
        Assert.Equal(Fixture.Times.RoundWindow + 2, _v0.State.Buffered.Length);
        for (int round = 1; round < 500; round++) _v0.Do($"v1 impeach-prepare {round} I vr -1");
        Assert.Equal(Fixture.Times.RoundWindow, _v0.State.Votes.Length);
    }

    [Fact]
    public void L25_every_event_is_named_in_the_machine()
    {
        string machine = File.ReadAllText(Path.Combine(Fixtures.Folder, "..", "..", "src", "Core", "CPChain.Lbft", "LbftMachine.cs"));
        foreach (Type input in typeof(LbftEvent).GetNestedTypes().Where(type => !type.IsAbstract))
            Assert.Contains(input.Name, machine, StringComparison.Ordinal);
    }
}
