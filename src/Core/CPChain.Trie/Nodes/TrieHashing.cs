using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Trie.Nodes;

/// <summary>
/// Gives changed nodes their RLP and their references, level by level from the deepest up: nodes of one level do not depend
/// on each other, so they are hashed eight at a time.
/// </summary>
internal sealed class TrieHashing
{
    // By the Keccak blocks that they take, the last class for all longer ones: lanes of like length finish together.
    private const int LengthClasses = 6;
    private const int RateBytes = 136;

    private readonly List<List<TrieNode>> _levels = [];
    private readonly List<TrieNode>[] _classes = [.. Enumerable.Range(0, LengthClasses).Select(static _ => new List<TrieNode>())];
    private ReadOnlyMemory<byte>[] _inputs = [];
    private Hash256[] _digests = [];

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

    /// <summary>Gives one tree of new nodes its references; returns the hash of its root.</summary>
    public static Hash256 RootOf(TrieNode root)
    {
        TrieHashing hashing = new();
        hashing.AddTree(root, 0);
        hashing.Run();
        return HashOf(root);
    }

    /// <summary>Hash of a node that has its RLP.</summary>
    public static Hash256 HashOf(TrieNode node) =>
        node.IsInline ? Keccak256.Hash(node.Encoded) : Hash256.FromBytes(node.Reference.AsSpan(1));

    private void AddTree(TrieNode node, int level)
    {
        if (!node.IsDirty)
        {
            return;
        }

        Add(node, level);
        switch (node)
        {
            case ExtensionNode extension:
                AddTree(extension.Child, level + 1);
                break;
            case BranchNode branch:
                for (int i = 0; i < BranchNode.Width; i++)
                {
                    if (branch.Opened(i) is { } child)
                    {
                        AddTree(child, level + 1);
                    }
                }

                break;
        }
    }

    private void Run(List<TrieNode> nodes)
    {
        foreach (TrieNode node in nodes)
        {
            byte[] encoded = TrieNodeCodec.Encode(node);
            node.Encoded = encoded;
            if (encoded.Length < Hash256.Length)
            {
                node.Reference = encoded;
            }
            else
            {
                _classes[Math.Min(encoded.Length / RateBytes, LengthClasses - 1)].Add(node);
            }
        }

        foreach (List<TrieNode> alike in _classes)
        {
            Hash(alike);
            alike.Clear();
        }
    }

    private void Hash(List<TrieNode> nodes)
    {
        if (_inputs.Length < nodes.Count)
        {
            _inputs = new ReadOnlyMemory<byte>[nodes.Count];
            _digests = new Hash256[nodes.Count];
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            _inputs[i] = nodes[i].Encoded;
        }

        KeccakBatch.Hash(_inputs.AsSpan(0, nodes.Count), _digests);
        for (int i = 0; i < nodes.Count; i++)
        {
            nodes[i].Reference = TrieNodeCodec.ReferenceTo(nodes[i].Encoded!, _digests[i]);
        }
    }
}
