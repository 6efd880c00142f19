using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>Joins r, s and parity, as envelopes carry them, into a signature.</summary>
internal static class SignatureParts
{
    /// <summary>False for a parity other than 0 and 1, values out of range, or high s (EIP-2).</summary>
    public static bool TryJoin(in UInt256 r, in UInt256 s, ulong parity, out Signature signature)
    {
        signature = default;
        if (parity > 1)
            return false;
        Span<byte> bytes = stackalloc byte[Signature.Length];
        r.WriteBigEndian(bytes[..32]);
        s.WriteBigEndian(bytes[32..64]);
        bytes[64] = (byte)parity;
        return Signature.TryFromBytes(bytes, out signature);
    }
}
