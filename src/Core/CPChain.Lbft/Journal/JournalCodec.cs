using System.Diagnostics.CodeAnalysis;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Journal;

/// <summary>
/// Bytes of journal records: version(1) type(1) fields. Framing and checksums belong to the journal file.
/// </summary>
public static class JournalCodec
{
    public const byte Version = 1;

    private const byte HeightOpenedType = 1;
    private const byte RoundEnteredType = 2;
    private const byte HighCertificateType = 3;
    private const byte VoteIntendedType = 4;
    private const byte ProposeIntendedType = 5;
    private const byte StatementSignedType = 6;
    private const byte MutedThroughType = 7;
    private const byte HaltedType = 8;

    /// <summary>The longest record, bytes.</summary>
    public static int BytesMax => 256 + CertificateCodec.BytesMax;

    public static byte[] Encode(JournalRecord record)
    {
        ByteWriter writer = new(256);
        writer.Byte(Version);
        switch (record)
        {
            case JournalRecord.HeightOpened r:
                writer.Byte(HeightOpenedType);
                writer.Ulong(r.Height.Value);
                break;
            case JournalRecord.RoundEntered r:
                writer.Byte(RoundEnteredType);
                writer.Ulong(r.Height.Value);
                writer.Int(r.Round);
                LbftMessageCodec.WriteOptional(ref writer, r.Entry);
                break;
            case JournalRecord.HighCertificate r:
                writer.Byte(HighCertificateType);
                CertificateCodec.Write(ref writer, r.Certificate);
                break;
            case JournalRecord.VoteIntended r:
                writer.Byte(VoteIntendedType);
                writer.Statement(r.Vote);
                break;
            case JournalRecord.ProposeIntended r:
                writer.Byte(ProposeIntendedType);
                writer.Statement(r.Propose);
                LbftMessageCodec.WriteOptional(ref writer, r.Backing);
                break;
            case JournalRecord.StatementSigned r:
                writer.Byte(StatementSignedType);
                writer.Signed(r.Own);
                break;
            case JournalRecord.MutedThrough r:
                writer.Byte(MutedThroughType);
                writer.Ulong(r.Height.Value);
                break;
            case JournalRecord.Halted r:
                writer.Byte(HaltedType);
                writer.Ulong(r.Height.Value);
                break;
            default:
                throw new InvariantViolation($"No encoding for {record.GetType().Name}.");
        }

        return writer.ToArray();
    }

    /// <summary>False for anything but one whole canonical record of this version; never throws.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out JournalRecord? record, out CodecFault fault)
    {
        ByteReader reader = new(bytes);
        record = reader.TryVersion(Version) && reader.TryByte(out byte type) ? Read(ref reader, type) : null;
        if (!reader.AtEndOrFail()) record = null;
        fault = reader.Fault;
        return record is not null;
    }

    private static JournalRecord? Read(ref ByteReader reader, byte type)
    {
        Certificate? certificate;
        Statement statement;
        ulong height;
        switch (type)
        {
            case HeightOpenedType:
                return reader.TryUlong(out height) ? new JournalRecord.HeightOpened(new BlockNumber(height)) : null;
            case RoundEnteredType:
                return reader.TryUlong(out height)
                    && reader.TryRound(out int round)
                    && LbftMessageCodec.TryReadOptional(ref reader, out certificate)
                    ? new JournalRecord.RoundEntered(new BlockNumber(height), round, certificate)
                    : null;
            case HighCertificateType:
                return CertificateCodec.TryRead(ref reader, out certificate)
                    ? new JournalRecord.HighCertificate(certificate)
                    : null;
            case VoteIntendedType:
                return reader.TryStatement(out statement)
                    && (statement.Kind.IsVote() || reader.Fail(CodecFault.Malformed))
                    ? new JournalRecord.VoteIntended(statement)
                    : null;
            case ProposeIntendedType:
                return reader.TryStatement(out statement)
                    && (statement.Kind == StatementKind.Propose || reader.Fail(CodecFault.Malformed))
                    && LbftMessageCodec.TryReadOptional(ref reader, out certificate)
                    ? new JournalRecord.ProposeIntended(statement, certificate)
                    : null;
            case StatementSignedType:
                return reader.TrySigned(out SignedStatement own) ? new JournalRecord.StatementSigned(own) : null;
            case MutedThroughType:
                return reader.TryUlong(out height) ? new JournalRecord.MutedThrough(new BlockNumber(height)) : null;
            case HaltedType:
                return reader.TryUlong(out height) ? new JournalRecord.Halted(new BlockNumber(height)) : null;
            default:
                reader.Fail(CodecFault.UnknownType);
                return null;
        }
    }
}
