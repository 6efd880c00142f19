using CPChain.Crypto;
using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm.Precompiles;

/// <summary>0x01: the address that signed a digest (Yellow Paper, appendix E.1). A bad signature answers nothing.</summary>
internal static class EcRecover
{
    internal static bool Run(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        Span<byte> padded = stackalloc byte[128];
        padded.Clear();
        input[..Math.Min(128, input.Length)].CopyTo(padded);
        UInt256 v = UInt256.FromBigEndian(padded[32..64]);
        output.Clear();
        if (v != 27 && v != 28) return true;

        Span<byte> compact = stackalloc byte[Signature.Length];
        padded[64..].CopyTo(compact);
        compact[64] = (byte)(v.U0 - 27);
        NormalizeS(compact);
        if (!Signature.TryFromBytes(compact, out Signature signature)
            || !Secp256k1.TryRecoverAddress(Hash256.FromBytes(padded[..32]), signature, out Address address))
        {
            return true;
        }

        Span<byte> answer = output.Prepare(32);
        answer.Clear();
        address.CopyTo(answer[12..]);
        return true;
    }

    /// <summary>(r, s, v) and (r, n - s, 1 - v) name the same key; the signature type knows only the lower s.</summary>
    private static void NormalizeS(Span<byte> compact)
    {
        UInt256 order = UInt256.Parse("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        UInt256 s = UInt256.FromBigEndian(compact[32..64]);
        if (s <= order >> 1 || s >= order) return;
        (order - s).WriteBigEndian(compact[32..64]);
        compact[64] ^= 1;
    }
}
