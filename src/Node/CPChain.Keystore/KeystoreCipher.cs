using System.Security.Cryptography;
using CPChain.Crypto;

namespace CPChain.Keystore;

/// <summary>aes-128-ctr and the Keccak checksum of Web3 Secret Storage, version 3.</summary>
internal static class KeystoreCipher
{
    public const int DerivedBytes = 32;
    public const int NonceBytes = 16;
    private const int AesKeyBytes = 16;

    /// <summary>Encrypts or decrypts in counter mode: the counter is the whole nonce, big-endian.</summary>
    public static void Apply(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, Span<byte> output)
    {
        using var aes = Aes.Create();
        aes.SetKey(derived[..AesKeyBytes]);
        Span<byte> counter = stackalloc byte[NonceBytes];
        Span<byte> stream = stackalloc byte[NonceBytes];
        nonce.CopyTo(counter);
        for (int at = 0; at < input.Length; at += NonceBytes)
        {
            aes.EncryptEcb(counter, stream, PaddingMode.None);
            int length = Math.Min(NonceBytes, input.Length - at);
            for (int i = 0; i < length; i++) output[at + i] = (byte)(input[at + i] ^ stream[i]);
            Increment(counter);
        }

        CryptographicOperations.ZeroMemory(stream);
    }

    public static byte[] Checksum(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> ciphertext) =>
        Keccak256.Hash(derived[AesKeyBytes..DerivedBytes], ciphertext).ToArray();

    private static void Increment(Span<byte> counter)
    {
        for (int i = counter.Length - 1; i >= 0; i--)
        {
            counter[i] = unchecked((byte)(counter[i] + 1));
            if (counter[i] != 0) return;
        }
    }
}
