using CPChain.Lbft.Evidence;
using CPChain.Lbft.Tests.Traces;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>Section 20.1 of the original's test plan, abnormal consensus, on the production machine (specs/lbft/cases.md).</summary>
public sealed class AbnormalConsensusCases
{
    // Period and timeout 1000 ms, block delay 500 ms; the first slot opens at 1000 ms.
    private const long SlotMs = 1000;

    [Fact]
    public void Case_20_1_A2_two_blocks_of_one_height_to_two_halves_certify_neither_and_leave_the_proof()
    {
        CaseNetwork network = new(4)
        {
            Proposer = height => height == 1 ? [new Showing("b", To: [0, 1]), new Showing("c", To: [2, 3])] : [new Showing("b")],
        };
        network.Start().RunToHeight(3);

        Assert.Equal("I", network.FinalAt(1));
        Assert.Equal("b", network.FinalAt(2));
        Assert.Contains(network.Evidence, proof => proof.Kind == MisconductKind.TwoSeals);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Case_20_1_A2_with_f_colluding_validators_only_one_of_two_blocks_is_certified(int validators)
    {
        CommitteeSize size = CommitteeSize.Of(validators);
        int[] colluding = [.. Enumerable.Range(size.StrongQuorum, size.Faulty)];
        int[] half = [.. Enumerable.Range(0, size.WeakQuorum)];
        int[] rest = [.. Enumerable.Range(size.WeakQuorum, size.Faulty)];
        CaseNetwork network = new(validators, colluding)
        {
            Proposer = height => height == 1 ? [new Showing("b", To: half), new Showing("c", To: rest)] : [new Showing("b")],
        };
        foreach (int liar in colluding)
            foreach (string name in (string[])["b", "c"])
                foreach (VoteClass voteClass in (VoteClass[])[VoteClass.Prepare, VoteClass.Commit])
                    network.At(SlotMs + 30, () => network.SayToAll(
                        liar, Statement.Vote(voteClass, new BlockNumber(1), 0, CaseNetwork.Block(name, 1))));
        network.Start().RunToHeight(2);

        Assert.Equal("b", network.FinalAt(1));
        Assert.Contains(network.Evidence, proof => proof.Kind == MisconductKind.TwoPrepares);
        Assert.Contains(network.Evidence, proof => proof.Kind == MisconductKind.TwoCommits || proof.Kind == MisconductKind.TwoSeals);
    }

    [Fact]
    public void Case_20_1_A3_1_a_slow_validator_keeps_block_h_plus_1_signs_nothing_and_catches_up()
    {
        CaseNetwork network = new(4);
        network.Link = mail => mail.Touches(3) && network.NowMs < 2 * SlotMs ? null : 10;
        network.Start();
        Assert.True(network.RunUntil(() => !network[3].State.Buffered.IsEmpty));
        Assert.Equal((0UL, 1UL), (network[3].Head, network[0].Head));
        Assert.DoesNotContain(network[3].Signed, said => said.Height.Value == 2);

        network.RunToHeight(3);
        Assert.Equal("b", network.FinalAt(2));
        Assert.Contains(network[3].VotesAt(3), vote => vote.Kind == StatementKind.Prepare);
    }

    // The original caches such a block; here the proposer re-sends it in its slot (L8.1), so nothing need be kept.
    [Fact]
    public void Case_20_1_A3_2_a_block_three_heights_early_leaves_no_trace_and_is_judged_in_its_slot()
    {
        Script validator = new();
        validator.Do("enter");
        LbftState before = validator.State;
        Assert.Equal("Idle r0 w0 | -", validator.Do("proposal x height 13"));
        Assert.Equal(before, validator.State);

        validator.Do("enter 13", "proposal x");
        Assert.Contains("sign Prepare x", validator.Do("executed x valid"), StringComparison.Ordinal);
    }

    [Fact]
    public void Case_20_1_A4_a_block_ahead_of_its_time_waits_for_it_and_is_then_signed()
    {
        CaseNetwork network = new(4) { Proposer = _ => [new Showing("b", TimeOffsetMs: 300)] };
        network.Start();
        Assert.True(network.RunUntil(() => network.Honest.Any(member => member.VotesAt(1).Any())));
        Assert.True(network.NowMs >= SlotMs + 300 - network.Times.DriftMs, $"signed at {network.NowMs} ms");
        network.RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
    }

    // The original refuses a block beyond parent + period + timeout. Here there is no such bound (L7.1, F5): nobody votes
    // before its time, so the height is impeached by T0; with a certificate it would be final all the same.
    [Fact]
    public void Case_20_1_A4_ours_a_block_beyond_the_timeout_is_never_refused_only_not_voted_for_in_time()
    {
        CaseNetwork network = new(4)
        {
            Proposer = height => height == 1 ? [new Showing("b", TimeOffsetMs: 60_000)] : [new Showing("b")],
        };
        network.Start().RunToHeight(1);
        Assert.Equal("I", network.FinalAt(1));
        Assert.DoesNotContain(network.Honest, member => member.VotesAt(1).Any(vote => vote.Kind == StatementKind.Prepare));

        Script validator = new();
        validator.Do("enter", "proposal b time 60000", "cert C(0,b)");
        Assert.Contains("finalize C(0,b)", validator.Do("executed b valid"), StringComparison.Ordinal);
    }

    [Fact]
    public void Case_20_1_A5_a_block_before_parent_plus_period_is_never_signed_and_its_height_is_impeached()
    {
        CaseNetwork network = new(4)
        {
            Proposer = height => height == 1 ? [new Showing("b", TimeOffsetMs: -1)] : [new Showing("b")],
        };
        network.Start().RunToHeight(2);

        Assert.Equal(("I", "b"), (network.FinalAt(1), network.FinalAt(2)));
        Assert.DoesNotContain(network.Honest, member => member.VotesAt(1).Any(vote => vote.Kind == StatementKind.Prepare));
    }

    // The original's windows are 5 s (code) and 2.5 s (documents) after parent + period; ours is blockDelay after the opening of the slot,
    // and no window where f+1 members found the block timely (L9.2).
    [Theory]
    [InlineData(440, "b")]
    [InlineData(520, "I")]
    public void Case_20_1_A6_ours_a_block_is_accepted_until_block_delay_after_the_slot_opened(long afterMs, string final)
    {
        CaseNetwork network = new(4)
        {
            Proposer = height => [new Showing("b", AfterMs: height == 1 ? afterMs : 0)],
        };
        network.Start().RunToHeight(1);

        Assert.Equal(final, network.FinalAt(1));
    }

    [Fact]
    public void Case_20_1_A6_ours_a_block_late_at_one_validator_is_timely_there_once_f_plus_1_prepared_it()
    {
        CaseNetwork network = new(4, 3);
        network.Link = mail => mail.IsProposal && mail.To == 2 ? 700 : 10;
        network.Start().RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.Contains(network[2].VotesAt(1), vote => vote.Kind == StatementKind.Prepare);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Case_20_1_A8_f_validators_cannot_impeach_a_healthy_proposer(int validators)
    {
        CommitteeSize size = CommitteeSize.Of(validators);
        int[] liars = [.. Enumerable.Range(size.StrongQuorum, size.Faulty)];
        CaseNetwork network = new(validators, liars);
        network.Start();
        for (ulong height = 1; height <= 5; height++)
        {
            foreach (int liar in liars) FakeImpeachment(network, liar, new BlockNumber(height));
            network.RunToHeight(height);
        }

        Assert.Equal(0, network.ImpeachmentsThrough(5));
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(0, certificate.Round));
        Assert.All(network.Honest, member => Assert.DoesNotContain(member.Signed, said => said.Round > 0));
    }

    // L3, L15: the host executes outside the machine, which goes on meanwhile.
    [Theory]
    [InlineData(300, "b")]
    [InlineData(1500, "I")]
    public void Case_20_1_A9_a_block_that_takes_long_to_execute_is_final_in_time_or_impeached_and_the_chain_goes_on(long ms, string final)
    {
        CaseNetwork network = new(4);
        network.Execution = (_, hash) => hash == CaseNetwork.Block("b", 1) ? ms : 5;
        network.Start().RunToHeight(3);

        Assert.Equal((final, "b", "b"), (network.FinalAt(1), network.FinalAt(2), network.FinalAt(3)));
    }

    [Fact]
    public void Case_20_1_A9_one_validator_that_executes_slowly_holds_nobody_up()
    {
        CaseNetwork network = new(4);
        network.Execution = (seat, hash) => seat == 3 && hash == CaseNetwork.Block("b", 1) ? 5000 : 5;
        network.Start();
        Assert.True(network.RunUntil(() => network[0].Head == 3));
        Assert.Equal(0UL, network[3].Head);

        network.RunToHeight(8);
        Assert.Equal(0, network.ImpeachmentsThrough(8));
    }

    // The original writes parent + 20 s. Ours is parent + period + timeout of the chain, which is 20 s with the defaults; never a clock.
    [Fact]
    public void Case_20_1_A10_ours_the_block_of_a_silent_proposer_is_dated_parent_plus_period_plus_timeout()
    {
        CaseNetwork network = new(4)
        {
            Times = LbftParameters.Default,
            Proposer = height => height == 2 ? [] : [new Showing("b")],
        };
        network.Start().RunToHeight(3, 120_000);

        Assert.Equal(("b", "I", "b"), (network.FinalAt(1), network.FinalAt(2), network.FinalAt(3)));
        Assert.Equal(network.TimeOf(1) + 20_000, network.TimeOf(2));
        Assert.All(network.Honest, member => Assert.Equal(1, network.DecidedBy[(2, member.Seat.Index)].Round));
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    public void Case_20_1_A11_f_silent_or_lying_validators_change_nothing(int validators, bool isLying)
    {
        CommitteeSize size = CommitteeSize.Of(validators);
        int[] faulty = [.. Enumerable.Range(0, size.Faulty)];
        CaseNetwork network = new(validators, faulty);
        network.Start();
        for (ulong height = 1; height <= 10; height++)
        {
            if (isLying)
                foreach (int liar in faulty)
                {
                    FakeImpeachment(network, liar, new BlockNumber(height));
                    network.SayToAll(liar, Statement.Vote(VoteClass.Prepare, new BlockNumber(height), 0, CaseNetwork.Block("x", height)));
                    network.SayToAll(liar, Statement.Vote(VoteClass.Commit, new BlockNumber(height), 0, CaseNetwork.Block("x", height)));
                }

            network.RunToHeight(height);
        }

        Assert.Equal(0, network.ImpeachmentsThrough(10));
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(0, certificate.Round));
    }

    // The original lets the remaining f+1 or more impeach. Ours decides nothing below 2f+1: no certificate, so no fork on return.
    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Case_20_1_A12_ours_with_f_plus_1_silent_nothing_is_impeached_and_all_goes_on_when_one_returns(int validators)
    {
        CommitteeSize size = CommitteeSize.Of(validators);
        CaseNetwork network = new(validators);
        network.Start().RunToHeight(2);
        for (int seat = 0; seat < size.WeakQuorum; seat++) network[seat].Crash();
        network.RunFor(120_000);
        Assert.Equal(2UL, network.Head);

        network[0].Restart();
        network.RunToHeight(6, 120_000);
        Assert.True(network.ImpeachmentsThrough(6) <= 1, "only the height that was open may be impeached");
    }

    [Theory]
    [InlineData(StatementKind.Prepare, 300, "b")]
    [InlineData(StatementKind.Commit, 300, "b")]
    [InlineData(StatementKind.Commit, 5000, "b")]
    [InlineData(StatementKind.Prepare, 5000, "I")]
    public void Case_20_1_A13_lost_votes_are_said_again_and_what_was_certified_is_never_impeached(
        StatementKind lost, long lostForMs, string final)
    {
        CaseNetwork network = new(4);
        network.Link = mail => mail.Kind == lost && network.NowMs < SlotMs + lostForMs ? null : 10;
        network.Start().RunToHeight(2);

        Assert.Equal(final, network.FinalAt(1));
    }

    [Fact]
    public void Case_20_1_A13_every_VALIDATE_lost_the_certificate_is_given_to_whoever_still_asks()
    {
        CaseNetwork network = new(4);
        network.Link = mail => mail.What is LbftEvent.CertificateReceived { IsBodyHeld: true } ? null
            : mail.To == 3 && mail.Said is { Height.Value: 1, Kind: StatementKind.Commit } ? null : 10;
        network.Start().RunToHeight(4);

        Assert.Equal(0, network.ImpeachmentsThrough(4));
    }

    private static void FakeImpeachment(CaseNetwork network, int liar, BlockNumber height)
    {
        Hash256 impeach = CaseNetwork.Impeach(height.Value);
        for (int round = 1; round <= 3; round++)
        {
            network.SayToAll(liar, new Statement(StatementKind.Wish, height, round, Hash256.Zero));
            network.SayToAll(liar, Statement.Vote(VoteClass.Prepare, height, round, impeach));
            network.SayToAll(liar, Statement.Vote(VoteClass.Commit, height, round, impeach));
        }
    }
}
