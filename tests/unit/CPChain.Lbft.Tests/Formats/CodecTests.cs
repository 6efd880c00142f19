using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Formats;

public sealed class CodecTests
{
    private const int BlockBytesMax = 1000;
    private static readonly Keys Four = new(4);
    private static readonly BlockNumber Height = new(5);
    private static readonly Certificate Cert = Four.Certify(VoteClass.Prepare, 5, 1, Fixture.Hash("b"));
    private static readonly SignedStatement Said =
        Four.Sign(1, Statement.Vote(VoteClass.Prepare, Height, 2, Fixture.Hash("b"), 1));

    private static readonly LbftMessage[] Messages =
    [
        new LbftMessage.Said(Said, null),
        new LbftMessage.Said(Said, Cert),
        new LbftMessage.Said(Four.Sign(0, new Statement(StatementKind.Wish, Height, 3, Hash256.Zero)), Cert),
        new LbftMessage.Proposal(new byte[] { 1, 2, 3 }),
        new LbftMessage.Validate(Cert, new byte[] { 4, 5 }),
        new LbftMessage.GetBody(Height, Fixture.Hash("b")),
        new LbftMessage.Body(Height, new byte[] { 6 }),
        new LbftMessage.GetCert(Height),
        new LbftMessage.Cert(Cert),
        new LbftMessage.HeadQuery(Fixture.Hash("nonce")),
        new LbftMessage.Head(
            Fixture.Hash("nonce"), Fixture.Hash("head"),
            Four.Sign(0, new Statement(StatementKind.Head, Height, 0, Fixture.Hash("answer"))), Cert),
    ];

    private static readonly JournalRecord[] Records =
    [
        new JournalRecord.HeightOpened(Height),
        new JournalRecord.RoundEntered(Height, 2, Cert),
        new JournalRecord.RoundEntered(Height, 1, null),
        new JournalRecord.HighCertificate(Cert),
        new JournalRecord.VoteIntended(Said.Statement),
        new JournalRecord.ProposeIntended(new Statement(StatementKind.Propose, Height, 2, Fixture.Hash("b"), 1), Cert),
        new JournalRecord.StatementSigned(Said),
        new JournalRecord.MutedThrough(Height),
        new JournalRecord.Halted(Height),
    ];

    [Fact]
    public void L3_every_message_survives_its_encoding_and_no_other_length_is_read()
    {
        Assert.Equal(typeof(LbftMessage).GetNestedTypes().Length, Messages.Select(m => m.GetType()).Distinct().Count());
        foreach (LbftMessage message in Messages)
        {
            byte[] bytes = LbftMessageCodec.Encode(message);
            Assert.True(LbftMessageCodec.TryDecode(bytes, BlockBytesMax, out LbftMessage? again, out _));
            Assert.Equal(bytes, LbftMessageCodec.Encode(again));
            Assert.Equal(message.GetType(), again.GetType());
            for (int length = 0; length < bytes.Length; length++)
                Assert.False(LbftMessageCodec.TryDecode(bytes.AsSpan(0, length), BlockBytesMax, out _, out _));
            Assert.False(LbftMessageCodec.TryDecode([.. bytes, 0], BlockBytesMax, out _, out _));
        }
    }

    [Fact]
    public void L3_a_block_over_its_bound_is_refused_before_it_is_copied()
    {
        byte[] bytes = LbftMessageCodec.Encode(new LbftMessage.Proposal(new byte[BlockBytesMax + 1]));
        Assert.False(LbftMessageCodec.TryDecode(bytes, BlockBytesMax, out _, out CodecFault fault));
        Assert.Equal(CodecFault.TooLong, fault);
    }

    [Fact]
    public void L3_an_unknown_version_or_type_is_named()
    {
        Assert.False(LbftMessageCodec.TryDecode([9, 1], BlockBytesMax, out _, out CodecFault version));
        Assert.Equal(CodecFault.UnknownVersion, version);
        Assert.False(LbftMessageCodec.TryDecode([1, 200], BlockBytesMax, out _, out CodecFault type));
        Assert.Equal(CodecFault.UnknownType, type);
    }

    [Fact]
    public void L3_mutated_bytes_never_throw_and_what_is_read_is_canonical()
    {
        SeededRandom random = new(3);
        for (int attempt = 0; attempt < 20_000; attempt++)
        {
            byte[] bytes = LbftMessageCodec.Encode(random.Pick(Messages));
            for (int change = 0; change <= random.Below(4); change++) bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            if (LbftMessageCodec.TryDecode(bytes, BlockBytesMax, out LbftMessage? message, out _))
                Assert.Equal(bytes, LbftMessageCodec.Encode(message));
        }
    }

    [Fact]
    public void L17_every_journal_record_survives_its_encoding()
    {
        Assert.Equal(typeof(JournalRecord).GetNestedTypes().Length, Records.Select(r => r.GetType()).Distinct().Count());
        foreach (JournalRecord record in Records)
        {
            byte[] bytes = JournalCodec.Encode(record);
            Assert.True(bytes.Length <= JournalCodec.BytesMax);
            Assert.True(JournalCodec.TryDecode(bytes, out JournalRecord? again, out _));
            Assert.Equal(record, again);
            for (int length = 0; length < bytes.Length; length++)
                Assert.False(JournalCodec.TryDecode(bytes.AsSpan(0, length), out _, out _));
        }

        Assert.False(JournalCodec.TryDecode([7, 1], out _, out CodecFault fault));
        Assert.Equal(CodecFault.UnknownVersion, fault);
    }
}
