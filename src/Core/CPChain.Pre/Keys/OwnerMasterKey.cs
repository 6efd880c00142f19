using System.Security.Cryptography;
using System.Text;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Keys;

/// <summary>
/// The one secret of an owner from which the key of every label is derived (rule P3), so that a grant for one label
/// says nothing about another.
/// </summary>
public sealed class OwnerMasterKey : IDisposable
{
    public const int Length = 32;

    private readonly byte[] _secret = GC.AllocateArray<byte>(Length, pinned: true);
    private bool _disposed;

    private OwnerMasterKey()
    {
    }

    public static OwnerMasterKey Generate(EntropySource entropy)
    {
        var key = new OwnerMasterKey();
        entropy(key._secret);
        return key;
    }

    /// <summary>Takes 32 secret bytes.</summary>
    public static OwnerMasterKey FromBytes(ReadOnlySpan<byte> bytes32)
    {
        if (bytes32.Length != Length) throw new ArgumentException("Not 32 bytes.", nameof(bytes32));
        var key = new OwnerMasterKey();
        bytes32.CopyTo(key._secret);
        return key;
    }

    /// <summary>The key of a label, such as a listing and an epoch; the same label gives the same key.</summary>
    public OwnerKey Derive(string label)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> wide = stackalloc byte[64];
        byte[] info = Encoding.UTF8.GetBytes("CPChain PRE v1 label\0" + label);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, wide, salt: [], info);
        Scalar secret = Scalar.FromWideHash(wide);
        CryptographicOperations.ZeroMemory(wide);
        Invariant.Check(!secret.IsZero, "A derived key is zero once in 2^256.");
        return new OwnerKey(secret);
    }

    /// <summary>Copies the 32 secret bytes; the caller zeroes them.</summary>
    public void CopyTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _secret.CopyTo(destination);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    public override string ToString() => "owner master key";
}
