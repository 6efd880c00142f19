using System.Security.Cryptography;
using System.Text.Json;
using CPChain.Types;

namespace CPChain.Keystore;

/// <summary>The fields of a keystore document, checked for shape and cost but not for the passphrase.</summary>
internal sealed class KeystoreFields
{
    private const int SaltBytesMax = 256;
    private const int Pbkdf2IterationsMax = 10_000_000;

    private ScryptCost? _scrypt;
    private int _pbkdf2Iterations;
    private byte[] _salt = [];

    public Address? Address { get; private set; }

    public byte[] Nonce { get; private set; } = [];

    public byte[] Ciphertext { get; private set; } = [];

    public byte[] Checksum { get; private set; } = [];

    public byte[] Derive(ReadOnlySpan<byte> passphrase)
    {
        byte[] derived = new byte[KeystoreCipher.DerivedBytes];
        if (_scrypt is { } cost) cost.Derive(passphrase, _salt, derived);
        else Rfc2898DeriveBytes.Pbkdf2(passphrase, _salt, derived, _pbkdf2Iterations, HashAlgorithmName.SHA256);
        return derived;
    }

    public static KeystoreFault TryRead(ReadOnlySpan<byte> document, out KeystoreFields? fields)
    {
        fields = null;
        if (document.Length > KeystoreDocument.BytesMax) return KeystoreFault.Malformed;
        try
        {
            using JsonDocument json = JsonDocument.Parse(document.ToArray());
            var read = new KeystoreFields();
            KeystoreFault fault = read.Take(json.RootElement);
            if (fault == KeystoreFault.None) fields = read;
            return fault;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return KeystoreFault.Malformed; // No JSON, or a value of another kind than asked for.
        }
    }

    private KeystoreFault Take(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !TryNumber(root, "version", out ulong version)) return KeystoreFault.Malformed;
        if (version != KeystoreDocument.Version) return KeystoreFault.UnknownVersion;
        if (root.TryGetProperty("address", out JsonElement address))
        {
            string text = address.GetString() ?? "";
            if (!Types.Address.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text, out Address parsed))
                return KeystoreFault.Malformed;
            Address = parsed;
        }

        // Early wallets wrote the name with a capital.
        if (!root.TryGetProperty("crypto", out JsonElement crypto) && !root.TryGetProperty("Crypto", out crypto))
            return KeystoreFault.Malformed;
        if (Text(crypto, "cipher") != "aes-128-ctr") return KeystoreFault.Unsupported;
        if (!crypto.TryGetProperty("cipherparams", out JsonElement cipher)
            || !TryBytes(cipher, "iv", KeystoreCipher.NonceBytes, KeystoreCipher.NonceBytes, out byte[] nonce)
            || !TryBytes(crypto, "ciphertext", 32, 32, out byte[] ciphertext)
            || !TryBytes(crypto, "mac", 32, 32, out byte[] checksum)
            || !crypto.TryGetProperty("kdfparams", out JsonElement parameters)) return KeystoreFault.Malformed;
        Nonce = nonce;
        Ciphertext = ciphertext;
        Checksum = checksum;
        return TakeDerivation(Text(crypto, "kdf"), parameters);
    }

    private KeystoreFault TakeDerivation(string kdf, JsonElement parameters)
    {
        if (!TryBytes(parameters, "salt", 0, SaltBytesMax, out _salt)) return KeystoreFault.Malformed;
        if (!TryNumber(parameters, "dklen", out ulong length)) return KeystoreFault.Malformed;
        if (length != KeystoreCipher.DerivedBytes) return KeystoreFault.Unsupported;
        switch (kdf)
        {
            case "scrypt":
                if (!TryNumber(parameters, "n", out ulong n)
                    || !TryNumber(parameters, "r", out ulong r)
                    || !TryNumber(parameters, "p", out ulong p)) return KeystoreFault.Malformed;
                if (r > uint.MaxValue || p > uint.MaxValue) return KeystoreFault.TooExpensive;
                _scrypt = new ScryptCost(n, (uint)r, (uint)p);
                return _scrypt.Value.IsAcceptable ? KeystoreFault.None : KeystoreFault.TooExpensive;
            case "pbkdf2":
                if (Text(parameters, "prf") != "hmac-sha256") return KeystoreFault.Unsupported;
                if (!TryNumber(parameters, "c", out ulong count) || count == 0) return KeystoreFault.Malformed;
                if (count > Pbkdf2IterationsMax) return KeystoreFault.TooExpensive;
                _pbkdf2Iterations = (int)count;
                return KeystoreFault.None;
            default:
                return KeystoreFault.Unsupported;
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static bool TryNumber(JsonElement element, string name, out ulong number)
    {
        number = 0;
        return element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetUInt64(out number);
    }

    private static bool TryBytes(JsonElement element, string name, int min, int max, out byte[] bytes) =>
        Hex.TryDecode(Text(element, name), out bytes) && bytes.Length >= min && bytes.Length <= max;
}
