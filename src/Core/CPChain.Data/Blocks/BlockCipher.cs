using System.Security.Cryptography;

namespace CPChain.Data.Blocks;

/// <summary>Seals chunks of a block; production uses <see cref="AesGcmBlockCipher"/>, the leak test also one that does
/// nothing.</summary>
public interface IBlockCipher
{
    /// <summary>Bytes that a sealed chunk is longer than the chunk.</summary>
    int TagBytes { get; }

    /// <summary>Fills <paramref name="output"/> with ciphertext and tag.</summary>
    void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> chunk, Span<byte> output);

    /// <summary>Fills <paramref name="chunk"/>; false and zeros when the tag does not match.</summary>
    bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> input, Span<byte> chunk);
}

/// <summary>AES-256-GCM (NIST SP 800-38D) with a 16-byte tag.</summary>
public sealed class AesGcmBlockCipher : IBlockCipher
{
    /// <summary>The cipher has no state.</summary>
    public static AesGcmBlockCipher Instance { get; } = new();

    /// <inheritdoc/>
    public int TagBytes => 16;

    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound,
        ReadOnlySpan<byte> chunk, Span<byte> output)
    {
        using AesGcm gcm = new(key, TagBytes);
        gcm.Encrypt(nonce, chunk, output[..chunk.Length], output[chunk.Length..], bound);
    }

    /// <inheritdoc/>
    public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound,
        ReadOnlySpan<byte> input, Span<byte> chunk)
    {
        if (input.Length != chunk.Length + TagBytes) return false;
        using AesGcm gcm = new(key, TagBytes);
        try
        {
            gcm.Decrypt(nonce, input[..chunk.Length], input[chunk.Length..], chunk, bound);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
