using CPChain.Crypto.Lanes;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>
/// The signers of many signatures: eight at a time where the processor has AVX-512, about three times as fast as one by one. The answers are those
/// of <see cref="Secp256k1.TryRecoverAddress"/>, to which what is out of the ordinary is left.
/// </summary>
public static class RecoveryBatch
{
    /// <summary>How many go together best.</summary>
    public const int Size = RecoveryLanes.SignaturesMax;

    // Eight lanes cost about as much as two signatures one by one.
    private const int FewMax = 2;

    /// <summary>Finds the addresses whose keys made canonical signatures.</summary>
    /// <param name="digests">What was signed.</param>
    /// <param name="signatures">As many.</param>
    /// <param name="signers">As many; overwritten, null where a signature is not canonical or leads to no key.</param>
    public static void Recover(ReadOnlySpan<Hash256> digests, ReadOnlySpan<Signature> signatures, Span<Address?> signers)
    {
        Invariant.Check(digests.Length == signatures.Length && signers.Length >= signatures.Length, "A digest and a place for every signature.");
        for (int at = 0; at < signatures.Length; at += Size)
        {
            int count = Math.Min(Size, signatures.Length - at);
            RecoverPart(digests.Slice(at, count), signatures.Slice(at, count), signers.Slice(at, count));
        }
    }

    private static void RecoverPart(ReadOnlySpan<Hash256> digests, ReadOnlySpan<Signature> signatures, Span<Address?> signers)
    {
        ulong found = 0;
        if (FieldLanes.IsSupported && SignerMemory.Current is null && signatures.Length > FewMax)
        {
            found = RecoverTogether(digests, signatures, signers);
        }

        for (int i = 0; i < signatures.Length; i++)
        {
            if ((found & (1UL << i)) == 0)
                signers[i] = Secp256k1.TryRecoverAddress(digests[i], signatures[i], out Address signer) ? signer : null;
        }
    }

    private static ulong RecoverTogether(ReadOnlySpan<Hash256> digests, ReadOnlySpan<Signature> signatures, Span<Address?> signers)
    {
        foreach (ref readonly Signature signature in signatures)
        {
            if (!signature.IsCanonical) return 0;
        }

        byte[] coordinates = new byte[signatures.Length * PublicKey.UncompressedLength];
        ulong found = RecoveryLanes.Recover(digests, signatures, coordinates);
        var keys = new ReadOnlyMemory<byte>[signatures.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = coordinates.AsMemory(i * PublicKey.UncompressedLength, PublicKey.UncompressedLength);
        var hashes = new Hash256[signatures.Length];
        KeccakBatch.Hash(keys, hashes);
        for (int i = 0; i < hashes.Length; i++)
        {
            if ((found & (1UL << i)) != 0) signers[i] = Address.FromUInt256(hashes[i].ToUInt256());
        }

        return found;
    }
}
