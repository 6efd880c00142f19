using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Trie.Nodes;

/// <summary>
/// Gives changed nodes their RLP and their references, level by level from the deepest up: nodes of one level do not depend
/// on each other, so they are hashed eight at a time.
/// </summary>
internal sealed class TrieHashing
{
    private readonly List<List<TrieNode>> _levels = [];
    private readonly LevelHashing _hashing = new();

    /// <summary>Takes a dirty node; its level counts from the root, 0.</summary>
    public void Add(TrieNode node, int level)
    {
        while (_levels.Count <= level)
        {
            _levels.Add([]);
        }

        _levels[level].Add(node);
    }

    /// <summary>Works all of them out; every child of one must be here or have its reference.</summary>
    public void Run()
    {
        for (int level = _levels.Count - 1; level >= 0; level--)
        {
            Run(_levels[level]);
        }

        _levels.Clear();
    }

    /// <summary>Hash of a node that has its RLP.</summary>
    public static Hash256 HashOf(TrieNode node) =>
        node.IsInline ? Keccak256.Hash(node.Encoded) : Hash256.FromBytes(node.Reference.AsSpan(1));

    private void Run(List<TrieNode> nodes)
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            byte[] encoded = TrieNodeCodec.Encode(nodes[i]);
            nodes[i].Encoded = encoded;
            if (encoded.Length < Hash256.Length)
            {
                nodes[i].Reference = encoded;
            }
            else
            {
                _hashing.Add(i, encoded);
            }
        }

        _hashing.Run((i, hash) => nodes[i].Reference = TrieNodeCodec.ReferenceTo(nodes[i].Encoded!, hash));
    }
}
