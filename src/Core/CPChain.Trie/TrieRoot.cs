using CPChain.Crypto;
using CPChain.Trie.Batches;
using CPChain.Trie.Nodes;
using CPChain.Types;

namespace CPChain.Trie;

/// <summary>Roots of tries that are given whole: nothing is read and nothing is kept.</summary>
public static class TrieRoot
{
    /// <summary>Root of the trie from RLP(index) to value: transactions and receipts of a block. No value may be empty.</summary>
    public static Hash256 OfIndexed(ReadOnlySpan<ReadOnlyMemory<byte>> values) =>
        values.IsEmpty ? Account.EmptyTrieRoot : IndexedRoot.Of(values);

    /// <summary>Root of the trie with these keys, as they are; the last of equal keys counts; empty values are left out.</summary>
    public static Hash256 OfEntries(IEnumerable<KeyValuePair<byte[], byte[]>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return OfPaths([.. entries.Select(static e => new KeyValuePair<byte[], byte[]>(Nibbles.Of(e.Key), e.Value))]);
    }

    /// <summary>The same with hashed keys, as accounts and storage have them.</summary>
    public static Hash256 OfSecureEntries(IEnumerable<KeyValuePair<byte[], byte[]>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return OfEntries(entries.Select(static e => new KeyValuePair<byte[], byte[]>(Keccak256.Hash(e.Key).ToArray(), e.Value)));
    }

    private static Hash256 OfPaths(List<KeyValuePair<byte[], byte[]>> entries)
    {
        List<KeyValuePair<byte[], byte[]>> sorted = Unique(entries);
        if (sorted.Count == 0)
        {
            return Account.EmptyTrieRoot;
        }

        return Keccak256.Hash(TrieNodeCodec.Encode(Build(sorted, 0, sorted.Count, 0)));
    }

    private static List<KeyValuePair<byte[], byte[]>> Unique(List<KeyValuePair<byte[], byte[]>> entries)
    {
        // OrderBy keeps the given order of equal keys.
        List<KeyValuePair<byte[], byte[]>> sorted =
            [.. entries.OrderBy(static e => e.Key, Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)))];
        List<KeyValuePair<byte[], byte[]>> unique = new(sorted.Count);
        for (int i = 0; i < sorted.Count; i++)
        {
            bool isLast = i + 1 == sorted.Count || !sorted[i].Key.AsSpan().SequenceEqual(sorted[i + 1].Key);
            if (isLast && sorted[i].Value.Length > 0)
            {
                unique.Add(sorted[i]);
            }
        }

        return unique;
    }

    private static TrieNode Build(
        List<KeyValuePair<byte[], byte[]>> entries, int from, int to, int depth)
    {
        ReadOnlySpan<byte> first = entries[from].Key.AsSpan(depth);
        if (to - from == 1)
        {
            return new LeafNode(first.ToArray(), entries[from].Value);
        }

        int common = Nibbles.CommonPrefix(first, entries[to - 1].Key.AsSpan(depth));
        if (common > 0)
        {
            return new ExtensionNode(first[..common].ToArray(), Refer(BuildBranch(entries, from, to, depth + common)));
        }

        return BuildBranch(entries, from, to, depth);
    }

    private static BranchNode BuildBranch(
        List<KeyValuePair<byte[], byte[]>> entries, int from, int to, int depth)
    {
        BranchNode branch = new();
        if (entries[from].Key.Length == depth)
        {
            branch.Value = entries[from++].Value;
        }

        while (from < to)
        {
            byte nibble = entries[from].Key[depth];
            int end = from + 1;
            while (end < to && entries[end].Key[depth] == nibble)
            {
                end++;
            }

            branch[nibble] = Refer(Build(entries, from, end, depth + 1));
            from = end;
        }

        return branch;
    }

    // Only the reference is kept, so memory stays at one path, not the whole trie.
    private static UnresolvedNode Refer(TrieNode node)
    {
        byte[] encoded = TrieNodeCodec.Encode(node);
        return new()
        {
            Reference = TrieNodeCodec.ReferenceTo(encoded, encoded.Length < Hash256.Length ? default : Keccak256.Hash(encoded)),
        };
    }
}
