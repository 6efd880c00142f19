using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Trie.Nodes;
using CPChain.Types;

namespace CPChain.Trie.Proofs;

/// <summary>What a proof shows about a key under a root.</summary>
public enum ProofVerdict
{
    /// <summary>The proof shows nothing: it is cut off, altered, too long or of another root or key.</summary>
    Invalid = 0,

    /// <summary>The key has the returned value.</summary>
    Present,

    /// <summary>The key has no value.</summary>
    Absent,
}

/// <summary>
/// Proofs that a key has a value, or none, under a root: the nodes on its way, from the root down, as EIP-1186 has them
/// (a node shorter than 32 bytes lies inside its parent). The key is used as it is; hash it first for a secure trie.
/// </summary>
public static class TrieProof
{
    /// <summary>More nodes than any proof of a 32-byte key has.</summary>
    public const int NodesMax = 65;

    /// <summary>Collects the proof of <paramref name="key"/>; empty for the empty trie.</summary>
    public static ImmutableArray<ReadOnlyMemory<byte>> Of(
        ITrieNodeSource source, in Hash256 owner, in Hash256 root, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(source);
        MerkleTrie trie = new(source, owner, root);
        byte[] path = Nibbles.Of(key);
        ImmutableArray<ReadOnlyMemory<byte>>.Builder nodes = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        TrieNode? node = trie.ResolveRoot();
        int depth = 0;
        while (node is not null)
        {
            if (depth == 0 || !node.IsInline)
            {
                nodes.Add(TrieNodeCodec.Encode(node));
            }

            node = Step(node, path, ref depth, out _);
            node = trie.Resolve(ref node, path.AsSpan(0, depth));
        }

        return nodes.ToImmutable();
    }

    /// <summary>Checks a proof from anywhere; never throws.</summary>
    public static ProofVerdict Verify(
        in Hash256 root, ReadOnlySpan<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> proof, out ReadOnlyMemory<byte> value)
    {
        ArgumentNullException.ThrowIfNull(proof);
        value = default;
        if (proof.Count == 0 || key.Length > Nibbles.KeyBytesMax || proof.Count > NodesMax)
        {
            return proof.Count == 0 && root == Account.EmptyTrieRoot ? ProofVerdict.Absent : ProofVerdict.Invalid;
        }

        byte[] path = Nibbles.Of(key);
        int used = 0;
        int depth = 0;
        TrieNode? node = new UnresolvedNode { Reference = [0x80 + Hash256.Length, .. root.ToArray()] };
        byte[]? found = null;
        while (node is not null)
        {
            if (node is UnresolvedNode named)
            {
                if (used == proof.Count || !TryOpen(proof[used++], named.Hash, out node))
                {
                    return ProofVerdict.Invalid;
                }
            }

            node = Step(node!, path, ref depth, out found);
        }

        if (used != proof.Count)
        {
            return ProofVerdict.Invalid;
        }

        value = found;
        return found is null ? ProofVerdict.Absent : ProofVerdict.Present;
    }

    private static bool TryOpen(ReadOnlyMemory<byte> encoded, ReadOnlySpan<byte> hash, out TrieNode? node)
    {
        node = null;
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Keccak256.Hash(encoded.Span, digest);
        return digest.SequenceEqual(hash) && TrieNodeCodec.TryDecode(encoded, out node);
    }

    /// <summary>The next node on the way; null where it ends, with the value that lies there.</summary>
    private static TrieNode? Step(TrieNode node, ReadOnlySpan<byte> key, ref int depth, out byte[]? value)
    {
        value = null;
        ReadOnlySpan<byte> rest = key[depth..];
        switch (node)
        {
            case LeafNode leaf:
                value = rest.SequenceEqual(leaf.Path) ? leaf.Value : null;
                return null;
            case ExtensionNode extension when rest.StartsWith(extension.Path):
                depth += extension.Path.Length;
                return extension.Child;
            case BranchNode branch when rest.IsEmpty:
                value = branch.Value;
                return null;
            case BranchNode branch:
                depth++;
                return branch[rest[0]];
            default:
                return null;
        }
    }
}
