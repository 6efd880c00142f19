using System.IO;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Data.Keys;

namespace CPChain.Pdash;

/// <summary>Secrets on disk, sealed by a key that is derived from the identity's private key (rule D9.1).</summary>
/// <remarks>Format: version(1), nonce(12), AES-256-GCM ciphertext, tag(16); the file's purpose is bound to it.</remarks>
internal sealed class SealedFile : IDisposable
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int BytesMax = 1 << 20;
    private readonly SymmetricKey _key;

    public SealedFile(PrivateKey identity) => _key = Derive(identity, "cpchain/sealed-file/1");

    /// <summary>A secret of this identity for one purpose.</summary>
    public static SymmetricKey Derive(PrivateKey identity, string purpose)
    {
        Span<byte> secret = stackalloc byte[PrivateKey.Length];
        identity.CopyTo(secret);
        using SymmetricKey root = new(secret);
        CryptographicOperations.ZeroMemory(secret);
        return root.Derive(purpose, default);
    }

    /// <summary>Writes a secret; <paramref name="purpose"/> has to be named again to read it.</summary>
    public void Write(string path, string purpose, ReadOnlySpan<byte> secret)
    {
        byte[] bytes = new byte[1 + NonceBytes + secret.Length + TagBytes];
        bytes[0] = Version;
        Span<byte> nonce = bytes.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm gcm = new(_key.Bytes, TagBytes);
        gcm.Encrypt(nonce, secret, bytes.AsSpan(1 + NonceBytes, secret.Length), bytes.AsSpan(^TagBytes..), Bound(purpose));
        PrivateFiles.Write(path, bytes);
    }

    /// <summary>Reads a secret, which the caller wipes; null when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is of another version, identity or purpose, or was changed.</exception>
    public byte[]? Read(string path, string purpose)
    {
        if (!File.Exists(path)) return null;
        if (new FileInfo(path).Length > BytesMax) throw new InvalidDataException($"{path} is too long for a sealed file.");
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length > 0 && bytes[0] != Version)
            throw new InvalidDataException($"{path} has version {bytes[0]}; this program reads version {Version}. Use a newer program.");
        if (bytes.Length < 1 + NonceBytes + TagBytes) throw new InvalidDataException($"{path} is cut short. Restore it from a copy.");
        byte[] secret = new byte[bytes.Length - 1 - NonceBytes - TagBytes];
        using AesGcm gcm = new(_key.Bytes, TagBytes);
        try
        {
            gcm.Decrypt(bytes.AsSpan(1, NonceBytes), bytes.AsSpan(1 + NonceBytes, secret.Length), bytes.AsSpan(^TagBytes..), secret, Bound(purpose));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidDataException($"{path} was changed or belongs to another identity. Restore it from a copy.", e);
        }
        return secret;
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Bound(string purpose) => [Version, .. System.Text.Encoding.UTF8.GetBytes(purpose)];
}
