using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>
/// Trie nodes by their hash, which is never wrong, whatever state asks. Bounded: when the younger half is full the older half
/// goes. Safe for many threads.
/// </summary>
internal sealed class NodeCache(long bytesMax)
{
    // Beside the node's own bytes: its slot and its share of the slots that are kept free.
    private const int EntryBytes = 80;

    private readonly Lock _changing = new();
    private volatile NodeTable _young = new();
    private volatile NodeTable _old = new();
    private long _youngBytes;

    public bool TryGet(in Hash256 hash, out ReadOnlyMemory<byte> node)
    {
        if (_young.TryGet(hash, out node))
        {
            return true;
        }

        bool found = _old.TryGet(hash, out node);
        if (found)
        {
            Add(hash, node);
        }

        return found;
    }

    public void Add(in Hash256 hash, ReadOnlyMemory<byte> node)
    {
        NodeTable young = _young;
        if (young.TryAdd(hash, node.Span)
            && Interlocked.Add(ref _youngBytes, node.Length + EntryBytes) > bytesMax / 2)
        {
            lock (_changing)
            {
                if (_young == young)
                {
                    _old = young;
                    _young = new();
                    Interlocked.Exchange(ref _youngBytes, 0);
                }
            }
        }
    }

    public void Add(TrieChanges changes)
    {
        foreach (TrieNodeChange change in changes.Nodes)
        {
            if (change.Node is { } node)
            {
                Add(change.Hash, node);
            }
        }
    }
}
