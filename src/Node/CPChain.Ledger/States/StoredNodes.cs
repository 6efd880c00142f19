using CPChain.Crypto;
using CPChain.Ledger.Rows;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>
/// The nodes of a head: those not yet written, those in the cache, those in the rows. Rows lie by path and may be older than the
/// head, but only where a newer node is among the unwritten ones, so what is asked for by hash is found or damaged.
/// </summary>
internal sealed class StoredNodes(IKeyValueReader rows, NodeLayers layers, NodeCache cache, IWorkers workers) : ITrieNodeSource
{
    /// <inheritdoc/>
    public IWorkers Workers => workers;

    /// <inheritdoc/>
    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node)
    {
        if (TryGetNodeAtHand(owner, path, hash, out node))
        {
            return true;
        }

        if (!rows.TryGet(LedgerKeys.OfNode(owner, path), out byte[] bytes) || Keccak256.Hash(bytes) != hash)
        {
            return false;
        }

        node = bytes;
        cache.Add(hash, node);
        return true;
    }

    /// <inheritdoc/>
    public bool TryGetNodeAtHand(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node) =>
        layers.TryGet(hash, out node) || cache.TryGet(hash, out node);
}

/// <summary>The nodes of an older block in an archive: what a row was before the first later block that changed it, else the row.</summary>
internal sealed class ArchivedNodes(IKeyValueReader rows, ulong number, NodeCache cache) : ITrieNodeSource
{
    /// <inheritdoc/>
    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node)
    {
        if (cache.TryGet(hash, out node))
        {
            return true;
        }

        byte[] key = LedgerKeys.OfNode(owner, path);
        byte[]? bytes = null;
        foreach (StoreEntry older in rows.Scan(LedgerKeys.NodeHistoryOf(key), LedgerKeys.OfNodeHistory(key, number + 1)))
        {
            bytes = older.Value;
            break;
        }

        if (bytes is null && !rows.TryGet(key, out bytes))
        {
            return false;
        }

        node = bytes;
        return Keccak256.Hash(bytes) == hash;
    }
}

/// <summary>The nodes of one state over those of another from which it was worked out.</summary>
internal sealed class RebuiltNodes : ITrieNodeSource
{
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _own = [];
    private readonly ITrieNodeSource _base;

    public RebuiltNodes(ITrieNodeSource @base, TrieChanges changes)
    {
        _base = @base;
        foreach (TrieNodeChange change in changes.Nodes)
        {
            if (change.Node is { } node)
            {
                _own[change.Hash] = node;
            }
        }
    }

    /// <inheritdoc/>
    public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node) =>
        _own.TryGetValue(hash, out node) || _base.TryGetNode(owner, path, hash, out node);
}
