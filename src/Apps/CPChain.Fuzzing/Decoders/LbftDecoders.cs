using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Fuzzing.Decoders;

/// <summary>Messages, certificates, journal and signer's records of the consensus.</summary>
internal static class LbftDecoders
{
    private const int BlockBytesMax = 4096;
    private static readonly BlockNumber Height = new(5);

    internal static IEnumerable<DecoderEntry> All()
    {
        Certificate[] certificates = [Certify(4, VoteClass.Prepare), Certify(4, VoteClass.Commit), Certify(7, VoteClass.Prepare)];
        yield return new("lbft message", ["LbftMessageCodec.TryDecode"], [.. Messages(certificates[0]).Select(LbftMessageCodec.Encode)],
            static bytes => LbftMessageCodec.TryDecode(bytes, BlockBytesMax, out LbftMessage? read, out _)
                ? Decoded.As(LbftMessageCodec.Encode(read)) : Decoded.Refused);
        yield return new("certificate", ["CertificateCodec.TryDecode"], [.. certificates.Select(CertificateCodec.Encode)],
            static bytes => CertificateCodec.TryDecode(bytes, out Certificate? read, out _)
                ? Decoded.As(CertificateCodec.Encode(read)) : Decoded.Refused);
        yield return new("lbft journal record", ["JournalCodec.TryDecode"], [.. Records(certificates[0]).Select(JournalCodec.Encode)],
            static bytes => JournalCodec.TryDecode(bytes, out JournalRecord? read, out _)
                ? Decoded.As(JournalCodec.Encode(read)) : Decoded.Refused);
        yield return new("signer record", ["SignerRecord.TryDecode"], SignerRecords(),
            static bytes => SignerRecord.TryDecode(bytes, out SignerRecord? read, out _) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("proof of misconduct", ["MisconductCodec.TryDecode"], Proofs(),
            static bytes => MisconductCodec.TryDecode(bytes, out Misconduct? read, out _)
                ? Decoded.As(MisconductCodec.Encode(read)) : Decoded.Refused);
    }

    private static byte[][] Proofs()
    {
        (Statement First, Statement Second)[] pairs =
        [
            (Statement.Vote(VoteClass.Prepare, Height, 2, SeedKeys.Hash(9), 0), Statement.Vote(VoteClass.Prepare, Height, 2, SeedKeys.Hash(9), 1)),
            (Statement.Vote(VoteClass.Commit, Height, 0, SeedKeys.Hash(9)), Statement.Vote(VoteClass.Commit, Height, 0, SeedKeys.Hash(8))),
            (Statement.Vote(VoteClass.Commit, Height, 0, SeedKeys.Hash(9)), Statement.Vote(VoteClass.Prepare, Height, 2, SeedKeys.Hash(8))),
            (new Statement(StatementKind.Seal, Height, 0, SeedKeys.Hash(9)), new Statement(StatementKind.Seal, Height, 0, SeedKeys.Hash(8))),
            (new Statement(StatementKind.Propose, Height, 2, SeedKeys.Hash(9)), new Statement(StatementKind.Propose, Height, 2, SeedKeys.Hash(8))),
        ];
        return
        [
            .. pairs.Select(static (pair, i) => MisconductCodec.Encode(
                new Misconduct((MisconductKind)(i + 1), Sign(1, pair.First), Sign(1, pair.Second)))),
        ];
    }

    private static SignedStatement Sign(byte seat, Statement statement)
    {
        using PrivateKey key = SeedKeys.Key((byte)(seat + 1));
        return new SignedStatement(statement, key.Sign(statement.Digest(new ChainDomain(SeedKeys.Hash(0), 41))));
    }

    internal static Certificate Certify(int validators, VoteClass voteClass)
    {
        CommitteeSize size = CommitteeSize.Of(validators);
        Hash256 hash = SeedKeys.Hash(9);
        bool isPrepare = voteClass == VoteClass.Prepare;
        Signature[] signatures = new Signature[size.StrongQuorum];
        SeatSet signers = SeatSet.Empty;
        for (int seat = 0; seat < signatures.Length; seat++)
        {
            signatures[seat] = Sign((byte)seat, Statement.Vote(voteClass, Height, 1, hash, isPrepare ? 0 : Statement.NoRound)).Signature;
            signers = signers.With(new Seat(seat));
        }

        return new Certificate(
            voteClass, Height, 1, hash, size, signers, isPrepare ? ValueArray<int>.Repeat(0, signatures.Length) : default,
            ValueArray<Signature>.Of(signatures));
    }

    private static LbftMessage[] Messages(Certificate certificate)
    {
        SignedStatement vote = Sign(1, Statement.Vote(VoteClass.Prepare, Height, 2, SeedKeys.Hash(9), 1));
        SignedStatement wish = Sign(0, new Statement(StatementKind.Wish, Height, 3, Hash256.Zero));
        SignedStatement head = Sign(0, new Statement(StatementKind.Head, Height, 0, SeedKeys.Hash(8)));
        return
        [
            new LbftMessage.Said(vote, null), new LbftMessage.Said(vote, certificate), new LbftMessage.Said(wish, certificate),
            new LbftMessage.Proposal(new byte[] { 1, 2, 3 }), new LbftMessage.Validate(certificate, new byte[] { 4, 5 }),
            new LbftMessage.GetBody(Height, SeedKeys.Hash(9)), new LbftMessage.Body(Height, new byte[] { 6 }),
            new LbftMessage.GetCert(Height), new LbftMessage.Cert(certificate), new LbftMessage.HeadQuery(SeedKeys.Hash(7)),
            new LbftMessage.Head(SeedKeys.Hash(7), SeedKeys.Hash(9), head, certificate),
        ];
    }

    private static JournalRecord[] Records(Certificate certificate)
    {
        SignedStatement vote = Sign(1, Statement.Vote(VoteClass.Commit, Height, 2, SeedKeys.Hash(9), Statement.NoRound));
        return
        [
            new JournalRecord.HeightOpened(Height), new JournalRecord.RoundEntered(Height, 2, certificate),
            new JournalRecord.RoundEntered(Height, 1, null), new JournalRecord.HighCertificate(certificate),
            new JournalRecord.VoteIntended(vote.Statement),
            new JournalRecord.ProposeIntended(new Statement(StatementKind.Propose, Height, 2, SeedKeys.Hash(9), 1), certificate),
            new JournalRecord.StatementSigned(vote), new JournalRecord.MutedThrough(Height), new JournalRecord.Halted(Height),
        ];
    }

    private static byte[][] SignerRecords()
    {
        SignerRecord record = SignerRecord.Empty;
        List<byte[]> seeds = [record.Encode()];
        foreach (Statement statement in new[]
        {
            Statement.Vote(VoteClass.Prepare, Height, 1, SeedKeys.Hash(9), Statement.NoRound),
            Statement.Vote(VoteClass.Commit, Height, 1, SeedKeys.Hash(9), Statement.NoRound),
            new Statement(StatementKind.Seal, new BlockNumber(6), 0, SeedKeys.Hash(9)),
        })
        {
            if (record.TryAuthorize(statement, out SignerRecord next) == SigningFault.None) record = next;
            seeds.Add(record.Encode());
        }

        return [.. seeds];
    }
}
