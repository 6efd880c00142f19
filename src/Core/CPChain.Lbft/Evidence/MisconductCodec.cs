using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Evidence;

/// <summary>
/// Bytes of a proof of misconduct (L22.4): version(1), then two signed statements as in messages, in either order. Whoever has
/// the pair needs nothing else: the kind follows from it.
/// </summary>
public static class MisconductCodec
{
    public const byte Version = 1;

    /// <summary>kind(1) height(8) round(4) hash(32) valid round + 1(4) signature(65).</summary>
    private const int SignedLength = 1 + 8 + 4 + Hash256.Length + 4 + Signature.Length;

    /// <summary>The length of every proof, bytes.</summary>
    public const int Length = 1 + (2 * SignedLength);

    public static byte[] Encode(Misconduct misconduct)
    {
        ByteWriter writer = new(Length);
        writer.Byte(Version);
        writer.Signed(misconduct.First);
        writer.Signed(misconduct.Second);
        return writer.ToArray();
    }

    /// <summary>
    /// False for anything but exactly one pair of statements that contradict each other; never throws. Whose they are,
    /// and whether the signatures are, is for <see cref="MisconductVerifier"/>.
    /// </summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Misconduct? misconduct, out CodecFault fault)
    {
        ByteReader reader = new(bytes);
        misconduct = reader.TryVersion(Version)
            && reader.TrySigned(out SignedStatement first)
            && reader.TrySigned(out SignedStatement second)
            && reader.AtEndOrFail()
            && TryJudge(ref reader, first, second, out MisconductKind kind)
            ? new Misconduct(kind, first, second)
            : null;
        fault = reader.Fault;
        return misconduct is not null;
    }

    private static bool TryJudge(
        ref ByteReader reader, SignedStatement first, SignedStatement second, out MisconductKind kind)
    {
        MisconductKind? judged = MisconductRules.Judge(first.Statement, second.Statement);
        kind = judged.GetValueOrDefault();
        return judged is not null || reader.Fail(CodecFault.Malformed);
    }
}
