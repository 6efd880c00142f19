using System.Buffers.Binary;
using CPChain.Types;

namespace CPChain.Crypto.Keccak;

/// <summary>The sponge of Keccak-256: 136 bytes a block, padding 0x01 .. 0x80, 32 bytes out.</summary>
internal static class KeccakSponge
{
    public const int RateBytes = 136;

    public static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (int i = 0; i < RateBytes / 8; i++) state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        KeccakPermutation.Permute(state);
    }

    /// <summary>Absorbs the last bytes, fewer than a block, and squeezes the digest.</summary>
    public static void Finish(Span<ulong> state, ReadOnlySpan<byte> rest, Span<byte> digest)
    {
        int at = 0;
        for (; at + 8 <= rest.Length; at += 8) state[at >> 3] ^= BinaryPrimitives.ReadUInt64LittleEndian(rest[at..]);
        ulong last = 1UL << (8 * (rest.Length - at));
        for (int i = at; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * (i - at));
        state[at >> 3] ^= last;
        state[(RateBytes / 8) - 1] ^= 0x8000000000000000;
        KeccakPermutation.Permute(state);
        for (int i = 0; i < Hash256.Length / 8; i++) BinaryPrimitives.WriteUInt64LittleEndian(digest[(8 * i)..], state[i]);
    }
}
