using CPChain.Lbft.Certificates;
using CPChain.Lbft.Tests.Formats;
using CPChain.Lbft.Tests.Traces;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>CE1 to CE8, the schedules that break the published protocol, on these rules: each ends in one decision, the right one.</summary>
public sealed class CounterExampleCases
{
    private static readonly BlockNumber First = new(1);

    // A = v0: its timer fires before it has three PREPAREs. B = v1 commits, then times out: COMMITs are late. D = v3 is late throughout.
    [Fact]
    public void Case_CE1_with_delays_alone_the_certified_block_is_final_and_nothing_else()
    {
        CaseNetwork network = new(4) { RoundTimerEarlyBy = seat => seat == 0 ? 980 : 0 };
        network.Link = mail => mail.Touches(3) ? 3000
            : mail.Kind == StatementKind.Commit && network.NowMs < 2500 ? 5000
            : mail is { Kind: StatementKind.Prepare, To: 0 } ? 300 : 10;
        network.Start();
        Assert.True(network.RunUntil(() => network[1].VotesAt(1).Any(vote => vote.Kind == StatementKind.Commit)));
        Assert.Contains(network[0].Signed, said => said is { Kind: StatementKind.Wish, Round: 1 });
        network.RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.DoesNotContain(network.Honest, member => member.VotesAt(1).Any(vote => vote.Hash == CaseNetwork.Impeach(1)));
    }

    // A's link is slow; the f Byzantine send A alone whatever an impeachment takes.
    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Case_CE2_f_byzantine_cannot_make_a_slow_validator_finalise_the_impeach_block(int validators)
    {
        CommitteeSize size = CommitteeSize.Of(validators);
        int[] liars = [.. Enumerable.Range(size.StrongQuorum, size.Faulty)];
        CaseNetwork network = new(validators, liars) { RoundTimerEarlyBy = seat => seat == 0 ? 500 : 0 };
        network.Link = mail => mail.To == 0 && !liars.Contains(mail.From) ? 4000 : 10;
        foreach (int liar in liars)
            for (int round = 1; round <= 2; round++)
            {
                network.Say(liar, 0, new Statement(StatementKind.Wish, First, round, Hash256.Zero));
                network.Say(liar, 0, Statement.Vote(VoteClass.Prepare, First, round, CaseNetwork.Impeach(1)));
                network.Say(liar, 0, Statement.Vote(VoteClass.Commit, First, round, CaseNetwork.Impeach(1)));
            }

        foreach (int liar in liars)
            foreach (VoteClass voteClass in (VoteClass[])[VoteClass.Prepare, VoteClass.Commit])
                network.At(1050, () => network.SayToAll(liar, Statement.Vote(voteClass, First, 0, CaseNetwork.Block("b", 1))));
        network.Start().RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.DoesNotContain(network[0].VotesAt(1), vote => vote.Hash == CaseNetwork.Impeach(1));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Case_CE3_of_two_halves_neither_decides_anything_and_one_chain_goes_on_after_healing(int validators)
    {
        int half = validators / 2;
        CaseNetwork network = new(validators);
        network.Start().RunToHeight(2);
        ulong head = network.Head;
        long cut = network.NowMs;
        network.Link = mail => network.NowMs < cut + 90_000
            && (mail.From >= 0 && mail.From < half) != (mail.To < half) && mail.From != CaseNetwork.TheProposer ? null : 10;
        // With an odd committee the larger half is 2f+1 - 1 at most here: the last member is alone.
        if (validators == 7)
        {
            Func<Mail, long?> halves = network.Link;
            network.Link = mail => mail.Touches(6) && network.NowMs < cut + 90_000 ? null : halves(mail);
        }

        network.RunFor(60_000);
        Assert.Equal(head, network.Head);
        network.RunToHeight(head + 3, 300_000);
    }

    // What differs on the nodes is the clock; the block does not (Execution tests: the same bytes). So one value gathers all votes.
    [Fact]
    public void Case_CE4_clocks_on_both_sides_of_any_boundary_vote_for_one_impeach_block()
    {
        CaseNetwork network = new(4) { Proposer = _ => [], WallOffset = seat => seat % 2 == 0 ? -40 : 40 };
        network.Start().RunToHeight(2);

        Assert.Equal(("I", "I"), (network.FinalAt(1), network.FinalAt(2)));
        Assert.Equal(CaseNetwork.EpochMs + 2000, network.TimeOf(1));
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(1, certificate.Round));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Case_CE5_a_validator_that_loses_power_never_votes_for_the_other_block(bool losesJournal)
    {
        CaseNetwork network = new(4, 3)
        {
            Proposer = height => height == 1 ? [new Showing("b", To: [0, 1]), new Showing("c", To: [2])] : [new Showing("b")],
        };
        bool isHealed = false;
        // v2 hears nothing of b, and v0 falls silent with its decision.
        network.Link = mail => isHealed ? 10
            : mail.Touches(2) && mail.From is 0 or 1 ? null
            : mail.From == 2 && mail.To == 0 ? null
            : mail.Touches(0) && network[0].Head == 1 ? null : 10;
        foreach (VoteClass voteClass in (VoteClass[])[VoteClass.Prepare, VoteClass.Commit])
            network.At(1050, () => network.SayToAll(3, Statement.Vote(voteClass, First, 0, CaseNetwork.Block("b", 1))));
        network.Start();
        Assert.True(network.RunUntil(() => network[0].Head == 1 || network[1].VotesAt(1).Any(v => v.Kind == StatementKind.Commit)));
        network[1].Crash(losesJournal);
        Assert.True(network.RunUntil(() => network[0].Head == 1));

        network[1].Restart(asLost: losesJournal);
        network.PostProposal(CaseNetwork.TheProposer, 1, CaseNetwork.Block("c", 1));
        foreach (VoteClass voteClass in (VoteClass[])[VoteClass.Prepare, VoteClass.Commit])
            network.SayToAll(3, Statement.Vote(voteClass, First, 0, CaseNetwork.Block("c", 1)));
        network.RunFor(20_000);
        Assert.DoesNotContain(network[1].VotesAt(1), vote => vote.Hash == CaseNetwork.Block("c", 1));

        isHealed = true;
        network.RunToHeight(1);
        Assert.Equal("b", network.FinalAt(1));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Case_CE6_f_byzantine_and_one_early_clock_impeach_nobody_on_demand(int validators)
    {
        CommitteeSize size = CommitteeSize.Of(validators);
        int[] liars = [.. Enumerable.Range(size.StrongQuorum, size.Faulty)];
        CaseNetwork network = new(validators, liars) { RoundTimerEarlyBy = seat => seat == 0 ? 1000 : 0 };
        network.Start();
        for (ulong height = 1; height <= 30; height++)
        {
            BlockNumber number = new(height);
            foreach (int liar in liars)
            {
                network.SayToAll(liar, new Statement(StatementKind.Wish, number, 1, Hash256.Zero));
                network.SayToAll(liar, Statement.Vote(VoteClass.Prepare, number, 1, CaseNetwork.Impeach(height)));
                network.SayToAll(liar, Statement.Vote(VoteClass.Commit, number, 1, CaseNetwork.Impeach(height)));
            }

            network.RunToHeight(height);
        }

        Assert.Equal(0, network.ImpeachmentsThrough(30));
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(0, certificate.Round));
    }

    // A = v0 alone holds the certificate and has committed; B and C vote for the impeach block in round 1; D helps them leave round 0 only.
    [Fact]
    public void Case_CE7_one_commit_and_two_impeach_votes_are_no_dead_end()
    {
        CaseNetwork network = new(4, 3);
        bool HaveImpeached() => network[1].Signed.Any(IsRoundOne) && network[2].Signed.Any(IsRoundOne);
        network.Link = mail => mail is { Kind: StatementKind.Prepare, To: 1 or 2 } ? null
            : mail.From == 0 && !HaveImpeached() ? null : 10;
        network.At(1900, () => network.SayToAll(3, new Statement(StatementKind.Wish, First, 1, Hash256.Zero)));
        network.At(1050, () => network.SayToAll(3, Statement.Vote(VoteClass.Prepare, First, 0, CaseNetwork.Block("b", 1))));
        network.Start();
        Assert.True(network.RunUntil(HaveImpeached));
        Assert.All([network[1], network[2]], member => Assert.Contains(member.Signed, said => said.Hash == CaseNetwork.Impeach(1)));
        Assert.Contains(network[0].VotesAt(1), vote => vote.Kind == StatementKind.Commit && vote.Hash == CaseNetwork.Block("b", 1));
        network.RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.All(network.DecidedBy.Values, certificate => Assert.InRange(certificate.Round, 1, network.Committee.Faulty + 2));

        static bool IsRoundOne(Statement said) => said is { Kind: StatementKind.ImpeachPrepare, Round: 1 };
    }

    [Fact]
    public void Case_CE8_a_block_dated_in_the_future_freezes_nobody()
    {
        Script validator = new();
        validator.Do("enter", "proposal b time 30000");
        Assert.Equal("Idle r0 w0 | -", validator.Do("v1 wish 1"));
        Assert.StartsWith("Idle r0 w1 | sign Wish 1", validator.Do("timer Round"), StringComparison.Ordinal);
        Assert.StartsWith("ImpeachPrepare r1 w1", validator.Do("v2 wish 1"), StringComparison.Ordinal);
        Assert.Contains("finalize C(1,I)", validator.Do("cert C(1,I)"), StringComparison.Ordinal);
    }

    [Fact]
    public void Case_CE8_a_signature_is_of_one_phase_height_round_and_chain_only()
    {
        Keys keys = new(4);
        Statement prepare = Statement.Vote(VoteClass.Prepare, new BlockNumber(5), 0, Fixture.Hash("b"));
        SignedStatement signed = keys.Sign(1, prepare);
        Assert.True(keys.Committee.TrySignerOf(signed, Keys.Domain, out Seat signer));
        Assert.Equal(new Seat(1), signer);

        Statement[] others =
        [
            prepare with { Kind = StatementKind.Commit },
            prepare with { Kind = StatementKind.ImpeachPrepare, Round = 1 },
            prepare with { Kind = StatementKind.Seal },
            prepare with { Height = new BlockNumber(6) },
            prepare with { Hash = Fixture.Hash("c") },
        ];
        foreach (Statement other in others)
            Assert.False(keys.Committee.TrySignerOf(signed with { Statement = other }, Keys.Domain, out _));
        foreach (ChainDomain chain in (ChainDomain[])[Keys.Domain with { ChainId = 1 }, Keys.Domain with { GenesisHash = Hash256.Zero }])
            Assert.False(keys.Committee.TrySignerOf(signed, chain, out _));
    }
}
