using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Formats;

public sealed class CertificateTests
{
    private static readonly Hash256 Block = Fixture.Hash("b");
    private static readonly Keys Four = new(4);

    [Theory]
    [InlineData(4, VoteClass.Prepare, 0)]
    [InlineData(4, VoteClass.Commit, 3)]
    [InlineData(7, VoteClass.Prepare, 2)]
    [InlineData(7, VoteClass.Commit, 0)]
    public void L4_1_a_quorum_of_distinct_members_is_a_certificate(int validators, VoteClass voteClass, int round)
    {
        Keys keys = new(validators);
        Certificate certificate = keys.Certify(voteClass, 5, round, Block, validRound: round > 1 ? 0 : -1);

        Assert.Equal(CertificateFault.None, CertificateVerifier.Verify(certificate, keys.Committee, Keys.Domain));
        byte[] bytes = CertificateCodec.Encode(certificate);
        Assert.Equal(CertificateCodec.LengthOf(keys.Committee.Size, voteClass), bytes.Length);
        Assert.True(CertificateCodec.TryDecode(bytes, out Certificate? again, out _));
        Assert.Equal(certificate, again);
    }

    [Fact]
    public void L4_1_fewer_more_or_repeated_signers_are_refused()
    {
        Certificate good = Four.Certify(VoteClass.Commit, 5, 0, Block);

        Assert.Equal(
            CertificateFault.WrongSignerCount,
            Verify(good with { Signers = Fixture.Seats(0, 1), Signatures = ValueArray<Signature>.Of(good.Signatures.Span[..2]) }));
        Assert.Equal(
            CertificateFault.WrongSignerCount,
            Verify(good with { Signers = Fixture.Seats(0, 1, 2, 3), Signatures = good.Signatures.Add(good.Signatures[0]) }));
        Assert.Equal(
            CertificateFault.WrongSigner,
            Verify(good with { Signatures = good.Signatures.With(1, good.Signatures[0]) }));
        Assert.Equal(CertificateFault.WrongSignerCount, Verify(good with { Signers = Fixture.Seats(0, 1, 5) }));
    }

    [Fact]
    public void L4_2_signatures_of_another_round_kind_height_or_chain_do_not_count()
    {
        Certificate good = Four.Certify(VoteClass.Commit, 5, 0, Block);

        Assert.Equal(CertificateFault.WrongSigner, Verify(good with { Round = 1 }));
        Assert.Equal(CertificateFault.WrongSigner, Verify(good with { Height = new BlockNumber(6) }));
        Assert.Equal(CertificateFault.WrongSigner, Verify(good with { Hash = Fixture.Hash("c") }));
        Assert.Equal(
            CertificateFault.WrongSigner,
            Verify(good with { Class = VoteClass.Prepare, ValidRounds = ValueArray<int>.Repeat(-1, 3) }));
        ChainDomain other = Keys.Domain with { ChainId = 1 };
        Assert.Equal(CertificateFault.WrongSigner, CertificateVerifier.Verify(good, Four.Committee, other));
    }

    [Fact]
    public void L4_1_valid_rounds_are_signed_one_by_one()
    {
        Certificate good = Four.Certify(VoteClass.Prepare, 5, 3, Block, validRound: 1);

        Assert.Equal(CertificateFault.None, Verify(good));
        Assert.Equal(CertificateFault.WrongSigner, Verify(good with { ValidRounds = good.ValidRounds.With(2, 0) }));
    }

    [Fact]
    public void L4_3_a_certificate_of_round_0_for_the_impeach_block_is_invalid()
    {
        Certificate zero = Four.Certify(VoteClass.Prepare, 5, 0, Block);
        Certificate one = Four.Certify(VoteClass.Prepare, 5, 1, Block);

        Assert.Equal(
            CertificateFault.ImpeachBlockInRoundZero,
            CertificateVerifier.Verify(zero, Four.Committee, Keys.Domain, impeachHash: Block));
        Assert.Equal(
            CertificateFault.None, CertificateVerifier.Verify(one, Four.Committee, Keys.Domain, impeachHash: Block));
    }

    [Fact]
    public void L4_3_length_is_judged_before_signatures_and_nothing_throws()
    {
        byte[] bytes = CertificateCodec.Encode(Four.Certify(VoteClass.Prepare, 5, 0, Block));
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(CertificateCodec.TryDecode(bytes.AsSpan(0, length), out _, out _));
        Assert.False(CertificateCodec.TryDecode([.. bytes, 0], out _, out CodecFault trailing));
        Assert.Equal(CodecFault.TrailingBytes, trailing);
        Assert.False(CertificateCodec.TryDecode([2, .. bytes[1..]], out _, out CodecFault version));
        Assert.Equal(CodecFault.UnknownVersion, version);
    }

    [Fact]
    public void L2_4_a_high_s_signature_is_refused()
    {
        byte[] bytes = CertificateCodec.Encode(Four.Certify(VoteClass.Commit, 5, 0, Block));
        Span<byte> s = bytes.AsSpan(bytes.Length - 33, 32);
        UInt256 high = Signature.GroupOrder - UInt256.FromBigEndian(s);
        high.WriteBigEndian(s);
        bytes[^1] ^= 1;

        Assert.False(CertificateCodec.TryDecode(bytes, out _, out CodecFault fault));
        Assert.Equal(CodecFault.BadSignature, fault);
    }

    [Fact]
    public void L23_decoded_certificates_encode_to_the_same_bytes()
    {
        byte[] bytes = CertificateCodec.Encode(Four.Certify(VoteClass.Prepare, 5, 2, Block));
        Simulation.SeededRandom random = new(7);
        for (int attempt = 0; attempt < 20_000; attempt++)
        {
            byte[] mutated = [.. bytes];
            for (int change = 0; change <= random.Below(3); change++) mutated[random.Below(mutated.Length)] = (byte)random.Below(256);
            if (CertificateCodec.TryDecode(mutated, out Certificate? certificate, out _))
                Assert.Equal(mutated, CertificateCodec.Encode(certificate));
        }
    }

    private static CertificateFault Verify(Certificate certificate) =>
        CertificateVerifier.Verify(certificate, Four.Committee, Keys.Domain);
}
