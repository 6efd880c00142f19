using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Tests.Formats;
using CPChain.Lbft.Tests.Traces;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>Section 20.11 of the original's test plan: attacks on the weaknesses found in it, where the rules alone answer.</summary>
public sealed class AttackCases
{
    private readonly Keys _keys = new(4);

    [Fact]
    public void Case_20_11_X1_one_signature_repeated_2f_plus_1_times_is_no_certificate()
    {
        Certificate good = _keys.Certify(VoteClass.Commit, 5, 0, Fixture.Hash("b"));
        Assert.Equal(CertificateFault.None, Verify(good));
        Signature first = good.Signatures[0];

        Assert.Equal(CertificateFault.WrongSigner, Verify(good with { Signatures = ValueArray<Signature>.Of(first, first, first) }));
        Assert.Equal(
            CertificateFault.WrongSignerCount,
            Verify(good with { Signers = Fixture.Seats(0), Signatures = ValueArray<Signature>.Of(first, first, first) }));
        byte[] encoded = CertificateCodec.Encode(good);
        encoded[2 + 1 + 8 + 4 + 32] = 0b0001; // the bitmap names one member
        Assert.False(CertificateCodec.TryDecode(encoded, out _, out _));
    }

    [Fact]
    public void Case_20_11_X2_PREPARE_signatures_of_a_block_are_no_IMPEACH_PREPAREs_of_it()
    {
        Certificate prepared = _keys.Certify(VoteClass.Prepare, 5, 0, Fixture.Hash("b"));
        Assert.Equal(CertificateFault.None, Verify(prepared));
        Assert.Equal(CertificateFault.WrongSigner, Verify(prepared with { Round = 1 }));
        Assert.Equal(CertificateFault.WrongSigner, Verify(prepared with { Class = VoteClass.Commit, ValidRounds = default }));

        SignedStatement vote = _keys.Sign(2, Statement.Vote(VoteClass.Prepare, new BlockNumber(5), 0, Fixture.Hash("b")));
        Statement impeach = Statement.Vote(VoteClass.Prepare, new BlockNumber(5), 1, Fixture.Hash("b"));
        MessageFault fault = MessageVerifier.Establish(
            new LbftMessage.Said(vote with { Statement = impeach }, null), _keys.Committee, Keys.Domain, _ => true, out var established, out _);
        Assert.Equal((MessageFault.NotAMember, (LbftEvent.FromPeer?)null), (fault, established));
    }

    [Fact]
    public void Case_20_11_X7_a_vote_with_an_empty_short_or_long_signature_is_rejected_and_nothing_throws()
    {
        SignedStatement vote = _keys.Sign(1, Statement.Vote(VoteClass.Prepare, new BlockNumber(5), 0, Fixture.Hash("b")));
        byte[] good = LbftMessageCodec.Encode(new LbftMessage.Said(vote, _keys.Certify(VoteClass.Prepare, 5, 0, Fixture.Hash("b"))));
        Assert.True(LbftMessageCodec.TryDecode(good, 0, out _, out _));
        for (int length = 0; length < good.Length; length++) Assert.False(LbftMessageCodec.TryDecode(good.AsSpan(0, length), 0, out _, out _));
        Assert.False(LbftMessageCodec.TryDecode([.. good, 0], 0, out _, out _));
        Assert.False(LbftMessageCodec.TryDecode([.. good, .. good], 0, out _, out _));

        byte[] certificate = CertificateCodec.Encode(_keys.Certify(VoteClass.Commit, 5, 0, Fixture.Hash("b")));
        for (int length = 0; length < certificate.Length; length++)
            Assert.False(CertificateCodec.TryDecode(certificate.AsSpan(0, length), out _, out _));
        Assert.False(CertificateCodec.TryDecode([.. certificate, .. new byte[Signature.Length]], out _, out _));
    }

    // A bad seal ends in the host (HostCases); the rightful proposer can waste no more than its own height.
    [Fact]
    public void Case_20_11_X8_many_blocks_dated_ahead_under_the_right_seal_block_nothing()
    {
        Script validator = new();
        validator.Do("enter");
        for (int block = 0; block < 100; block++) validator.Do($"proposal {(char)('a' + (block % 8))}{block} time 20000");
        Assert.InRange(validator.State.Blocks.Length, 1, 2);
        Assert.StartsWith("Idle r0 w1 | sign Wish 1", validator.Do("timer Round"), StringComparison.Ordinal);
        validator.Do("v1 wish 1");
        Assert.Contains("sign ImpeachPrepare 1 I", validator.Do("v2 wish 1"), StringComparison.Ordinal);
        Assert.Contains("finalize C(1,I)", validator.Do("cert C(1,I)"), StringComparison.Ordinal);
    }

    // All prepare and commit; which COMMITs arrive before T0 is every subset of the twelve, up to a rotation of the seats, which
    // nothing in rounds 0 and 1 can tell. What the original forks on.
    [Fact]
    public void Case_20_11_X9_whichever_commits_a_partition_at_the_timeout_delays_one_block_is_certified()
    {
        for (int subset = 0; subset < 1 << 12; subset++)
        {
            if (!IsLowestOfItsRotations(subset)) continue;

            CaseNetwork network = new(4) { Times = Fixture.Times with { ResendMs = 400 } };
            int arrives = subset;
            network.Link = mail => mail.Kind == StatementKind.Commit && network.NowMs < 2500 && !Arrives(mail) ? null : 10;
            network.Start().RunToHeight(1);
            Assert.Equal("b", network.FinalAt(1));

            bool Arrives(Mail mail) => (arrives >> Bit(mail.From, mail.To) & 1) == 1;
        }

        static int Bit(int from, int to) => (3 * from) + (to > from ? to - 1 : to);

        static bool IsLowestOfItsRotations(int subset)
        {
            for (int turn = 1; turn < 4; turn++)
            {
                int rotated = 0;
                for (int from = 0; from < 4; from++)
                    for (int to = 0; to < 4; to++)
                        if (from != to && (subset >> Bit(from, to) & 1) == 1) rotated |= 1 << Bit((from + turn) % 4, (to + turn) % 4);
                if (rotated < subset) return false;
            }

            return true;
        }
    }

    [Fact]
    public void Case_20_11_X15a_an_impeach_block_of_an_unknown_parent_is_never_signed()
    {
        Script validator = new();
        validator.Do("enter");
        Assert.Equal("Idle r0 w0 | get-cert #10 from v2", validator.Do("validate C(1,far) height 11 from v2"));
        Assert.Equal("Idle r0 w0 | sync from v3", validator.Do("validate C(1,far) height 12 from v3"));
        Assert.Equal("Idle r0 w0 | -", validator.Do("validate C(1,far) height 99 by v0 v1 v2"));
        // As a proposal it is nobody's: a block without coinbase has no seal, and one in the name of I_h is ignored.
        Assert.Equal("Idle r0 w0 | -", validator.Do("proposal I time 900000000"));
        Assert.Equal(0, validator.State.Wish);
        Assert.True(validator.State.Own.IsEmpty);
    }

    private CertificateFault Verify(Certificate certificate) =>
        CertificateVerifier.Verify(certificate, _keys.Committee, Keys.Domain, Fixture.Hash("I"));
}
