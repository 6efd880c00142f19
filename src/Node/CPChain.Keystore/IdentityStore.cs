using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Keystore;

/// <summary>
/// The keys of one identity in its own directory (mode 0700): the chain key in key.json, further 32-byte secrets in
/// files of their own, all keystore version 3 with mode 0600 (rules K5 to K8).
/// </summary>
public static class IdentityStore
{
    public const string KeyFile = "key.json";

    /// <summary>Throws <see cref="NativeLibraryMissingException"/> when the system library is absent; for start-up checks.</summary>
    public static void RequireLibrary() => Scrypt.RequireLibrary();

    /// <summary>
    /// Opens the chain key of the directory, or makes a new one. The passphrase file is made too if it is missing and
    /// there is no key yet.
    /// </summary>
    /// <param name="directory">The identity's own directory.</param>
    /// <param name="passphraseFile">A file of mode 0600.</param>
    /// <param name="entropy">Unpredictable bytes.</param>
    /// <param name="cost">For a new key; Standard when null. An existing file says its own.</param>
    /// <returns>The key, which knows its address; the caller disposes of it.</returns>
    public static PrivateKey OpenOrCreate(
        string directory, string passphraseFile, EntropySource entropy, ScryptCost? cost = null)
    {
        if (File.Exists(Path.Combine(directory, KeyFile))) return Open(directory, passphraseFile);
        var key = PrivateKey.Generate(entropy);
        Import(directory, passphraseFile, key, entropy, cost);
        return key;
    }

    /// <summary>Opens the chain key of the directory; throws <see cref="KeystoreException"/> with the fix.</summary>
    public static PrivateKey Open(string directory, string passphraseFile)
    {
        string path = Path.Combine(directory, KeyFile);
        byte[] document = ReadDocument(path);
        KeystoreFault fault = KeystoreDocument.TryDecryptKey(document, PassphraseFile.Read(passphraseFile), out PrivateKey? key);
        return fault == KeystoreFault.None ? key! : throw Refusal(path, passphraseFile, fault);
    }

    /// <summary>Stores a key that exists already; a directory that has one refuses.</summary>
    public static void Import(
        string directory, string passphraseFile, PrivateKey key, EntropySource entropy, ScryptCost? cost = null)
    {
        string passphrase = PassphraseFile.OpenOrCreate(passphraseFile, entropy);
        Store(directory, KeyFile, KeystoreDocument.Encrypt(key, passphrase, cost ?? ScryptCost.Standard, entropy));
    }

    /// <summary>The address that the directory's key file names, without unlocking it.</summary>
    public static bool TryReadAddress(string directory, out Address address)
    {
        address = default;
        string path = Path.Combine(directory, KeyFile);
        return File.Exists(path) && KeystoreDocument.TryReadAddress(ReadDocument(path), out address);
    }

    /// <summary>
    /// Opens another secret of 32 bytes of this identity, such as a sharing key, or draws one. The caller zeroes it.
    /// </summary>
    /// <param name="directory">The identity's own directory.</param>
    /// <param name="name">Lower-case letters, digits and hyphens; the file is name.json.</param>
    /// <param name="passphraseFile">A file of mode 0600.</param>
    /// <param name="entropy">Unpredictable bytes.</param>
    /// <param name="cost">For a new secret; Standard when null.</param>
    public static byte[] OpenOrCreateSecret(
        string directory, string name, string passphraseFile, EntropySource entropy, ScryptCost? cost = null)
    {
        Invariant.Check(IsName(name), "A secret's name has lower-case letters, digits and hyphens.");
        string file = name + ".json";
        string path = Path.Combine(directory, file);
        if (File.Exists(path))
        {
            KeystoreFault fault = KeystoreDocument.TryDecrypt(
                ReadDocument(path), PassphraseFile.Read(passphraseFile), out byte[] stored);
            return fault == KeystoreFault.None ? stored : throw Refusal(path, passphraseFile, fault);
        }

        byte[] secret = new byte[PrivateKey.Length];
        entropy(secret);
        string passphrase = PassphraseFile.OpenOrCreate(passphraseFile, entropy);
        Store(directory, file, KeystoreDocument.Encrypt(secret, passphrase, cost ?? ScryptCost.Standard, entropy));
        return secret;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static void Store(string directory, string file, byte[] document)
    {
        PrivateFile.CreateDirectory(directory);
        PrivateFile.WriteNew(Path.Combine(directory, file), document);
    }

    private static byte[] ReadDocument(string path)
    {
        if (!File.Exists(path)) throw new KeystoreException($"There is no key file {path}.");
        return PrivateFile.Read(path, KeystoreDocument.BytesMax);
    }

    private static KeystoreException Refusal(string path, string passphraseFile, KeystoreFault fault) =>
        fault == KeystoreFault.WrongPassphrase
            ? new($"The passphrase in {passphraseFile} does not open {path}. Use the passphrase file the key was made with.")
            : KeystoreFile.Refusal(path, fault);
}
