using System.Runtime.CompilerServices;
using CPChain.Crypto.Keccak;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>Keccak-256 of input that comes in pieces. Use once: after Finish it must not be used again.</summary>
public ref struct KeccakHasher
{
    private StateLanes _state;
    private BlockBytes _block;
    private int _buffered;

    public KeccakHasher()
    {
        _state = default;
        _block = default;
        _buffered = 0;
    }

    public void Update(scoped ReadOnlySpan<byte> input)
    {
        Span<byte> block = _block;
        if (_buffered > 0)
        {
            int taken = Math.Min(input.Length, KeccakSponge.RateBytes - _buffered);
            input[..taken].CopyTo(block[_buffered..]);
            _buffered += taken;
            input = input[taken..];
            if (_buffered < KeccakSponge.RateBytes) return;
            KeccakSponge.Absorb(_state, block);
            _buffered = 0;
        }

        while (input.Length >= KeccakSponge.RateBytes)
        {
            KeccakSponge.Absorb(_state, input[..KeccakSponge.RateBytes]);
            input = input[KeccakSponge.RateBytes..];
        }

        input.CopyTo(block);
        _buffered = input.Length;
    }

    public void Finish(scoped Span<byte> out32)
    {
        Span<byte> block = _block;
        KeccakSponge.Finish(_state, block[.._buffered], out32);
    }

    public Hash256 Finish()
    {
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Finish(digest);
        return Hash256.FromBytes(digest);
    }

    [InlineArray(KeccakPermutation.Lanes)]
    private struct StateLanes
    {
        private ulong _first;
    }

    [InlineArray(KeccakSponge.RateBytes)]
    private struct BlockBytes
    {
        private byte _first;
    }
}
