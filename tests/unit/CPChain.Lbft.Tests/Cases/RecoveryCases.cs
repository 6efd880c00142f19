using CPChain.Lbft.Signing;
using CPChain.Lbft.Tests.Traces;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>Section 20.2 of the original's test plan: failback (F1 to F6) and recovery (R1 to R4).</summary>
public sealed class RecoveryCases
{
    private const long MarkMs = 120_000;

    // The original answers a stop of all with an impeach block dated at a two-minute mark, within four minutes. Ours needs no failback:
    // timers are granted anew (L6) and a proposal carries the real time (L7.3), so the next block is an ordinary one.
    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public void Case_20_2_F1_ours_after_a_stop_of_all_the_next_block_is_a_proposers_with_the_real_time(long staggerMs)
    {
        CaseNetwork network = StopAll(new CaseNetwork(4) { Times = LbftParameters.Default });
        network.RunFor(5 * MarkMs);
        ulong restartedAt = CaseNetwork.EpochMs + (ulong)network.NowMs;
        network.ShowNow(3, new Showing("b"));
        foreach (CaseMember member in network.Honest) network.At(member.Seat.Index * staggerMs, () => member.Restart());
        network.RunToHeight(5, 300_000);

        Assert.Equal(0, network.ImpeachmentsThrough(5));
        Assert.Equal(restartedAt, network.TimeOf(3));
    }

    [Fact]
    public void Case_20_2_F2_ours_all_clocks_before_the_mark_no_mark_is_used() => RestartAround(before: 4, after: 0);

    [Fact]
    public void Case_20_2_F3_ours_f_plus_1_or_more_before_and_fewer_after_no_mark_is_used() => RestartAround(before: 3, after: 1);

    [Fact]
    public void Case_20_2_F4_ours_fewer_before_and_f_plus_1_or_more_after_no_mark_is_used() => RestartAround(before: 1, after: 3);

    // Both below f+1 are at most 2f validators: nothing is decided before one more is back.
    [Fact]
    public void Case_20_2_F5_ours_fewer_than_f_plus_1_on_either_side_wait_for_a_quorum() => RestartAround(before: 1, after: 1);

    [Fact]
    public void Case_20_2_F6_ours_f_plus_1_or_more_on_both_sides_no_mark_is_used() => RestartAround(before: 2, after: 2);

    [Fact]
    public void Case_20_2_R1_a_validator_that_misses_one_state_gets_the_certificate_with_the_next_message()
    {
        CaseNetwork network = new(4) { Link = mail => mail is { Kind: StatementKind.Prepare, To: 3 } ? null : 10 };
        network.Start().RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        Assert.Contains(network[3].VotesAt(1), vote => vote.Kind == StatementKind.Commit);
        Assert.All(network.DecidedBy.Values, certificate => Assert.Equal(0, certificate.Round));
    }

    [Fact]
    public void Case_20_2_R2_a_validator_one_height_behind_is_answered_with_the_certificate_and_fetches_the_body()
    {
        CaseNetwork network = new(4);
        network.Link = mail => mail.To == 3 && network.NowMs < 1500 ? null : mail.IsProposal && mail.To == 3 ? null : 10;
        network.Start();
        Assert.True(network.RunUntil(() => network[0].Head == 1));
        network.RunToHeight(2);

        Assert.True(network.BodyRequests[3] > 0);
        Assert.Equal(0, network.ImpeachmentsThrough(2));
    }

    [Fact]
    public void Case_20_2_R3_who_hears_of_a_height_far_ahead_asks_for_blocks_and_votes_at_none_meanwhile()
    {
        Script validator = new();
        validator.Do("enter");
        Assert.Equal("Idle r0 w0 | sync from v2", validator.Do("v2 wish 1 height 40"));
        validator.Do("enter 20 following", "proposal b");
        Assert.Equal("Idle r0 w0 | -", validator.Do("executed b valid"));
        Assert.Equal("Idle r0 w0 | -", validator.Do("timer Round"));

        validator.Do("enter 41", "proposal c");
        Assert.Contains("sign Prepare c", validator.Do("executed c valid"), StringComparison.Ordinal);
    }

    [Fact]
    public void Case_20_2_R4_a_restarted_validator_signs_no_second_block_of_a_height()
    {
        CaseNetwork network = new(4) { Proposer = _ => [new Showing("b", To: [0], IsRepeated: false), new Showing("c", AfterMs: 200)] };
        network.Link = mail => mail.IsProposal && mail.From == 0 ? null : mail.Kind == StatementKind.Prepare && mail.From == 0 ? null : 10;
        network.Start();
        Assert.True(network.RunUntil(() => network[0].VotesAt(1).Any()));
        network[0].Crash();
        network[0].Restart();
        network.RunToHeight(1);

        Assert.Equal("c", network.FinalAt(1));
        Assert.Equal(
            [CaseNetwork.Block("b", 1)],
            network[0].VotesAt(1).Where(vote => vote.Kind == StatementKind.Prepare).Select(vote => vote.Hash).Distinct());
    }

    [Fact]
    public void Case_20_2_R4_the_signers_own_record_refuses_a_second_block_when_the_journal_does_not()
    {
        Statement first = Statement.Vote(VoteClass.Prepare, new BlockNumber(5), 0, Fixture.Hash("b"));
        Assert.Equal(SigningFault.None, SignerRecord.Empty.TryAuthorize(first, out SignerRecord record));
        Assert.True(SignerRecord.TryDecode(record.Encode(), out SignerRecord? reread, out _));
        Assert.Equal(SigningFault.AnotherVote, reread.TryAuthorize(first with { Hash = Fixture.Hash("c") }, out _));
        Assert.Equal(SigningFault.None, reread.TryAuthorize(first, out _));
    }

    // All validators stop, and some come back with clocks just before, some just after a two-minute mark. Once with the proposer, once without.
    private static void RestartAround(int before, int after)
    {
        foreach (bool isProposerBack in (bool[])[true, false])
        {
            CaseNetwork network = StopAll(new CaseNetwork(4)
            {
                Times = LbftParameters.Default,
                WallOffset = seat => seat < before ? -200 : 200,
            });
            network.RunFor((3 * MarkMs) - (long)((CaseNetwork.EpochMs + (ulong)network.NowMs) % MarkMs));
            if (isProposerBack) network.ShowNow(3, new Showing("b"));
            for (int seat = 0; seat < before + after; seat++) network[seat].Restart();
            if (before + after < network.Committee.StrongQuorum)
            {
                network.RunFor(4 * MarkMs);
                Assert.Equal(2UL, network.Head);
                network[before + after].Restart();
            }

            network.RunToHeight(4, 4 * MarkMs);
            Assert.Equal("b", network.FinalAt(4));
            // Where a quorum came back only after their T0, the two that waited have wished for round 1 already.
            if (isProposerBack && before + after == 4) Assert.Equal("b", network.FinalAt(3));
            if (network.FinalAt(3) == "I") Assert.Equal(network.TimeOf(2) + 20_000, network.TimeOf(3));
            if (!isProposerBack) Assert.Equal("I", network.FinalAt(3));
        }
    }

    internal static CaseNetwork StopAll(CaseNetwork network)
    {
        network.Proposer = height => height == 3 ? [] : [new Showing("b")];
        network.Start().RunToHeight(2);
        foreach (CaseMember member in network.Honest) member.Crash();
        return network;
    }
}
