using System.Collections.Concurrent;
using CPChain.Data.Blocks;

namespace CPChain.EndToEnd.Leaks;

/// <summary>A cipher that remembers which keys it was given and which compressed plaintext, and leaves the work to another.</summary>
internal sealed class RecordedCipher(IBlockCipher inner) : IBlockCipher
{
    public ConcurrentQueue<byte[]> Keys { get; } = new();

    public ConcurrentQueue<byte[]> Chunks { get; } = new();

    public int TagBytes => inner.TagBytes;

    public void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> chunk, Span<byte> output)
    {
        Keys.Enqueue(key.ToArray());
        Chunks.Enqueue(chunk.ToArray());
        inner.Seal(key, nonce, bound, chunk, output);
    }

    public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> input, Span<byte> chunk) =>
        inner.TryOpen(key, nonce, bound, input, chunk);
}

/// <summary>Encryption replaced by identity: what the leak test must notice.</summary>
internal sealed class IdentityCipher : IBlockCipher
{
    public int TagBytes => 16;

    public void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> chunk, Span<byte> output)
    {
        chunk.CopyTo(output);
        output[chunk.Length..].Clear();
    }

    public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> input, Span<byte> chunk)
    {
        if (input.Length != chunk.Length + TagBytes) return false;
        input[..chunk.Length].CopyTo(chunk);
        return true;
    }
}
