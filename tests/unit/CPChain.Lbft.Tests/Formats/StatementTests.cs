using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Formats;

public sealed class StatementTests
{
    private static readonly Keys Four = new(4);

    [Fact]
    public void L2_4_digest_covers_every_field_at_its_place()
    {
        Statement statement = new(StatementKind.ImpeachPrepare, new BlockNumber(0x0102030405060708), 0x0A0B0C0D, Fixture.Hash("b"), 2);
        string input = "4350432d4c4246542f32" // CPC-LBFT/2
            + Convert.ToHexString(Keys.Domain.GenesisHash.ToArray()) + "0000000000001F96" + "03" + "0102030405060708" + "0A0B0C0D"
            + Convert.ToHexString(statement.Hash.ToArray()) + "00000003";

        Assert.Equal(Keccak256.Hash(Convert.FromHexString(input)), statement.Digest(Keys.Domain));
    }

    [Fact]
    public void L2_4_digests_differ_in_any_field()
    {
        Statement a = Statement.Vote(VoteClass.Prepare, new BlockNumber(5), 2, Fixture.Hash("b"), 1);
        Hash256[] digests =
        [
            a.Digest(Keys.Domain),
            (a with { Kind = StatementKind.ImpeachCommit }).Digest(Keys.Domain),
            (a with { Height = new BlockNumber(6) }).Digest(Keys.Domain),
            (a with { Round = 3 }).Digest(Keys.Domain),
            (a with { Hash = Fixture.Hash("c") }).Digest(Keys.Domain),
            (a with { ValidRound = 0 }).Digest(Keys.Domain),
            a.Digest(Keys.Domain with { ChainId = 1 }),
            a.Digest(Keys.Domain with { GenesisHash = Fixture.Hash("other") }),
        ];

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Theory]
    [InlineData(StatementKind.Prepare, 1, -1, false)]
    [InlineData(StatementKind.Prepare, 0, 0, false)]
    [InlineData(StatementKind.Prepare, 0, -1, true)]
    [InlineData(StatementKind.Commit, 1, -1, false)]
    [InlineData(StatementKind.ImpeachPrepare, 0, -1, false)]
    [InlineData(StatementKind.ImpeachPrepare, 2, 2, false)]
    [InlineData(StatementKind.ImpeachPrepare, 2, 1, true)]
    [InlineData(StatementKind.ImpeachCommit, 0, -1, false)]
    [InlineData(StatementKind.ImpeachCommit, 2, 1, false)]
    [InlineData(StatementKind.Propose, 1, -1, false)]
    [InlineData(StatementKind.Propose, 2, -1, true)]
    [InlineData((StatementKind)9, 0, -1, false)]
    public void L2_4_kind_and_rounds_must_fit(StatementKind kind, int round, int validRound, bool fits) =>
        Assert.Equal(fits, new Statement(kind, new BlockNumber(5), round, Fixture.Hash("b"), validRound).IsWellFormed);

    [Fact]
    public void L3_a_bad_attachment_is_ignored_and_the_vote_counts()
    {
        SignedStatement vote = Four.Sign(2, Statement.Vote(VoteClass.Commit, new BlockNumber(5), 0, Fixture.Hash("b")));
        Certificate good = Four.Certify(VoteClass.Prepare, 5, 0, Fixture.Hash("b"));
        Certificate bad = good with { Round = 1 };

        Assert.Equal(MessageFault.None, Establish(new LbftMessage.Said(vote, good), out LbftEvent? with, out bool refused));
        Assert.False(refused);
        Assert.Equal(good, Assert.IsType<LbftEvent.VoteReceived>(with).Attached);
        Assert.Equal(MessageFault.None, Establish(new LbftMessage.Said(vote, bad), out LbftEvent? without, out refused));
        Assert.True(refused);
        Assert.Null(Assert.IsType<LbftEvent.VoteReceived>(without).Attached);
        Assert.Equal(2, Assert.IsType<LbftEvent.VoteReceived>(without).Voter.Index);
    }

    [Fact]
    public void L24_only_members_are_heard()
    {
        Statement vote = Statement.Vote(VoteClass.Prepare, new BlockNumber(5), 0, Fixture.Hash("b"));
        SignedStatement foreign = new(vote, Keys.KeyOf(77).Sign(vote.Digest(Keys.Domain)));
        SignedStatement otherChain = new(vote, Keys.KeyOf(1).Sign(vote.Digest(Keys.Domain with { ChainId = 2 })));

        Assert.Equal(MessageFault.NotAMember, Establish(new LbftMessage.Said(foreign, null), out _, out _));
        Assert.Equal(MessageFault.NotAMember, Establish(new LbftMessage.Said(otherChain, null), out _, out _));
    }

    private static MessageFault Establish(LbftMessage.Said said, out LbftEvent? input, out bool refused)
    {
        MessageFault fault = MessageVerifier.Establish(
            said, Four.Committee, Keys.Domain,
            certificate => CertificateVerifier.Verify(certificate, Four.Committee, Keys.Domain) == CertificateFault.None,
            out LbftEvent.FromPeer? established, out refused);
        input = established;
        return fault;
    }
}
