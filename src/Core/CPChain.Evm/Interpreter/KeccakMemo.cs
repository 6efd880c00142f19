using System.Runtime.CompilerServices;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm.Interpreter;

/// <summary>Digests of the 64-byte inputs hashed last. Contracts compute the place of a mapping's entry from such inputs,
/// the same ones again and again; a lookup costs a twentieth of the hash.</summary>
internal sealed unsafe class KeccakMemo
{
    /// <summary>The only length of input that is remembered.</summary>
    internal const int InputBytes = 64;

    private const int InputLimbs = 8;
    private const int EntryLimbs = InputLimbs + 4;
    private const int IndexBits = 9;
    private const int Entries = 1 << IndexBits;
    private const ulong Golden = 0x9e37_79b9_7f4a_7c15;

    private readonly ulong[] _limbs = GC.AllocateArray<ulong>(Entries * EntryLimbs, pinned: true);
    private readonly ulong* _first;

    internal KeccakMemo()
    {
        _first = (ulong*)Unsafe.AsPointer(ref _limbs[0]);

        // An empty entry is one for an input of zeros, so that no entry needs a mark.
        UInt256 zeros = Keccak256.Hash(stackalloc byte[InputBytes]).ToUInt256();
        for (int i = 0; i < Entries; i++) Limbs.Set(_first + (i * EntryLimbs) + InputLimbs, zeros);
    }

    /// <summary>Puts the digest of 64 bytes into a stack word.</summary>
    /// <remarks>SAFETY: <paramref name="input"/> has 64 readable bytes; entries lie in the pinned array.</remarks>
    internal void Hash(byte* input, ulong* word)
    {
        unchecked
        {
            var w = (ulong*)input;
            ulong mix = ((w[0] ^ w[4]) * 3) + ((w[1] ^ w[5]) * 5) + ((w[2] ^ w[6]) * 7) + (w[3] * 11) + w[7];
            ulong* entry = _first + (((mix * Golden) >> (64 - IndexBits)) * EntryLimbs);
            ulong difference = (w[0] ^ entry[0]) | (w[1] ^ entry[1]) | (w[2] ^ entry[2]) | (w[3] ^ entry[3])
                | (w[4] ^ entry[4]) | (w[5] ^ entry[5]) | (w[6] ^ entry[6]) | (w[7] ^ entry[7]);
            if (difference != 0)
            {
                Limbs.Set(entry + InputLimbs, Keccak256.Hash(new ReadOnlySpan<byte>(input, InputBytes)).ToUInt256());
                for (int i = 0; i < InputLimbs; i++) entry[i] = w[i];
            }

            Limbs.Copy(entry + InputLimbs, word);
        }
    }
}
