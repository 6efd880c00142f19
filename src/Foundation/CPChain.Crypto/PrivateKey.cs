using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CPChain.Crypto.Curve;
using CPChain.Crypto.Native;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>A secret number in 1..n-1. It lies in memory that the collector does not move and is zeroed on disposal.</summary>
public sealed class PrivateKey : IDisposable
{
    public const int Length = 32;

    private readonly byte[] _secret = GC.AllocateArray<byte>(Length, pinned: true);
    private bool _disposed;

    private unsafe PrivateKey(ReadOnlySpan<byte> secret)
    {
        secret.CopyTo(_secret);
        byte* key = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        fixed (byte* s = _secret)
        {
            int made = Secp256k1Native.secp256k1_ec_pubkey_create(Secp256k1Native.Context, key, s);
            bool stored = CurvePoint.Store(key, out CurvePoint point);
            Invariant.Check(made == 1 && stored, "A valid secret has a public key.");
            PublicKey = new PublicKey(point);
        }

        Address = PublicKey.Address;
    }

    public PublicKey PublicKey { get; }

    public Address Address { get; }

    /// <summary>Draws until the bytes are a valid key, which the first 32 are but for one case in 2^128.</summary>
    public static PrivateKey Generate(EntropySource entropy)
    {
        Span<byte> secret = stackalloc byte[Length];
        PrivateKey? key;
        do
        {
            entropy(secret);
        }
        while (!TryFromBytes(secret, out key));

        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>Reads 32 big-endian bytes in 1..n-1.</summary>
    public static unsafe bool TryFromBytes(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        if (bytes.Length != Length) return false;
        fixed (byte* s = bytes)
        {
            if (Secp256k1Native.secp256k1_ec_seckey_verify(Secp256k1Native.Context, s) != 1) return false;
        }

        key = new PrivateKey(bytes);
        return true;
    }

    /// <summary>HMAC-SHA256 of a label under the secret: a secret of its own for each purpose, which tells nothing of the key.</summary>
    public Hash256 DeriveSecret(ReadOnlySpan<byte> label)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> derived = stackalloc byte[Hash256.Length];
        HMACSHA256.HashData(_secret, label, derived);
        return Hash256.FromBytes(derived);
    }

    /// <summary>The deterministic signature (RFC 6979) with low s; constant time.</summary>
    public unsafe Signature Sign(in Hash256 digest)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte* signature = stackalloc byte[Secp256k1Native.InternalRecoverableBytes];
        Span<byte> message = stackalloc byte[Hash256.Length];
        Span<byte> compact = stackalloc byte[64];
        digest.CopyTo(message);
        int recoveryId;
        fixed (byte* s = _secret, m = message, c = compact)
        {
            nint context = Secp256k1Native.Context;
            int signed = Secp256k1Native.secp256k1_ecdsa_sign_recoverable(context, signature, m, s, 0, null);
            int written = Secp256k1Native.secp256k1_ecdsa_recoverable_signature_serialize_compact(
                context, c, &recoveryId, signature);
            Invariant.Check(signed == 1 && written == 1, "A valid key signs every digest.");
        }

        // A nonce point with x above n has probability 2^-127; such a signature has no form of 65 bytes with v in 0..1.
        Invariant.Check(recoveryId is 0 or 1, "The nonce point's x is below the group order.");
        return new Signature(UInt256.FromBigEndian(compact[..32]), UInt256.FromBigEndian(compact[32..]), (byte)recoveryId);
    }

    /// <summary>Copies the 32 secret bytes; the caller zeroes them.</summary>
    public void CopyTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _secret.CopyTo(destination);
    }

    internal ReadOnlySpan<byte> Secret
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _secret;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    /// <summary>The address; never the secret.</summary>
    public override string ToString() => $"private key of {Address}";
}
