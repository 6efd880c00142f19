using System.Security.Cryptography;
using CPChain.Data.Blocks;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.Pdash.Attack;

/// <summary>
/// Tries to open one block with whatever somebody has got hold of. The same attempt must fail for a stranger, for a
/// single proxy and for a
/// buyer of another interval, and must succeed with enough proxies and the buyer's key: so a failure means something.
/// </summary>
public sealed class OpeningAttempt
{
    private readonly Purchase _purchase;
    private readonly Manifest _manifest;
    private readonly BlockHeader _header;
    private readonly byte[] _ciphertext;
    private readonly IBlockCipher _cipher;

    /// <summary>Everything that is public about a block: terms on chain and storage nodes, manifest, ciphertext.</summary>
    public OpeningAttempt(Purchase purchase, Manifest manifest, BlockHeader header, byte[] ciphertext,
        IBlockCipher? cipher = null) =>
        (_purchase, _manifest, _header, _ciphertext, _cipher) = (purchase, manifest, header, ciphertext, cipher ?? AesGcmBlockCipher.Instance);

    /// <summary>Whether these keys open the block.</summary>
    public bool Opens(KeyBundle keys) =>
        DataOpening.TryOpen(_manifest, _header, _ciphertext, keys, _cipher, out _, out BlockFault fault) == ManifestFault.None && fault == BlockFault.None;

    /// <summary>
    /// Re-encrypts with every fragment at hand, as its proxy would, and opens with the given buyer's key; grant checks
    /// that only protect
    /// the buyer are not in the way of an attacker, yet the mathematics is.
    /// </summary>
    public bool OpensWith(IReadOnlyList<KeyFragment> fragments, Grant grant, BuyerKey buyer, ulong nowMs, EntropySource entropy)
    {
        if (!Capsule.TryDecode(_purchase.Terms.Envelope.Capsule, out Capsule? capsule, out _)) return false;
        GrantExpectation expected = new(grant.Signer, grant.Owner, grant.Terms,
            new ProxySet([.. grant.Shares.Select(s => s.Proxy)], grant.Threshold));
        if (VerifiedGrant.Verify(grant, buyer, expected, out VerifiedGrant? verified) != GrantFault.None) return false;
        using (verified)
        {
            List<VerifiedFragment> made = [];
            foreach (KeyFragment fragment in fragments)
                if (fragment.ReEncrypt(capsule, nowMs, entropy, out CapsuleFragment? part) == FragmentFault.None
                    && VerifiedFragment.Verify(part!, capsule, verified!, fragment.Proxy, out VerifiedFragment? good) == FragmentFault.None)
                    made.Add(good!);
            using KemKey? kem = Opening.Combine(made);
            using KeyBundle? keys = kem is null ? null : KeyLabel.Unwrap(_purchase.Terms.StreamId, _purchase.Terms.Envelope, kem);
            return keys is not null && Opens(keys);
        }
    }

    /// <summary>Takes every 32 bytes in a row of what was found (files, fragments, replies) for each key that the
    /// platform knows.</summary>
    public bool OpensWithAnyKeyIn(IEnumerable<byte[]> found)
    {
        byte[] window = new byte[SymmetricKey.Length];
        HashSet<Hash256> tried = [];
        foreach (byte[] bytes in found)
            for (int i = 0; i + SymmetricKey.Length <= bytes.Length; i++)
            {
                bytes.AsSpan(i, SymmetricKey.Length).CopyTo(window);
                if (tried.Add(Hash256.FromBytes(window)) && OpensWithKey(window)) return true;
            }
        return false;
    }

    private bool OpensWithKey(ReadOnlySpan<byte> candidate)
    {
        using SymmetricKey key = new(candidate);
        if (!_manifest.TryCommitment(_header.Interval, out Hash256 commitment)) return false;
        if (key.Commitment() == commitment) return BlockSeal.Open(_header, _ciphertext, key, _cipher, out _) == BlockFault.None;
        using SymmetricKey leaf = KeyTree.IntervalKey(key, _header.Interval);
        if (leaf.Commitment() == commitment) return BlockSeal.Open(_header, _ciphertext, leaf, _cipher, out _) == BlockFault.None;
        return OpensFirstChunk(candidate) || Unwraps(candidate);
    }

    /// <summary>The key of the block itself.</summary>
    private bool OpensFirstChunk(ReadOnlySpan<byte> blockKey) => BlockSeal.OpensChunk(_header, _ciphertext, blockKey, _cipher);

    /// <summary>The key of the capsule: it opens the wrapped bundle of the sale.</summary>
    private bool Unwraps(ReadOnlySpan<byte> kemKey)
    {
        const int nonce = 12, tag = 16;
        KeyEnvelope e = _purchase.Terms.Envelope;
        if (e.WrappedKeys.Length < 1 + nonce + tag) return false;
        byte[] bound = [e.WrappedKeys[0], .. KeyEnvelope.Bound(_purchase.Terms.StreamId, e.FirstInterval, e.LastInterval, e.Label, e.Capsule)];
        byte[] opened = new byte[e.WrappedKeys.Length - 1 - nonce - tag];
        using AesGcm gcm = new(kemKey, tag);
        try
        {
            gcm.Decrypt(e.WrappedKeys.AsSpan(1, nonce), e.WrappedKeys.AsSpan(1 + nonce, opened.Length), e.WrappedKeys.AsSpan(^tag..), opened, bound);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        return KeyBundle.TryDecode(opened, out KeyBundle? keys) && Opens(keys);
    }
}
