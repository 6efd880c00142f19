using CPChain.Crypto.Native;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>scrypt (RFC 7914) by the system's libsodium.</summary>
public static class Scrypt
{
    /// <summary>Throws <see cref="NativeLibraryMissingException"/> when the system library is absent; for start-up checks.</summary>
    public static void RequireLibrary() => _ = SodiumNative.IsReady;

    /// <summary>Fills the key. False when the memory, 128 N r bytes, cannot be had: that says nothing of the input.</summary>
    /// <param name="passphrase">The secret, any length.</param>
    /// <param name="salt">The salt, any length.</param>
    /// <param name="n">N: a power of two above 1.</param>
    /// <param name="r">Block size; r times p is below 2^30.</param>
    /// <param name="p">Passes.</param>
    /// <param name="key">Takes the result, its length being the one asked for.</param>
    public static unsafe bool TryDerive(
        ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, ulong n, uint r, uint p, Span<byte> key)
    {
        Invariant.Check(SodiumNative.IsReady, "libsodium begins");
        Invariant.Check(
            n > 1 && ulong.IsPow2(n) && r > 0 && p > 0 && (ulong)r * p < 1 << 30, "the cost of scrypt is checked before use");
        fixed (byte* secret = passphrase, pepper = salt, derived = key)
        {
            return SodiumNative.crypto_pwhash_scryptsalsa208sha256_ll(
                secret, (nuint)passphrase.Length, pepper, (nuint)salt.Length, n, r, p, derived, (nuint)key.Length) == 0;
        }
    }
}
