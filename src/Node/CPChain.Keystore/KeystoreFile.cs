using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Keystore;

/// <summary>One key in one file of mode 0600, as wallets keep them (keystore version 3).</summary>
public static class KeystoreFile
{
    /// <summary>Opens the key; throws <see cref="KeystoreException"/> with the fix. The caller disposes of it.</summary>
    public static PrivateKey Open(string path, ReadOnlySpan<char> passphrase)
    {
        if (!File.Exists(path)) throw new KeystoreException($"There is no key file {path}.");
        KeystoreFault fault = KeystoreDocument.TryDecryptKey(
            PrivateFile.Read(path, KeystoreDocument.BytesMax), passphrase, out PrivateKey? key);
        return fault == KeystoreFault.None ? key! : throw Refusal(path, fault);
    }

    /// <summary>Writes the key to a file that must not be there yet.</summary>
    public static void Create(
        string path, PrivateKey key, ReadOnlySpan<char> passphrase, EntropySource entropy, ScryptCost? cost = null)
    {
        if (File.Exists(path)) throw new KeystoreException($"There is a file {path} already; it is not overwritten.");
        PrivateFile.WriteNew(path, KeystoreDocument.Encrypt(key, passphrase, cost ?? ScryptCost.Standard, entropy));
    }

    /// <summary>Why a document does not open, with the fix.</summary>
    public static KeystoreException Refusal(string name, KeystoreFault fault) => new(fault switch
    {
        KeystoreFault.WrongPassphrase => $"The passphrase does not open {name}. Use the one that the key was stored with.",
        KeystoreFault.UnknownVersion =>
            $"{name} is a keystore of another version than {KeystoreDocument.Version}. "
            + $"Use the program that wrote it, or export the key as version {KeystoreDocument.Version}.",
        KeystoreFault.Unsupported => $"{name} uses a cipher or key derivation that keystore version 3 does not define.",
        KeystoreFault.TooExpensive => $"{name} asks for more memory or time than this program spends on unlocking a key.",
        KeystoreFault.WrongKey => $"{name} holds no key, or not the key of the address it names. Restore it from a backup.",
        _ => $"{name} is no keystore file. Restore it from a backup.",
    });
}
