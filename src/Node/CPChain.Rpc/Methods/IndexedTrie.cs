using System.Collections.Immutable;
using CPChain.Trie;
using CPChain.Trie.Proofs;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Rpc.Methods;

/// <summary>The trie from RLP(index) to value of one block's transactions or receipts, built anew for a proof.</summary>
internal static class IndexedTrie
{
    public static ImmutableArray<ReadOnlyMemory<byte>> Prove(IReadOnlyList<byte[]> values, int index)
    {
        (Hash256 root, TrieChanges changes) = MerkleTrie.Apply(
            EmptyNodeSource.Instance, TrieOwner.Accounts, Account.EmptyTrieRoot,
            values.Select((value, i) => new TrieUpdate(KeyOf(i), value)));
        return TrieProof.Of(new Nodes(changes), TrieOwner.Accounts, root, KeyOf(index));
    }

    private static byte[] KeyOf(int index)
    {
        RlpWriter writer = new(16);
        writer.WriteUlong((ulong)index);
        return writer.ToArray();
    }

    private sealed class Nodes(TrieChanges changes) : ITrieNodeSource
    {
        private readonly Dictionary<string, ReadOnlyMemory<byte>> _nodes = changes.Nodes
            .Where(n => n.Node is not null).ToDictionary(n => Convert.ToHexString(n.Path.Span), n => n.Node!.Value);

        public bool TryGetNode(
            in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node) =>
            _nodes.TryGetValue(Convert.ToHexString(path), out node);
    }
}
