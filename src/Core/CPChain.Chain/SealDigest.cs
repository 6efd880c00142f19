using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>What a proposer signs to seal a block: D(16, h, 0, hash, -1) of rule L2.4.</summary>
public static class SealDigest
{
    private const byte SealKind = 16;

    /// <summary>
    /// keccak256("CPC-LBFT/2" || genesisHash || chainId || 16 || number || round 0 || hash || 0), big-endian.
    /// </summary>
    public static Hash256 Of(in Hash256 genesisHash, ulong chainId, ulong number, in Hash256 headerHash)
    {
        ReadOnlySpan<byte> domain = "CPC-LBFT/2"u8;
        Span<byte> input = stackalloc byte[10 + 32 + 8 + 1 + 8 + 4 + 32 + 4];
        input.Clear();
        domain.CopyTo(input);
        genesisHash.CopyTo(input[10..42]);
        BinaryPrimitives.WriteUInt64BigEndian(input[42..50], chainId);
        input[50] = SealKind;
        BinaryPrimitives.WriteUInt64BigEndian(input[51..59], number);
        headerHash.CopyTo(input[63..95]);
        return Keccak256.Hash(input);
    }
}
