using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CPChain.Types;

namespace CPChain.Crypto.Keccak;

/// <summary>The sponge of Keccak-256: 136 bytes a block, padding 0x01 .. 0x80, 32 bytes out.</summary>
internal static class KeccakSponge
{
    public const int RateBytes = 136;
    public const int RateWords = RateBytes / 8;

    public static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        Span<ulong> lanes = state[..RateWords];
        ref byte first = ref MemoryMarshal.GetReference(block[..RateBytes]);
        for (int i = 0; i < lanes.Length; i++) lanes[i] ^= Word(ref first, i);
        KeccakPermutation.Permute(state);
    }

    /// <summary>Absorbs the last bytes, fewer than a block, and squeezes the digest.</summary>
    public static void Finish(Span<ulong> state, ReadOnlySpan<byte> rest, Span<byte> digest)
    {
        int whole = rest.Length >> 3;
        Span<ulong> lanes = state[..RateWords];
        ref byte first = ref MemoryMarshal.GetReference(rest);
        for (int i = 0; i < whole; i++) lanes[i] ^= Word(ref first, i);
        lanes[whole] ^= LastWord(rest[(whole << 3)..]);
        lanes[RateWords - 1] ^= 0x8000000000000000;
        KeccakPermutation.Permute(state);
        for (int i = 0; i < Hash256.Length / 8; i++) BinaryPrimitives.WriteUInt64LittleEndian(digest[(8 * i)..], state[i]);
    }

    /// <summary>Fewer than eight bytes and the padding's first bit.</summary>
    public static ulong LastWord(ReadOnlySpan<byte> tail)
    {
        ulong last = 1UL << (8 * tail.Length);
        for (int i = 0; i < tail.Length; i++) last |= (ulong)tail[i] << (8 * i);
        return last;
    }

    // SAFETY: the caller has checked that 8 (index + 1) bytes are there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Word(ref byte first, int index)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, unchecked(8 * index)));
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }
}
