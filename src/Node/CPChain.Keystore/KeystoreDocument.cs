using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Keystore;

/// <summary>
/// A 32-byte secret under a passphrase in the JSON form of Web3 Secret Storage version 3, which Ethereum wallets read
/// (rules K1 to K4).
/// </summary>
public static class KeystoreDocument
{
    public const int Version = 3;
    public const int BytesMax = 16 * 1024;

    /// <summary>Encrypts a chain key; its address stands in the document.</summary>
    public static byte[] Encrypt(PrivateKey key, ReadOnlySpan<char> passphrase, ScryptCost cost, EntropySource entropy)
    {
        Span<byte> secret = stackalloc byte[PrivateKey.Length];
        key.CopyTo(secret);
        byte[] document = Encrypt(secret, passphrase, cost, entropy, key.Address);
        CryptographicOperations.ZeroMemory(secret);
        return document;
    }

    /// <summary>Encrypts any secret of 32 bytes; <paramref name="address"/> is null where it is no chain key.</summary>
    public static byte[] Encrypt(
        ReadOnlySpan<byte> secret32, ReadOnlySpan<char> passphrase, ScryptCost cost, EntropySource entropy, Address? address = null)
    {
        Invariant.Check(secret32.Length == PrivateKey.Length, "A keystore holds 32 bytes.");
        byte[] salt = new byte[32];
        byte[] nonce = new byte[KeystoreCipher.NonceBytes];
        byte[] id = new byte[16];
        entropy(salt);
        entropy(nonce);
        entropy(id);
        byte[] derived = new byte[KeystoreCipher.DerivedBytes];
        byte[] secretText = Utf8(passphrase);
        cost.Derive(secretText, salt, derived);
        byte[] ciphertext = new byte[secret32.Length];
        KeystoreCipher.Apply(derived, nonce, secret32, ciphertext);
        byte[] checksum = KeystoreCipher.Checksum(derived, ciphertext);
        CryptographicOperations.ZeroMemory(derived);
        CryptographicOperations.ZeroMemory(secretText);
        return Write(new Parts(salt, nonce, ciphertext, checksum, id), cost, address);
    }

    /// <summary>Decrypts any secret of 32 bytes; the caller zeroes it.</summary>
    public static KeystoreFault TryDecrypt(ReadOnlySpan<byte> document, ReadOnlySpan<char> passphrase, out byte[] secret32)
    {
        secret32 = [];
        KeystoreFault fault = KeystoreFields.TryRead(document, out KeystoreFields? fields);
        if (fault != KeystoreFault.None) return fault;

        byte[] text = Utf8(passphrase);
        byte[] derived = fields!.Derive(text);
        CryptographicOperations.ZeroMemory(text);
        byte[] checksum = KeystoreCipher.Checksum(derived, fields.Ciphertext);
        bool matches = CryptographicOperations.FixedTimeEquals(checksum, fields.Checksum);
        if (matches)
        {
            secret32 = new byte[fields.Ciphertext.Length];
            KeystoreCipher.Apply(derived, fields.Nonce, fields.Ciphertext, secret32);
        }

        CryptographicOperations.ZeroMemory(derived);
        return matches ? KeystoreFault.None : KeystoreFault.WrongPassphrase;
    }

    /// <summary>Decrypts a chain key and checks it against the address where the document has one.</summary>
    public static KeystoreFault TryDecryptKey(
        ReadOnlySpan<byte> document, ReadOnlySpan<char> passphrase, out PrivateKey? key)
    {
        key = null;
        KeystoreFault fault = TryDecrypt(document, passphrase, out byte[] secret);
        if (fault != KeystoreFault.None) return fault;
        bool valid = PrivateKey.TryFromBytes(secret, out PrivateKey? read);
        CryptographicOperations.ZeroMemory(secret);
        if (!valid) return KeystoreFault.WrongKey;
        if (TryReadAddress(document, out Address address) && address != read!.Address)
        {
            read.Dispose();
            return KeystoreFault.WrongKey;
        }

        key = read;
        return KeystoreFault.None;
    }

    /// <summary>The address that the document names, without its passphrase; it is not proven by anything.</summary>
    public static bool TryReadAddress(ReadOnlySpan<byte> document, out Address address)
    {
        address = default;
        if (KeystoreFields.TryRead(document, out KeystoreFields? fields) != KeystoreFault.None) return false;
        address = fields!.Address ?? default;
        return fields.Address is not null;
    }

    private static byte[] Write(Parts parts, ScryptCost cost, Address? address)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("id", RandomUuid(parts.Id));
            if (address is { } known) json.WriteString("address", known.ToString()[2..]);
            json.WriteStartObject("crypto");
            json.WriteString("cipher", "aes-128-ctr");
            json.WriteStartObject("cipherparams");
            json.WriteString("iv", Convert.ToHexStringLower(parts.Nonce));
            json.WriteEndObject();
            json.WriteString("ciphertext", Convert.ToHexStringLower(parts.Ciphertext));
            json.WriteString("kdf", "scrypt");
            json.WriteStartObject("kdfparams");
            json.WriteNumber("dklen", KeystoreCipher.DerivedBytes);
            json.WriteNumber("n", cost.N);
            json.WriteNumber("r", cost.R);
            json.WriteNumber("p", cost.P);
            json.WriteString("salt", Convert.ToHexStringLower(parts.Salt));
            json.WriteEndObject();
            json.WriteString("mac", Convert.ToHexStringLower(parts.Checksum));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static byte[] Utf8(ReadOnlySpan<char> passphrase)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(passphrase)];
        Encoding.UTF8.GetBytes(passphrase, bytes);
        return bytes;
    }

    private static string RandomUuid(byte[] bytes)
    {
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40); // RFC 9562: version 4, variant 10.
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private sealed record Parts(byte[] Salt, byte[] Nonce, byte[] Ciphertext, byte[] Checksum, byte[] Id);
}
