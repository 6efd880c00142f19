using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>
/// Trie nodes by their hash. None is taken out again. Its tables hold no reference and its nodes lie together in arrays of many, so
/// millions of nodes are next to nothing for the garbage collector to look at. Any number read while some add.
/// </summary>
internal sealed class NodeTable
{
    // By the first nibble of the hash, so that two that add seldom meet and a table that grows is short.
    private const int Parts = 16;
    private const int PartShift = 60;

    private readonly NodeTablePart[] _parts = [.. Enumerable.Range(0, Parts).Select(static _ => new NodeTablePart())];

    public bool TryGet(in Hash256 hash, out ReadOnlyMemory<byte> node)
    {
        UInt256 word = hash.ToUInt256();
        return PartOf(word).TryGet(word, out node);
    }

    /// <summary>Takes a copy of the node; false where it was there.</summary>
    public bool TryAdd(in Hash256 hash, ReadOnlySpan<byte> node)
    {
        UInt256 word = hash.ToUInt256();
        return PartOf(word).TryAdd(word, node);
    }

    /// <summary>Adds all that is here now to another table.</summary>
    public void CopyTo(Action<Hash256, ReadOnlyMemory<byte>> add)
    {
        foreach (NodeTablePart part in _parts)
        {
            part.CopyTo(add);
        }
    }

    private NodeTablePart PartOf(in UInt256 word) => _parts[(int)(word.U3 >> PartShift)];
}
