using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What PREVRANDAO returns (EIP-4399, rule C16): known before the block, so no secret die.</summary>
public static class PrevRandao
{
    /// <summary>keccak256("CPC-RANDAO/1" || parent hash || number as 8 bytes).</summary>
    public static Hash256 Of(in Hash256 parentHash, ulong number)
    {
        Span<byte> input = stackalloc byte[12 + Hash256.Length + 8];
        "CPC-RANDAO/1"u8.CopyTo(input);
        parentHash.CopyTo(input[12..44]);
        BinaryPrimitives.WriteUInt64BigEndian(input[44..], number);
        return Keccak256.Hash(input);
    }
}
