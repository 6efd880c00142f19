using System.Runtime.InteropServices;

namespace CPChain.Crypto.Native;

/// <summary>The functions of libsodium (Debian package libsodium23) that this project calls.</summary>
internal static unsafe partial class SodiumNative
{
    private const string Package = "libsodium23";
    private const string Library = "libsodium.so.23";

    private static readonly Lazy<bool> Ready = new(Load);

    /// <summary>Whether the library has begun; throws <see cref="NativeLibraryMissingException"/>.</summary>
    public static bool IsReady => Ready.Value;

    private static bool Load()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(SodiumNative).Assembly, null, out _))
            throw new NativeLibraryMissingException(Library, Package);
        return sodium_init() >= 0;
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    public static partial int crypto_pwhash_scryptsalsa208sha256_ll(
        byte* passphrase,
        nuint passphraseLength,
        byte* salt,
        nuint saltLength,
        ulong n,
        uint r,
        uint p,
        byte* output,
        nuint outputLength);
}
