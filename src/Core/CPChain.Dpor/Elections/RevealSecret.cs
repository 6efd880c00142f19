using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>
/// The secret behind a proposer's reveals in one term (D9.1), made from its key: nothing has to be stored, and who claims for an account
/// and the node that serves for it come to the same.
/// </summary>
public static class RevealSecret
{
    /// <summary>The secret x0 of a key for a term of a chain; nobody without the key can tell it from noise.</summary>
    public static Hash256 Of(PrivateKey key, in Hash256 genesisHash, ulong term)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> label = stackalloc byte[16 + Hash256.Length + 8];
        "CPC-SECRET/1\0\0\0\0"u8.CopyTo(label);
        genesisHash.CopyTo(label[16..]);
        BinaryPrimitives.WriteUInt64BigEndian(label[(16 + Hash256.Length)..], term);
        return key.DeriveSecret(label);
    }

    /// <summary>What a key claims with for serving a term of so many numbers.</summary>
    public static Hash256 CommitmentOf(PrivateKey key, in Hash256 genesisHash, ulong term, ulong termLength) =>
        TermSeed.Commitment(Of(key, genesisHash, term), termLength);
}
