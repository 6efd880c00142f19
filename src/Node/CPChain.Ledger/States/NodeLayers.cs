using System.Collections.Immutable;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>
/// Nodes that came since the rows were written last, by hash; none is taken out again, so every state that was opened meanwhile
/// finds its own. While they are being written newer ones gather in a layer above. Immutable but for the layer that grows.
/// </summary>
internal sealed record NodeLayers(NodeTable Growing, NodeTable? InWriting)
{
    public static NodeLayers Empty => new(new(), null);

    public bool TryGet(in Hash256 hash, out ReadOnlyMemory<byte> node) =>
        Growing.TryGet(hash, out node) || (InWriting is { } older && older.TryGet(hash, out node));
}

/// <summary>
/// The trie nodes of the head that are in memory alone, and their way to the disk (specs/storage L10). The rows hold the trie of
/// one block, <see cref="Written"/>; what later blocks changed is kept here and written now and then, each place once.
/// One thread adds and takes, another may write, any number read.
/// </summary>
internal sealed class UnwrittenNodes(ulong written, NodeCache cache)
{
    private readonly Lock _lock = new();
    private List<TrieChanges> _changes = [];
    private volatile NodeLayers _layers = NodeLayers.Empty;
    private ulong _last = written;
    private ulong _written = written;

    /// <summary>What a state that is opened now needs beside its snapshot; unchanged before and after it was taken, they fit together.</summary>
    public NodeLayers Layers => _layers;

    /// <summary>The block whose trie the rows hold.</summary>
    public ulong Written
    {
        get
        {
            lock (_lock)
            {
                return _written;
            }
        }
    }

    /// <summary>Bytes that were added and not handed out to be written.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes the nodes of a block, before the block can be seen. Not while <see cref="Take"/> runs.</summary>
    public void Add(ulong number, TrieChanges changes)
    {
        NodeTable growing = _layers.Growing;
        foreach (ImmutableArray<TrieNodeChange> part in changes.Parts)
        {
            foreach (ref readonly TrieNodeChange change in part.AsSpan())
            {
                if (change.Node is { } node)
                {
                    growing.TryAdd(change.Hash, node.Span);
                    Bytes += node.Length;
                }
            }
        }

        _changes.Add(changes);
        _last = number;
    }

    /// <summary>Hands out all that is to be written, and the block whose trie the rows then hold; that block must be durable.</summary>
    public (List<TrieChanges> Changes, ulong Number) Take()
    {
        (List<TrieChanges> Changes, ulong Number) taken = (_changes, _last);
        _changes = [];
        Bytes = 0;
        lock (_lock)
        {
            _layers = new NodeLayers(new(), _layers.Growing);
        }

        return taken;
    }

    /// <summary>What was handed out last is on the disk.</summary>
    public void Done(ulong number)
    {
        _layers.InWriting?.CopyTo((hash, node) => cache.Add(hash, node));

        lock (_lock)
        {
            _layers = _layers with { InWriting = null };
            _written = number;
        }
    }
}
