using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>A recoverable ECDSA signature over secp256k1: r, s and the parity v (0 or 1) of the nonce point.</summary>
public readonly record struct Signature(UInt256 R, UInt256 S, byte V)
{
    public const int Length = 65;

    /// <summary>The order n of the group.</summary>
    public static UInt256 GroupOrder { get; } =
        new(0xBFD25E8CD0364141, 0xBAAEDCE6AF48A03B, 0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF);

    /// <summary>n / 2: the largest s that EIP-2 accepts.</summary>
    public static UInt256 HalfGroupOrder { get; } = GroupOrder >> 1;

    /// <summary>Whether r and s are in 1..n-1, s is low and v is 0 or 1; a signature that is not never verifies.</summary>
    public bool IsCanonical =>
        V <= 1 && !R.IsZero && R < GroupOrder && !S.IsZero && S <= HalfGroupOrder;

    /// <summary>Reads r || s || v, 65 bytes in canonical form.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out Signature signature)
    {
        signature = default;
        if (bytes.Length != Length) return false;
        var read = new Signature(UInt256.FromBigEndian(bytes[..32]), UInt256.FromBigEndian(bytes[32..64]), bytes[64]);
        if (!read.IsCanonical) return false;
        signature = read;
        return true;
    }

    public void CopyTo(Span<byte> destination65)
    {
        R.WriteBigEndian(destination65[..32]);
        S.WriteBigEndian(destination65[32..64]);
        destination65[64] = V;
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString() => Hex.Encode(ToArray());
}
