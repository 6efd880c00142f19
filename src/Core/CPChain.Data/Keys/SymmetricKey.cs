using System.Security.Cryptography;

namespace CPChain.Data.Keys;

/// <summary>A secret of 32 bytes that is wiped when it is disposed and never printed.</summary>
public sealed class SymmetricKey : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(Length, pinned: true);

    /// <summary>Copies the secret.</summary>
    public SymmetricKey(ReadOnlySpan<byte> secret32)
    {
        Types.Invariant.Check(secret32.Length == Length, "a symmetric key has 32 bytes");
        secret32.CopyTo(_bytes);
    }

    /// <summary>The secret; do not keep the span.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Wipes the secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>Says only what it is.</summary>
    public override string ToString() => "symmetric key";

    /// <summary>HKDF-SHA256 (RFC 5869) of this key.</summary>
    public SymmetricKey Derive(string label, ReadOnlySpan<byte> context, ReadOnlySpan<byte> salt = default)
    {
        Span<byte> output = stackalloc byte[Length];
        int labelBytes = System.Text.Encoding.UTF8.GetByteCount(label);
        byte[] info = new byte[labelBytes + 1 + context.Length];
        System.Text.Encoding.UTF8.GetBytes(label, info);
        context.CopyTo(info.AsSpan(labelBytes + 1));
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, output, salt, info);
        SymmetricKey key = new(output);
        CryptographicOperations.ZeroMemory(output);
        return key;
    }

    /// <summary>The commitment hK = SHA-256("k" || key), which does not depend on any message (rule D3.4).</summary>
    public Types.Hash256 Commitment()
    {
        Span<byte> input = stackalloc byte[1 + Length];
        input[0] = (byte)'k';
        _bytes.CopyTo(input[1..]);
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(input, hash);
        CryptographicOperations.ZeroMemory(input);
        return Types.Hash256.FromBytes(hash);
    }
}
