using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Keystore;

namespace CPChain.App.Devnet;

/// <summary>Keys of a local network's identities, each in its own folder.</summary>
public static class Identities
{
    /// <summary>Opens the key of a folder, or makes one.</summary>
    public static PrivateKey OpenOrCreate(string folder, string passphraseFile) =>
        IdentityStore.OpenOrCreate(folder, passphraseFile, RandomNumberGenerator.Fill, ScryptCost.Development);
}
