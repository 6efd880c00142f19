using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CPChain.Crypto;
using CPChain.Trie.Nodes;
using CPChain.Types;

namespace CPChain.Trie.Batches;

/// <summary>
/// Many updates of one trie at once, for the usual case: keys of 32 bytes, nothing removed, no node so short that it lies inside its
/// parent. Gives what <see cref="MerkleTrie"/> gives, at a fraction of its time and memory; where the case is another it has done
/// nothing, and that one is asked.
/// </summary>
internal static class TrieBatch
{
    // Fewer are done before others have begun to help.
    private const int ManyUpdates = 512;

    public static bool TryApply(
        ITrieNodeSource source, in Hash256 owner, in Hash256 root, TrieUpdate[] updates, FormerValue? former,
        out (Hash256 Root, TrieChanges Changes) result)
    {
        result = default;
        if (!SortedUpdates.TryMake(updates, former, out SortedUpdates? sorted))
        {
            return false;
        }

        using (sorted)
        {
            ReadOnlyMemory<byte> node = default;
            bool isEmpty = root == Account.EmptyTrieRoot;

            // One hash a trie shows that the source holds the state that the caller means.
            if (!isEmpty && (!source.TryGetNode(owner, [], root, out node) || Keccak256.Hash(node.Span) != root))
            {
                return false;
            }

            return sorted!.Count >= ManyUpdates && StoredForm.TryFind(node.Span, out StoredForm form) && form.IsBranch
                ? TryInParts(source, owner, new Root(root, node, form.Start, form.Children), sorted, out result)
                : TryWhole(source, owner, isEmpty ? Hash256.Zero : root, sorted, out result);
        }
    }

    private static bool TryWhole(
        ITrieNodeSource source, in Hash256 owner, in Hash256 root, SortedUpdates updates, out (Hash256 Root, TrieChanges Changes) result)
    {
        result = default;
        using BatchPart whole = new(source, owner, updates);
        if (!whole.TryRun(0, root, 0, updates.Count))
        {
            return false;
        }

        TrieNodeChange[] changes = new TrieNodeChange[whole.Changed];
        whole.CopyTo(changes);
        result = (whole.Hash, new TrieChanges(ImmutableCollectionsMarshal.AsImmutableArray(changes)));
        return true;
    }

    /// <summary>Each child of the root for itself, some at once where the source has workers for it.</summary>
    private static bool TryInParts(
        ITrieNodeSource source, in Hash256 owner, in Root root, SortedUpdates updates, out (Hash256 Root, TrieChanges Changes) result)
    {
        result = default;
        Root before = root;
        BatchPart[] parts = new BatchPart[BranchNode.Width];
        bool[] fits = new bool[BranchNode.Width];
        int[] ends = Ends(updates);
        for (int i = 0; i < BranchNode.Width; i++)
        {
            parts[i] = new BatchPart(source, owner, updates);
        }

        source.Workers.Run(BranchNode.Width, i =>
            fits[i] = ends[i] == ends[i + 1] || parts[i].TryRun(1, before.Child(i), ends[i], ends[i + 1]));
        bool all = fits.AsSpan().IndexOf(false) < 0;
        if (all)
        {
            result = Join(owner, before, parts);
        }

        foreach (BatchPart part in parts)
        {
            part.Dispose();
        }

        return all;
    }

    private static int[] Ends(SortedUpdates updates)
    {
        int[] ends = new int[BranchNode.Width + 1];
        for (int i = 0; i < BranchNode.Width; i++)
        {
            ends[i + 1] = ends[i];
            while (ends[i + 1] < updates.Count && updates.Nibble(ends[i + 1], 0) == i)
            {
                ends[i + 1]++;
            }
        }

        return ends;
    }

    private static (Hash256 Root, TrieChanges Changes) Join(in Hash256 owner, in Root before, BatchPart[] parts)
    {
        int many = parts.Sum(static part => part.Changed);
        if (many == 0)
        {
            return (before.Hash, TrieChanges.None);
        }

        BatchPlace root = new() { Kind = PlaceKind.Branch, Old = before.Node, Former = before.Children };
        List<BatchPlace> below = [];
        for (int i = 0; i < BranchNode.Width; i++)
        {
            if (parts[i].Changed > 0)
            {
                root.Reached |= 1 << i;
                below.Add(new BatchPlace { Hash = parts[i].Hash });
            }
        }

        ReadOnlyMemory<byte> node = PlaceEncoding.Branch(root, CollectionsMarshal.AsSpan(below), new ByteChunks(0));
        Hash256 hash = Keccak256.Hash(node.Span);
        TrieNodeChange[] changes = new TrieNodeChange[1 + many];
        changes[0] = new TrieNodeChange(owner, ReadOnlyMemory<byte>.Empty, node, hash);
        int at = 1;
        foreach (BatchPart part in parts)
        {
            part.CopyTo(changes.AsSpan(at));
            at += part.Changed;
        }

        return (hash, new TrieChanges(ImmutableCollectionsMarshal.AsImmutableArray(changes)));
    }

    private readonly record struct Root(Hash256 Hash, ReadOnlyMemory<byte> Node, int Start, int Children)
    {
        public Hash256 Child(int nibble) => StoredForm.ChildOf(Node.Span, Start, Children, nibble);
    }
}
