using System.Globalization;
using System.Text;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>Messages that people sign outside transactions (EIP-191, EIP-712), and who signed them.</summary>
public static class SignedMessage
{
    internal const byte RecoveryOffset = 27;

    /// <summary>keccak256("\x19Ethereum Signed Message:\n" || length || message).</summary>
    public static Hash256 HashOf(ReadOnlySpan<byte> message)
    {
        string length = message.Length.ToString(CultureInfo.InvariantCulture);
        return Keccak256.Hash(Encoding.ASCII.GetBytes("\u0019Ethereum Signed Message:\n" + length), message);
    }

    /// <summary>The same of a text's UTF-8.</summary>
    public static Hash256 HashOf(string message) => HashOf(Encoding.UTF8.GetBytes(message));

    /// <summary>Who signed the message; false when nobody did. The last byte may be 0, 1, 27 or 28.</summary>
    public static bool TryRecover(string message, ReadOnlySpan<byte> signature, out Address signer) =>
        TryRecover(HashOf(message), signature, out signer);

    /// <inheritdoc cref="TryRecover(string, ReadOnlySpan{byte}, out Address)"/>
    public static bool TryRecover(TypedData data, ReadOnlySpan<byte> signature, out Address signer) =>
        TryRecover(data.SigningHash, signature, out signer);

    /// <summary>Who signed a digest; false when nobody did.</summary>
    public static bool TryRecover(in Hash256 digest, ReadOnlySpan<byte> signature, out Address signer)
    {
        signer = default;
        if (signature.Length != Signature.Length) return false;
        byte[] plain = signature.ToArray();
        if (plain[^1] >= RecoveryOffset) plain[^1] -= RecoveryOffset;
        return Signature.TryFromBytes(plain, out Signature read) && Secp256k1.TryRecoverAddress(digest, read, out signer);
    }
}
