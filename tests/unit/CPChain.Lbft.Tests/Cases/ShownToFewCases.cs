using CPChain.Lbft.Blocks;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>A proposer that shows its block to exactly f+1 honest members, v0 and v1 of four, and is gone (L9.3, L13, L16).</summary>
public sealed class ShownToFewCases
{
    private static readonly BlockNumber First = new(1);
    private static readonly Hash256 B = CaseNetwork.Block("b", 1);

    [Fact]
    public void Case_Show_1_f_plus_1_hand_the_block_on_and_round_0_decides_it()
    {
        CaseNetwork network = Dying();
        network.Start().RunToHeight(2);

        Assert.Equal("b", network.FinalAt(1));
        Assert.All(network.Honest, member => Assert.Equal(0, network.DecidedBy[(1, member.Seat.Index)].Round));
    }

    // Nobody hands it on, v3 is Byzantine and helps to certify it; of what v2 asks for and is answered, the first parts are lost.
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(60)]
    public void Case_Show_2_once_certified_every_honest_member_gets_the_body_within_bounded_requests(int lostFirst)
    {
        CaseNetwork network = Certified();
        int lost = 0;
        Func<Mail, long?> link = network.Link;
        network.Link = mail => mail.IsBody && lost++ < lostFirst ? null : link(mail);
        network.Start().RunToHeight(1);

        Assert.Equal("b", network.FinalAt(1));
        long ticks = (network.NowMs - 1000) / network.Times.ResendMs;
        Assert.InRange(network.BodyRequests[2], 1, 3 * (ticks + 2));
    }

    // COMMITs are lost, so that round 1 begins; the body does not come before it is over. v2 votes at once all the same.
    [Fact]
    public void Case_Show_3_no_vote_for_a_certified_block_waits_for_its_body_in_a_later_round()
    {
        CaseNetwork network = Certified();
        Func<Mail, long?> link = network.Link;
        bool isBodyHeldBack = true;
        network.Link = mail => mail.IsBody && isBodyHeldBack ? null
            : mail.Kind == StatementKind.Commit && mail.From >= 0 && network.NowMs < 2100 ? null : link(mail);
        network.Start();
        Assert.True(network.RunUntil(() => network[2].State.Round == 1));
        Assert.Contains(Statement.Vote(VoteClass.Prepare, First, 1, B, 0), network[2].Signed);
        Assert.Equal(BlockStage.Wanted, network[2].State.Block(B)!.Stage);

        // Those who have the body need nobody else for the certificate of round 1, nor v2 for the rest once it comes.
        Assert.True(network.RunUntil(() => network[0].VotesAt(1).Any(vote => vote.Kind == StatementKind.ImpeachCommit)));
        isBodyHeldBack = false;
        network.RunToHeight(1);
        Assert.Equal("b", network.FinalAt(1));
        Assert.All(network.DecidedBy.Values, certificate => Assert.InRange(certificate.Round, 0, 1));
    }

    [Fact]
    public void Case_Show_4_never_certified_it_is_impeached_and_the_chain_goes_on()
    {
        CaseNetwork network = Dying(3);
        network.Link = mail => mail.IsBody || (mail.IsProposal && mail.From >= 0) ? null : 10;
        network.Start().RunToHeight(1);
        Assert.Equal("I", network.FinalAt(1));

        network.Link = _ => 10;
        network.RunToHeight(3);
        Assert.Equal("b", network.FinalAt(3));
    }

    private static CaseNetwork Dying(params int[] byzantine) => new(4, byzantine)
    {
        Proposer = height => height == 1 ? [new Showing("b", To: [0, 1], IsRepeated: false)] : [new Showing("b")],
    };

    private static CaseNetwork Certified()
    {
        CaseNetwork network = Dying(3);
        network.Link = mail => mail.IsProposal && mail.From >= 0 ? null : 10;
        network.At(1050, () => network.SayToAll(3, Statement.Vote(VoteClass.Prepare, First, 0, B)));
        return network;
    }
}
