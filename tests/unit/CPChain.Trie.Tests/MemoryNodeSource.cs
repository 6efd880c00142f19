using CPChain.Types;

namespace CPChain.Trie.Tests;

/// <summary>Nodes by owner and path in a dictionary.</summary>
internal sealed class MemoryNodeSource : ITrieNodeSource
{
    private readonly Dictionary<(Hash256, string), byte[]> _nodes = [];

    public IWorkers Workers { get; init; } = InTurn.Instance;

    public int Count => _nodes.Count;

    public IEnumerable<string> Places => _nodes.Keys.Select(k => $"{k.Item1}{k.Item2}").Order();

    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node)
    {
        bool found = _nodes.TryGetValue((owner, Convert.ToHexString(path)), out byte[]? bytes);
        node = bytes;
        return found;
    }

    public void Write(TrieChanges changes)
    {
        foreach (TrieNodeChange change in changes.Nodes)
        {
            (Hash256, string) place = (change.Owner, Convert.ToHexString(change.Path.Span));
            if (change.Node is { } node)
            {
                _nodes[place] = node.ToArray();
            }
            else
            {
                Assert.True(_nodes.Remove(place), "a node was deleted that was not stored");
            }
        }
    }
}
