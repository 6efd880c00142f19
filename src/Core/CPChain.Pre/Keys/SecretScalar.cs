using System.Security.Cryptography;
using CPChain.Crypto;

namespace CPChain.Pre.Keys;

/// <summary>A secret scalar in memory that the collector does not move; zeroed on disposal.</summary>
internal sealed class SecretScalar : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(Scalar.Length, pinned: true);
    private bool _disposed;

    public SecretScalar(in Scalar value) => value.CopyTo(_bytes);

    public Scalar Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Scalar.TryFromBytes32(_bytes, out Scalar value) ? value : default;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    public override string ToString() => "secret";
}
