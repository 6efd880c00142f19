using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Keystore;

/// <summary>The cost of turning a passphrase into a key (RFC 7914): N a power of two, memory 128 N r bytes.</summary>
public readonly record struct ScryptCost(ulong N, uint R, uint P)
{
    /// <summary>About a second and 256 MiB: for keys that leave the machine.</summary>
    public static ScryptCost Strong => new(262_144, 8, 1);

    /// <summary>Some 30 ms and 8 MiB: for a node that starts unattended with a passphrase file beside its key.</summary>
    public static ScryptCost Standard => new(8_192, 8, 1);

    /// <summary>Half of Standard: for development networks that make many identities at once.</summary>
    public static ScryptCost Development => new(4_096, 8, 1);

    /// <summary>Whether this program computes it: at most 512 MiB and 2^24 block mixes, so a file cannot stop a node.</summary>
    public bool IsAcceptable =>
        ulong.IsPow2(N) && N is > 1 and <= 1 << 22 && R is >= 1 and <= 64 && P is >= 1 and <= 64
        && N * R * 128 <= 512UL << 20 && N * R * P <= 1 << 24;

    internal void Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, Span<byte> key)
    {
        Invariant.Check(IsAcceptable, "scrypt costs are checked before use.");
        if (!Scrypt.TryDerive(passphrase, salt, N, R, P, key))
            throw new KeystoreException("There is not enough memory to unlock the key (scrypt).");
    }
}
