using CPChain.Crypto;
using CPChain.Trie.Batches;
using CPChain.Trie.Nodes;
using CPChain.Types;

namespace CPChain.Trie;

/// <summary>
/// A Merkle Patricia trie over a node source: reads, changes in memory, and the nodes to write (Yellow Paper, appendix D).
/// A node that the source should hold but does not, or that does not decode, is a broken invariant. Not thread-safe.
/// </summary>
public sealed class MerkleTrie
{
    // Fewer share too little of their way.
    private const int ManyUpdates = 32;

    private readonly ITrieNodeSource _source;
    private readonly Hash256 _owner;
    private readonly List<byte[]> _loaded = [];
    private TrieNode? _root;

    /// <summary>Opens the trie of <paramref name="owner"/> with the given root.</summary>
    public MerkleTrie(ITrieNodeSource source, in Hash256 owner, in Hash256 root)
    {
        _source = source;
        _owner = owner;
        if (root != Account.EmptyTrieRoot)
        {
            _root = new UnresolvedNode { Reference = [0x80 + Hash256.Length, .. root.ToArray()] };
        }
    }

    /// <summary>Reads the value under <paramref name="key"/>.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        byte[] path = Nibbles.Of(key);
        value = default;
        byte[]? found = Find(ref _root, path, 0);
        value = found;
        return found is not null;
    }

    /// <summary>Sets or, with null or an empty value, removes one entry.</summary>
    public void Update(in TrieUpdate update)
    {
        Invariant.Check(update.Key.Length <= Nibbles.KeyBytesMax, "a trie key is too long");
        byte[] path = Nibbles.Of(update.Key.Span);
        if (update.Value is { IsEmpty: false } value)
        {
            Insert(ref _root, path, 0, value.ToArray());
        }
        else
        {
            Remove(ref _root, path, 0);
        }
    }

    /// <summary>The root over all changes so far, and what to write for them. The trie must not be used afterwards.</summary>
    public (Hash256 Root, TrieChanges Changes) Commit()
    {
        TrieCommit commit = new(_owner);
        return commit.Run(_root, _loaded);
    }

    /// <summary>
    /// Applies updates to the trie with the given root: the new root and the nodes to write. Who knows what the entries were before saves the
    /// reading of many leaves.
    /// </summary>
    public static (Hash256 Root, TrieChanges Changes) Apply(
        ITrieNodeSource source, in Hash256 owner, in Hash256 root, IEnumerable<TrieUpdate> updates, FormerValue? former = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        TrieUpdate[] all = updates as TrieUpdate[] ?? [.. updates];
        if (all.Length >= ManyUpdates && TrieBatch.TryApply(source, owner, root, all, former, out (Hash256, TrieChanges) result))
        {
            return result;
        }

        MerkleTrie trie = new(source, owner, root);

        // By key, so that neighbours share what they load; the sort keeps the order of equal keys, of which the last counts.
        foreach (TrieUpdate update in all.OrderBy(static u => u.Key, Nibbles.KeyOrder))
        {
            trie.Update(update);
        }

        return trie.Commit();
    }

    /// <summary>The deletions that remove every node of a trie.</summary>
    public static TrieChanges Clear(ITrieNodeSource source, in Hash256 owner, in Hash256 root)
    {
        MerkleTrie trie = new(source, owner, root);
        trie.LoadAll(ref trie._root, []);
        return new TrieCommit(owner).Run(null, trie._loaded).Changes;
    }

    internal TrieNode? ResolveRoot() => Resolve(ref _root, []);

    internal TrieNode? Resolve(ref TrieNode? node, ReadOnlySpan<byte> path)
    {
        if (node is not UnresolvedNode unresolved)
        {
            return node;
        }

        bool found = _source.TryGetNode(_owner, path, Hash256.FromBytes(unresolved.Hash), out ReadOnlyMemory<byte> encoded);
        if (!found)
        {
            Invariant.Check(false, $"trie {_owner}: the node at path {Convert.ToHexStringLower(path)} is missing");
        }

        if (path.IsEmpty)
        {
            // One hash a trie shows that the source holds the state that the caller means.
            bool same = Keccak256.Hash(encoded.Span).ToArray().AsSpan().SequenceEqual(unresolved.Hash);
            Invariant.Check(same, $"trie {_owner}: the stored root is not the expected one");
        }

        bool decoded = TrieNodeCodec.TryDecode(encoded, out TrieNode? loaded);
        if (!decoded)
        {
            Invariant.Check(false, $"trie {_owner}: the node at path {Convert.ToHexStringLower(path)} is damaged");
        }

        loaded!.Reference = unresolved.Reference;
        _loaded.Add(path.ToArray());
        node = loaded;
        return node;
    }

    private void LoadAll(ref TrieNode? node, ReadOnlySpan<byte> path)
    {
        switch (Resolve(ref node, path))
        {
            case ExtensionNode extension:
                TrieNode? below = extension.Child;
                LoadAll(ref below, [.. path, .. extension.Path]);
                break;
            case BranchNode branch:
                for (int i = 0; i < 16; i++)
                {
                    LoadAll(ref branch[i], [.. path, (byte)i]);
                }

                break;
        }
    }

    private byte[]? Find(ref TrieNode? node, ReadOnlySpan<byte> key, int depth)
    {
        switch (Resolve(ref node, key[..depth]))
        {
            case LeafNode leaf:
                return key[depth..].SequenceEqual(leaf.Path) ? leaf.Value : null;
            case ExtensionNode extension when key[depth..].StartsWith(extension.Path):
                TrieNode? child = extension.Child;
                byte[]? found = Find(ref child, key, depth + extension.Path.Length);
                extension.Child = child!;
                return found;
            case BranchNode branch:
                return depth == key.Length ? branch.Value : Find(ref branch[key[depth]], key, depth + 1);
            default:
                return null;
        }
    }

    private bool Insert(ref TrieNode? node, ReadOnlySpan<byte> key, int depth, byte[] value)
    {
        switch (Resolve(ref node, key[..depth]))
        {
            case null:
                node = new LeafNode(key[depth..].ToArray(), value);
                return true;
            case LeafNode leaf:
                return InsertAtLeaf(ref node, leaf, key[depth..], value);
            case ExtensionNode extension:
                return InsertAtExtension(ref node, extension, key, depth, value);
            case BranchNode branch:
                bool changed = depth == key.Length
                    ? TrySetValue(branch, value)
                    : Insert(ref branch[key[depth]], key, depth + 1, value);
                if (changed)
                {
                    branch.Reference = null;
                }

                return changed;
            default:
                return false;
        }
    }

    private static bool TrySetValue(BranchNode branch, byte[] value)
    {
        if (branch.Value is { } old && old.AsSpan().SequenceEqual(value))
        {
            return false;
        }

        branch.Value = value;
        return true;
    }

    private static bool InsertAtLeaf(ref TrieNode? node, LeafNode leaf, ReadOnlySpan<byte> rest, byte[] value)
    {
        int common = Nibbles.CommonPrefix(rest, leaf.Path);
        if (common == rest.Length && common == leaf.Path.Length)
        {
            if (leaf.Value.AsSpan().SequenceEqual(value))
            {
                return false;
            }

            leaf.Value = value;
            leaf.Reference = null;
            return true;
        }

        BranchNode branch = new();
        Place(branch, leaf.Path.AsSpan(common), leaf.Value);
        Place(branch, rest[common..], value);
        node = common == 0 ? branch : new ExtensionNode(rest[..common].ToArray(), branch);
        return true;
    }

    private static void Place(BranchNode branch, ReadOnlySpan<byte> rest, byte[] value)
    {
        if (rest.IsEmpty)
        {
            branch.Value = value;
        }
        else
        {
            branch[rest[0]] = new LeafNode(rest[1..].ToArray(), value);
        }
    }

    private bool InsertAtExtension(
        ref TrieNode? node, ExtensionNode extension, ReadOnlySpan<byte> key, int depth, byte[] value)
    {
        byte[] path = extension.Path;
        int common = Nibbles.CommonPrefix(key[depth..], path);
        if (common == path.Length)
        {
            TrieNode? child = extension.Child;
            bool changed = Insert(ref child, key, depth + common, value);
            extension.Child = child!;
            if (changed)
            {
                extension.Reference = null;
            }

            return changed;
        }

        BranchNode branch = new();
        branch[path[common]] = common + 1 == path.Length
            ? extension.Child
            : new ExtensionNode(path[(common + 1)..], extension.Child);
        Place(branch, key[(depth + common)..], value);
        node = common == 0 ? branch : new ExtensionNode(path[..common], branch);
        return true;
    }

    private bool Remove(ref TrieNode? node, ReadOnlySpan<byte> key, int depth)
    {
        switch (Resolve(ref node, key[..depth]))
        {
            case LeafNode leaf when key[depth..].SequenceEqual(leaf.Path):
                node = null;
                return true;
            case ExtensionNode extension when key[depth..].StartsWith(extension.Path):
                TrieNode? child = extension.Child;
                bool changed = Remove(ref child, key, depth + extension.Path.Length);
                extension.Child = child!;
                if (changed)
                {
                    node = Join(extension.Path, child!);
                }

                return changed;
            case BranchNode branch:
                return RemoveFromBranch(ref node, branch, key, depth);
            default:
                return false;
        }
    }

    private bool RemoveFromBranch(ref TrieNode? node, BranchNode branch, ReadOnlySpan<byte> key, int depth)
    {
        if (depth == key.Length)
        {
            if (branch.Value is null)
            {
                return false;
            }

            branch.Value = null;
        }
        else if (!Remove(ref branch[key[depth]], key, depth + 1))
        {
            return false;
        }

        branch.Reference = null;
        int taken = branch.Count;
        if (taken == 0)
        {
            node = new LeafNode([], branch.Value!);
        }
        else if (taken == 1 && branch.Value is null)
        {
            int only = Enumerable.Range(0, BranchNode.Width).First(branch.Has);
            TrieNode? child = Resolve(ref branch[only], [.. key[..depth], (byte)only]);
            node = Join([(byte)only], child!);
        }

        return true;
    }

    /// <summary>One node for a shared path and what lies below it.</summary>
    private static TrieNode Join(byte[] path, TrieNode below) => below switch
    {
        LeafNode leaf => new LeafNode([.. path, .. leaf.Path], leaf.Value),
        ExtensionNode extension => new ExtensionNode([.. path, .. extension.Path], extension.Child),
        _ => new ExtensionNode(path, below),
    };
}
