using CPChain.Crypto.Curve;
using CPChain.Crypto.Native;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>ECDSA and key agreement over secp256k1 by the system's libsecp256k1.</summary>
public static class Secp256k1
{
    /// <summary>Throws <see cref="NativeLibraryMissingException"/> when the system library is absent; for start-up checks.</summary>
    public static void RequireLibrary() => _ = Secp256k1Native.Context;

    /// <summary>Blinds secret computations against side channels. Call once at start, before other threads use keys.</summary>
    public static unsafe void Randomize(EntropySource entropy)
    {
        Span<byte> seed = stackalloc byte[32];
        entropy(seed);
        fixed (byte* s = seed)
        {
            int done = Secp256k1Native.secp256k1_context_randomize(Secp256k1Native.Context, s);
            Invariant.Check(done == 1, "The curve context takes a seed.");
        }
    }

    /// <summary>Finds the key that made a canonical signature; false for any other.</summary>
    public static bool TryRecover(in Hash256 digest, in Signature signature, out PublicKey key)
    {
        key = default;
        return signature.IsCanonical && TryRecoverAny(digest, signature, out key);
    }

    /// <summary>Finds the address whose key made a canonical signature.</summary>
    public static bool TryRecoverAddress(in Hash256 digest, in Signature signature, out Address address)
    {
        SignerMemory? memory = SignerMemory.Current;
        if (memory is not null && memory.TryFind(digest, signature, out address)) return true;
        bool found = TryRecover(digest, signature, out PublicKey key);
        address = found ? key.Address : default;
        if (found) memory?.Add(digest, signature, address);
        return found;
    }

    /// <summary>Recovers from high s too, as the ECRECOVER precompile must (Yellow Paper, appendix E).</summary>
    public static unsafe bool TryRecoverAny(in Hash256 digest, in Signature signature, out PublicKey key)
    {
        key = default;
        if (signature.V > 1 || signature.R.IsZero || signature.S.IsZero) return false;
        byte* parsed = stackalloc byte[Secp256k1Native.InternalRecoverableBytes];
        byte* found = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        Span<byte> compact = stackalloc byte[Signature.Length];
        Span<byte> message = stackalloc byte[Hash256.Length];
        signature.CopyTo(compact);
        digest.CopyTo(message);
        nint context = Secp256k1Native.Context;
        fixed (byte* c = compact, m = message)
        {
            if (Secp256k1Native.secp256k1_ecdsa_recoverable_signature_parse_compact(
                context, parsed, c, signature.V) != 1) return false;
            if (Secp256k1Native.secp256k1_ecdsa_recover(context, found, parsed, m) != 1) return false;
        }

        if (!CurvePoint.Store(found, out CurvePoint point)) return false;
        key = new PublicKey(point);
        return true;
    }

    /// <summary>Whether the key made this canonical signature; v is checked for its range only.</summary>
    public static unsafe bool Verify(in Hash256 digest, in Signature signature, in PublicKey key)
    {
        if (!signature.IsCanonical || key.IsDefault) return false;
        byte* parsed = stackalloc byte[Secp256k1Native.InternalSignatureBytes];
        byte* loaded = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        Span<byte> compact = stackalloc byte[Signature.Length];
        Span<byte> message = stackalloc byte[Hash256.Length];
        signature.CopyTo(compact);
        digest.CopyTo(message);
        nint context = Secp256k1Native.Context;
        fixed (byte* c = compact, m = message)
        {
            return key.Coordinates.Load(loaded)
                && Secp256k1Native.secp256k1_ecdsa_signature_parse_compact(context, parsed, c) == 1
                && Secp256k1Native.secp256k1_ecdsa_verify(context, parsed, m, loaded) == 1;
        }
    }

    /// <summary>The shared secret: SHA-256 of the compressed product point, 32 bytes; constant time.</summary>
    public static unsafe byte[] Ecdh(PrivateKey secret, in PublicKey key)
    {
        byte[] shared = new byte[32];
        byte* loaded = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        fixed (byte* s = secret.Secret, output = shared)
        {
            bool agreed = key.Coordinates.Load(loaded)
                && Secp256k1Native.secp256k1_ecdh(Secp256k1Native.Context, output, loaded, s, null, 0) == 1;
            return agreed ? shared : throw new ArgumentException("The default value is no public key.", nameof(key));
        }
    }
}
