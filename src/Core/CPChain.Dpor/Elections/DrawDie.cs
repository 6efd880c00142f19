using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Equally likely numbers from a seed: Keccak in counter mode with refusal of what would favour some (D8.1).</summary>
/// <param name="seed">The seed of a term.</param>
public sealed class DrawDie(Hash256 seed)
{
    private ulong _next;

    /// <summary>0 to <paramref name="limit"/> - 1, all alike; the limit must not be 0.</summary>
    public ulong Below(ulong limit)
    {
        ArgumentOutOfRangeException.ThrowIfZero(limit);
        // 2^64 mod limit, without 2^64.
        ulong excess = unchecked(0UL - limit) % limit;
        ulong number;
        do number = Next();
        while (excess != 0 && number >= unchecked(0UL - excess));
        return number % limit;
    }

    private ulong Next()
    {
        Span<byte> input = stackalloc byte[10 + Hash256.Length + 8];
        "CPC-DRAW/1"u8.CopyTo(input);
        seed.CopyTo(input[10..42]);
        BinaryPrimitives.WriteUInt64BigEndian(input[42..], _next++);
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Keccak256.Hash(input, digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
