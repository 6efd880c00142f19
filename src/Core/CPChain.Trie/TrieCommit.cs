using CPChain.Trie.Nodes;
using CPChain.Types;

namespace CPChain.Trie;

/// <summary>Turns a changed trie into its root and the stored nodes that came, changed or went, in path order.</summary>
internal sealed class TrieCommit(Hash256 owner)
{
    // A node of a key's path at each depth, and one for what lies at its end.
    private readonly byte[] _path = new byte[(2 * Nibbles.KeyBytesMax) + 1];
    private readonly List<(byte[] Path, TrieNode Node, bool IsChanged)> _seen = [];
    private readonly TrieHashing _hashing = new();

    public (Hash256 Root, TrieChanges Changes) Run(TrieNode? root, List<byte[]> loaded)
    {
        if (root is UnresolvedNode untouched)
        {
            return (Hash256.FromBytes(untouched.Hash), TrieChanges.None);
        }

        if (root is not null)
        {
            Walk(root, 0, 0);
        }

        _hashing.Run();
        Hash256 hash = root is null ? Account.EmptyTrieRoot
            : root.Encoded is null ? Hash256.FromBytes(root.Reference.AsSpan(1))
            : TrieHashing.HashOf(root);
        return (hash, new TrieChanges([.. Changes(loaded)]));
    }

    /// <summary>Lists the nodes in memory, parents first and by rising nibble, which is the order of paths.</summary>
    private void Walk(TrieNode node, int depth, int level)
    {
        if (node is UnresolvedNode)
        {
            return;
        }

        _seen.Add((_path[..depth], node, node.IsDirty));
        if (node.IsDirty)
        {
            _hashing.Add(node, level);
        }

        switch (node)
        {
            case ExtensionNode extension:
                extension.Path.CopyTo(_path, depth);
                Walk(extension.Child, depth + extension.Path.Length, level + 1);
                break;
            case BranchNode branch:
                for (int i = 0; i < BranchNode.Width; i++)
                {
                    if (branch.Opened(i) is { } child)
                    {
                        _path[depth] = (byte)i;
                        Walk(child, depth + 1, level + 1);
                    }
                }

                break;
        }
    }

    /// <summary>Changed nodes that are stored, and places of loaded nodes where none is stored any more.</summary>
    private IEnumerable<TrieNodeChange> Changes(List<byte[]> loaded)
    {
        // Sorted updates load in path order; only what joins after a removal comes out of turn.
        loaded.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        int next = 0;
        foreach ((byte[] path, TrieNode node, bool isChanged) in _seen)
        {
            if (path.Length > 0 && node.IsInline)
            {
                continue;
            }

            for (; next < loaded.Count && loaded[next].AsSpan().SequenceCompareTo(path) < 0; next++)
            {
                yield return new TrieNodeChange(owner, loaded[next], null);
            }

            while (next < loaded.Count && loaded[next].AsSpan().SequenceEqual(path))
            {
                next++;
            }

            if (isChanged)
            {
                yield return new TrieNodeChange(owner, path, node.Encoded, TrieHashing.HashOf(node));
            }
        }

        for (; next < loaded.Count; next++)
        {
            yield return new TrieNodeChange(owner, loaded[next], null);
        }
    }
}
