using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Certificates;

/// <summary>
/// Bytes of a certificate: version(1) n(1), then class, height, round, hash, bitmap, [vr] and signatures of L4.3.
/// </summary>
public static class CertificateCodec
{
    public const byte Version = 1;

    private const int FixedLength = 2 + 1 + 8 + 4 + Hash256.Length;

    /// <summary>The longest certificate that any committee can make, bytes.</summary>
    public static int BytesMax => LengthOf(CommitteeSize.Of(CommitteeSize.ValidatorsMax), VoteClass.Prepare);

    /// <summary>Exact length for a committee and class, bytes; known before any signature is looked at.</summary>
    public static int LengthOf(CommitteeSize committee, VoteClass voteClass) =>
        FixedLength
        + ((committee.Validators + 7) / 8)
        + (committee.StrongQuorum * (Signature.Length + (voteClass == VoteClass.Prepare ? 4 : 0)));

    public static byte[] Encode(Certificate certificate)
    {
        ByteWriter writer = new(LengthOf(certificate.Committee, certificate.Class));
        Write(ref writer, certificate);
        return writer.ToArray();
    }

    /// <summary>False for anything but exactly one certificate in canonical form; never throws.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Certificate? certificate, out CodecFault fault)
    {
        ByteReader reader = new(bytes);
        bool decoded = TryRead(ref reader, out certificate) && reader.AtEndOrFail();
        fault = reader.Fault;
        if (!decoded) certificate = null;
        return decoded;
    }

    internal static void Write(ref ByteWriter writer, Certificate certificate)
    {
        writer.Byte(Version);
        writer.Byte((byte)certificate.Committee.Validators);
        writer.Byte((byte)certificate.Class);
        writer.Ulong(certificate.Height.Value);
        writer.Int(certificate.Round);
        writer.Hash(certificate.Hash);
        UInt128 bits = certificate.Signers.Bits;
        for (int index = 0; index < (certificate.Committee.Validators + 7) / 8; index++)
            writer.Byte((byte)((bits >> (8 * index)) & 0xff));

        for (int place = 0; place < certificate.Signatures.Length; place++)
        {
            if (certificate.Class == VoteClass.Prepare) writer.Int(certificate.ValidRounds[place] + 1);
            writer.Signature(certificate.Signatures[place]);
        }
    }

    internal static bool TryRead(ref ByteReader reader, [NotNullWhen(true)] out Certificate? certificate)
    {
        certificate = null;
        if (!reader.TryVersion(Version)
            || !reader.TryByte(out byte validators)
            || !CommitteeSize.TryOf(validators, out CommitteeSize committee)
            || !reader.TryByte(out byte classByte)
            || classByte is not ((byte)VoteClass.Prepare or (byte)VoteClass.Commit))
            return reader.Fail(CodecFault.Malformed);

        VoteClass voteClass = (VoteClass)classByte;
        if (reader.Remaining < LengthOf(committee, voteClass) - 3) return reader.Fail(CodecFault.Truncated);

        if (!reader.TryUlong(out ulong height)
            || !reader.TryRound(out int round)
            || !reader.TryHash(out Hash256 hash)
            || !TryReadSigners(ref reader, committee, out SeatSet signers))
            return reader.Fail(CodecFault.Malformed);

        int quorum = committee.StrongQuorum;
        Signature[] signatures = new Signature[quorum];
        int[] validRounds = voteClass == VoteClass.Prepare ? new int[quorum] : [];
        for (int place = 0; place < quorum; place++)
        {
            if (voteClass == VoteClass.Prepare)
            {
                // Round 0 has no valid round; a later round names an earlier one or none.
                if (!reader.TryValidRound(out int validRound) || validRound >= round || (round == 0 && validRound != -1))
                    return reader.Fail(CodecFault.Malformed);
                validRounds[place] = validRound;
            }

            if (!reader.TrySignature(out signatures[place])) return false;
        }

        certificate = new Certificate(
            voteClass, new BlockNumber(height), round, hash, committee, signers,
            ValueArray<int>.Of(validRounds), ValueArray<Signature>.Of(signatures));
        return true;
    }

    private static bool TryReadSigners(ref ByteReader reader, CommitteeSize committee, out SeatSet signers)
    {
        signers = default;
        UInt128 bits = UInt128.Zero;
        for (int index = 0; index < (committee.Validators + 7) / 8; index++)
        {
            if (!reader.TryByte(out byte part)) return false;
            bits |= (UInt128)part << (8 * index);
        }

        signers = new SeatSet(bits);
        return signers.Count == committee.StrongQuorum && signers.Except(SeatSet.All(committee)).IsEmpty;
    }
}
