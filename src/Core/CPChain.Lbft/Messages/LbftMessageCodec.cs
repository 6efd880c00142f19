using System.Diagnostics.CodeAnalysis;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Messages;

/// <summary>Bytes of LBFT messages: version(1) type(1) fields; canonical, bounded, refused as a value.</summary>
public static class LbftMessageCodec
{
    public const byte Version = 1;

    private const byte SaidType = 1;
    private const byte ProposalType = 2;
    private const byte ValidateType = 3;
    private const byte GetBodyType = 4;
    private const byte BodyType = 5;
    private const byte GetCertType = 6;
    private const byte CertType = 7;
    private const byte HeadQueryType = 8;
    private const byte HeadType = 9;

    public static byte[] Encode(LbftMessage message)
    {
        ByteWriter writer = new(256);
        writer.Byte(Version);
        switch (message)
        {
            case LbftMessage.Said m:
                writer.Byte(SaidType);
                writer.Signed(m.Signed);
                WriteOptional(ref writer, m.Attached);
                break;
            case LbftMessage.Proposal m:
                writer.Byte(ProposalType);
                writer.Bytes(m.Block.Span);
                break;
            case LbftMessage.Validate m:
                writer.Byte(ValidateType);
                CertificateCodec.Write(ref writer, m.Certificate);
                writer.Bytes(m.Block.Span);
                break;
            case LbftMessage.GetBody m:
                writer.Byte(GetBodyType);
                writer.Ulong(m.Height.Value);
                writer.Hash(m.Hash);
                break;
            case LbftMessage.Body m:
                writer.Byte(BodyType);
                writer.Ulong(m.Height.Value);
                writer.Bytes(m.Block.Span);
                break;
            case LbftMessage.GetCert m:
                writer.Byte(GetCertType);
                writer.Ulong(m.Height.Value);
                break;
            case LbftMessage.Cert m:
                writer.Byte(CertType);
                CertificateCodec.Write(ref writer, m.Certificate);
                break;
            case LbftMessage.HeadQuery m:
                writer.Byte(HeadQueryType);
                writer.Hash(m.Nonce);
                break;
            case LbftMessage.Head m:
                writer.Byte(HeadType);
                writer.Hash(m.Nonce);
                writer.Hash(m.HeadHash);
                writer.Signed(m.Signed);
                WriteOptional(ref writer, m.Certificate);
                break;
            default:
                throw new InvariantViolation($"No encoding for {message.GetType().Name}.");
        }

        return writer.ToArray();
    }

    /// <param name="bytes">One whole message.</param>
    /// <param name="blockBytesMax">The longest block of this chain, bytes.</param>
    /// <param name="message">The message; its signatures are not checked yet.</param>
    /// <param name="fault">Why not.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, int blockBytesMax, [NotNullWhen(true)] out LbftMessage? message, out CodecFault fault)
    {
        ByteReader reader = new(bytes);
        message = reader.TryVersion(Version) && reader.TryByte(out byte type)
            ? Read(ref reader, type, blockBytesMax)
            : null;
        if (!reader.AtEndOrFail()) message = null;
        fault = reader.Fault;
        return message is not null;
    }

    private static LbftMessage? Read(ref ByteReader reader, byte type, int blockBytesMax)
    {
        switch (type)
        {
            case SaidType:
                return reader.TrySigned(out SignedStatement said) && IsSaid(said, ref reader)
                    && TryReadOptional(ref reader, out Certificate? attached)
                    ? new LbftMessage.Said(said, attached)
                    : null;
            case ProposalType:
                return reader.TryBytes(blockBytesMax, out ReadOnlySpan<byte> proposed)
                    ? new LbftMessage.Proposal(proposed.ToArray())
                    : null;
            case ValidateType:
                return CertificateCodec.TryRead(ref reader, out Certificate? decided)
                    && reader.TryBytes(blockBytesMax, out ReadOnlySpan<byte> final)
                    ? new LbftMessage.Validate(decided, final.ToArray())
                    : null;
            case GetBodyType:
                return reader.TryUlong(out ulong height) && reader.TryHash(out Hash256 hash)
                    ? new LbftMessage.GetBody(new BlockNumber(height), hash)
                    : null;
            case BodyType:
                return reader.TryUlong(out ulong bodyHeight)
                    && reader.TryBytes(blockBytesMax, out ReadOnlySpan<byte> body)
                    ? new LbftMessage.Body(new BlockNumber(bodyHeight), body.ToArray())
                    : null;
            case GetCertType:
                return reader.TryUlong(out ulong wanted) ? new LbftMessage.GetCert(new BlockNumber(wanted)) : null;
            case CertType:
                return CertificateCodec.TryRead(ref reader, out Certificate? certificate)
                    ? new LbftMessage.Cert(certificate)
                    : null;
            case HeadQueryType:
                return reader.TryHash(out Hash256 nonce) ? new LbftMessage.HeadQuery(nonce) : null;
            case HeadType:
                return reader.TryHash(out Hash256 answered)
                    && reader.TryHash(out Hash256 head)
                    && reader.TrySigned(out SignedStatement signed)
                    && (signed.Statement.Kind == StatementKind.Head || reader.Fail(CodecFault.Malformed))
                    && TryReadOptional(ref reader, out Certificate? proof)
                    ? new LbftMessage.Head(answered, head, signed, proof)
                    : null;
            default:
                reader.Fail(CodecFault.UnknownType);
                return null;
        }
    }

    // Seals travel inside blocks and HEAD has a message of its own.
    private static bool IsSaid(SignedStatement said, ref ByteReader reader) =>
        said.Statement.Kind is not (StatementKind.Seal or StatementKind.Head) || reader.Fail(CodecFault.Malformed);

    internal static void WriteOptional(ref ByteWriter writer, Certificate? certificate)
    {
        writer.Byte(certificate is null ? (byte)0 : (byte)1);
        if (certificate is not null) CertificateCodec.Write(ref writer, certificate);
    }

    internal static bool TryReadOptional(ref ByteReader reader, out Certificate? certificate)
    {
        certificate = null;
        if (!reader.TryByte(out byte present)) return false;
        if (present > 1) return reader.Fail(CodecFault.Malformed);
        return present == 0 || CertificateCodec.TryRead(ref reader, out certificate);
    }
}
