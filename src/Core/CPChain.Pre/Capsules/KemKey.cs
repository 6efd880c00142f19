using System.Security.Cryptography;
using CPChain.Crypto;

namespace CPChain.Pre.Capsules;

/// <summary>The 32-byte symmetric key that a capsule stands for; zeroed on disposal.</summary>
public sealed class KemKey : IDisposable
{
    public const int Length = 32;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(Length, pinned: true);
    private bool _disposed;

    private KemKey()
    {
    }

    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    /// <summary>KDF of the scheme: HKDF-SHA-256 of the compressed point (rule P2).</summary>
    internal static KemKey Derive(in Point point)
    {
        var key = new KemKey();
        Span<byte> secret = stackalloc byte[Point.CompressedLength];
        point.WriteCompressed(secret);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key._bytes, salt: [], info: "CPChain PRE v1 kem"u8);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>Copies the 32 secret bytes; the caller zeroes them.</summary>
    public void CopyTo(Span<byte> destination32) => Bytes.CopyTo(destination32);

    /// <summary>Compares without telling by time where two keys differ.</summary>
    public bool SameAs(KemKey other) => CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    public override string ToString() => "KEM key";
}
