using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using CPChain.Crypto.Keccak;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>
/// Keccak-256 of many inputs: eight at a time where the processor has AVX-512, about three times as fast as one by one
/// when the inputs are of like length; the digests are the same everywhere.
/// </summary>
public static class KeccakBatch
{
    private const int Width = 8;

    // Eight states cost about as much as two single ones, so fewer busy lanes than that are hashed one by one.
    private const int CostOfEight = 2;

    public static void Hash(ReadOnlySpan<ReadOnlyMemory<byte>> inputs, Span<Hash256> digests)
    {
        Invariant.Check(digests.Length >= inputs.Length, "There is a place for every digest.");
        for (int at = 0; at < inputs.Length; at += Width)
        {
            int count = Math.Min(Width, inputs.Length - at);
            HashGroup(inputs.Slice(at, count), digests.Slice(at, count));
        }
    }

    private static void HashGroup(ReadOnlySpan<ReadOnlyMemory<byte>> inputs, Span<Hash256> digests)
    {
        int most = 0;
        long sum = 0;
        foreach (ReadOnlyMemory<byte> input in inputs)
        {
            int blocks = Blocks(input.Length);
            most = Math.Max(most, blocks);
            sum += blocks;
        }

        if (KeccakPermutation.IsBatchSupported && sum > (long)most * CostOfEight)
        {
            HashTogether(inputs, digests, most);
            return;
        }

        for (int i = 0; i < inputs.Length; i++) digests[i] = Keccak256.Hash(inputs[i].Span);
    }

    // The padding always takes a byte, so an input that fills its last block has one block more.
    private static int Blocks(int length) => (length / KeccakSponge.RateBytes) + 1;

    private static unsafe void HashTogether(
        ReadOnlySpan<ReadOnlyMemory<byte>> inputs, Span<Hash256> digests, int blocks)
    {
        const int words = KeccakPermutation.Lanes * Width;
        const int alignment = 64;
        byte* memory = stackalloc byte[(words * sizeof(ulong)) + alignment];
        var state = (ulong*)(((nuint)memory + (alignment - 1)) & ~(nuint)(alignment - 1));
        new Span<ulong>(state, words).Clear();
        for (int block = 0; block < blocks; block++)
        {
            uint finished = 0;
            for (int lane = 0; lane < inputs.Length; lane++)
            {
                int start = block * KeccakSponge.RateBytes;
                ReadOnlySpan<byte> input = inputs[lane].Span;
                if (start > input.Length) continue; // Its digest is out; what becomes of the lane does not matter.
                ReadOnlySpan<byte> rest = input[start..];
                if (rest.Length < KeccakSponge.RateBytes) finished |= 1U << lane;
                Absorb(state + lane, rest[..Math.Min(rest.Length, KeccakSponge.RateBytes)]);
            }

            KeccakPermutation.PermuteEight(state);
            for (; finished != 0; finished &= finished - 1)
            {
                int lane = BitOperations.TrailingZeroCount(finished);
                digests[lane] = Digest(state + lane);
            }
        }
    }

    // A full block, or the last one with its padding, into every eighth word.
    private static unsafe void Absorb(ulong* lane, ReadOnlySpan<byte> bytes)
    {
        int whole = bytes.Length >> 3;
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        for (int i = 0; i < whole; i++) lane[Width * i] ^= KeccakSponge.Word(ref first, i);
        if (bytes.Length == KeccakSponge.RateBytes) return;
        lane[Width * whole] ^= KeccakSponge.LastWord(bytes[(whole << 3)..]);
        lane[Width * (KeccakSponge.RateWords - 1)] ^= 0x8000000000000000;
    }

    // The state's words are little-endian, the digest's value is big-endian.
    private static unsafe Hash256 Digest(ulong* lane) => Hash256.FromUInt256(new UInt256(
        BinaryPrimitives.ReverseEndianness(lane[3 * Width]),
        BinaryPrimitives.ReverseEndianness(lane[2 * Width]),
        BinaryPrimitives.ReverseEndianness(lane[Width]),
        BinaryPrimitives.ReverseEndianness(lane[0])));
}
