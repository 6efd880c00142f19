using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Storage;

namespace CPChain.App;

/// <summary>The libraries of the system that every command needs, asked for before anything is written.</summary>
public static class SystemLibraries
{
    /// <summary>Throws what <see cref="Failures"/> explains, with the package to install.</summary>
    public static void Demand()
    {
        Secp256k1.RequireLibrary();
        IdentityStore.RequireLibrary();
        RocksDbStore.RequireLibrary();
    }
}
