using CPChain.Data.Encoding;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Pre.Capsules;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.Pdash.Owner;

/// <summary>Names of key pairs: each range of intervals of a stream has its own, so that a grant for one opens no other
/// (SHA-03, rule D7.2).</summary>
public static class KeyLabel
{
    /// <summary>The label of a range of intervals.</summary>
    public static Hash256 Of(in Hash256 streamId, ulong firstInterval, ulong lastInterval)
    {
        ByteSink sink = new();
        sink.Bytes("cpchain/label/1"u8);
        sink.Bytes(streamId.ToArray());
        sink.U64(firstInterval);
        sink.U64(lastInterval);
        return Hash256.FromBytes(System.Security.Cryptography.SHA256.HashData(sink.Written));
    }

    /// <summary>The label of a whole epoch, under which a gateway hands its seed to the owner.</summary>
    public static Hash256 OfEpoch(in Hash256 streamId, uint epoch)
    {
        ulong first = (ulong)epoch << KeyTree.Depth;
        return Of(streamId, first, first + KeyTree.Intervals - 1);
    }

    /// <summary>The label as the re-encryption scheme takes it.</summary>
    public static string Text(in Hash256 label) => label.ToString();

    /// <summary>Wraps keys for whoever holds, or is granted, the label's key.</summary>
    public static KeyEnvelope Wrap(in Hash256 streamId, ulong firstInterval, ulong lastInterval, KeyBundle keys, OwnerPublicKey labelKey,
        EntropySource entropy)
    {
        Hash256 label = Of(streamId, firstInterval, lastInterval);
        (Capsule capsule, KemKey key) = Capsule.Encapsulate(labelKey, entropy);
        using (key)
        {
            byte[] encoded = capsule.Encode(), secret = keys.Encode();
            byte[] bound = KeyEnvelope.Bound(streamId, firstInterval, lastInterval, label, encoded);
            byte[] wrapped = KeyWrap.Seal(key, secret, bound, entropy);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
            bool valid = Crypto.PublicKey.TryFromBytes(labelKey.ToArray(), out Crypto.PublicKey publicKey);
            Invariant.Check(valid, "a label key is a point of the curve");
            return new KeyEnvelope(firstInterval, lastInterval, label, publicKey, encoded, wrapped);
        }
    }

    /// <summary>Unwraps with the capsule's key; null when it does not fit.</summary>
    public static KeyBundle? Unwrap(in Hash256 streamId, KeyEnvelope envelope, KemKey key)
    {
        byte[] bound = KeyEnvelope.Bound(streamId, envelope.FirstInterval, envelope.LastInterval, envelope.Label, envelope.Capsule);
        if (!KeyWrap.TryOpen(key, envelope.WrappedKeys, bound, out byte[] secret, out _)) return null;
        KeyBundle.TryDecode(secret, out KeyBundle? keys);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
        return keys;
    }

    /// <summary>Unwraps with the label's own private key; null when it does not fit.</summary>
    public static KeyBundle? Unwrap(in Hash256 streamId, KeyEnvelope envelope, OwnerKey labelKey)
    {
        if (!Capsule.TryDecode(envelope.Capsule, out Capsule? capsule, out _)) return null;
        using KemKey? key = capsule.Open(labelKey);
        return key is null ? null : Unwrap(streamId, envelope, key);
    }
}
