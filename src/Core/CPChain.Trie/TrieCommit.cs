using CPChain.Crypto;
using CPChain.Trie.Nodes;
using CPChain.Types;

namespace CPChain.Trie;

/// <summary>Turns a changed trie into its root and the stored nodes that came, changed or went, in path order.</summary>
internal sealed class TrieCommit(Hash256 owner)
{
    private readonly List<TrieNodeChange> _changes = [];
    private readonly HashSet<ReadOnlyMemory<byte>> _present = new(PathEquality.Instance);

    public (Hash256 Root, TrieChanges Changes) Run(TrieNode? root, List<byte[]> loaded)
    {
        Hash256 hash = Account.EmptyTrieRoot;
        if (root is UnresolvedNode untouched)
        {
            return (Hash256.FromBytes(untouched.Hash), TrieChanges.None);
        }

        if (root is not null)
        {
            hash = Walk(root, []);
        }

        foreach (byte[] path in loaded)
        {
            if (_present.Add(path))
            {
                _changes.Add(new TrieNodeChange(owner, path, null));
            }
        }

        _changes.Sort(static (a, b) => a.Path.Span.SequenceCompareTo(b.Path.Span));
        return (hash, new TrieChanges([.. _changes]));
    }

    /// <summary>Gives the node and all below it references; returns its hash where that was needed.</summary>
    private Hash256 Walk(TrieNode node, byte[] path)
    {
        bool wasDirty = node.IsDirty;
        switch (node)
        {
            case UnresolvedNode:
                return default;
            case ExtensionNode extension:
                Walk(extension.Child, [.. path, .. extension.Path]);
                break;
            case BranchNode branch:
                for (int i = 0; i < 16; i++)
                {
                    if (branch.Children[i] is { } child)
                    {
                        Walk(child, [.. path, (byte)i]);
                    }
                }

                break;
        }

        bool isRoot = path.Length == 0;
        if (!wasDirty)
        {
            if (isRoot || !node.IsInline)
            {
                _present.Add(path);
            }

            return isRoot ? Hash256.FromBytes(node.Reference.AsSpan(1)) : default;
        }

        byte[] encoded = TrieNodeCodec.Encode(node);
        node.Reference = TrieNodeCodec.ReferenceTo(encoded);
        if (isRoot || !node.IsInline)
        {
            _present.Add(path);
            _changes.Add(new TrieNodeChange(owner, path, encoded));
        }

        return !isRoot ? default : node.IsInline ? Keccak256.Hash(encoded) : Hash256.FromBytes(node.Reference.AsSpan(1));
    }

    private sealed class PathEquality : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static readonly PathEquality Instance = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> obj)
        {
            HashCode hash = default;
            hash.AddBytes(obj.Span);
            return hash.ToHashCode();
        }
    }
}
