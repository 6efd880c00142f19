using System.Diagnostics.CodeAnalysis;
using CPChain.Data.Encoding;

namespace CPChain.Data.Keys;

/// <summary>The key nodes that open a range of intervals of one epoch: what a sale hands over, wrapped (rule D3.3).</summary>
public sealed class KeyBundle : IDisposable
{
    private const byte Version = 1;
    private const int NodesMax = 2 * KeyTree.Depth;
    private readonly List<(KeyPlace Place, SymmetricKey Key)> _nodes;

    private KeyBundle(uint epoch, List<(KeyPlace Place, SymmetricKey Key)> nodes)
    {
        Epoch = epoch;
        _nodes = nodes;
    }

    /// <summary>Longest encoding, in bytes.</summary>
    public const int BytesMax = 6 + NodesMax * (5 + SymmetricKey.Length);

    /// <summary>The epoch whose intervals it opens.</summary>
    public uint Epoch { get; }

    /// <summary>Number of nodes.</summary>
    public int NodeCount => _nodes.Count;

    /// <summary>Cuts the nodes that open the intervals <paramref name="first"/> to <paramref name="last"/> and no other
    /// out of a seed.</summary>
    public static KeyBundle Cut(SymmetricKey epochSeed, ulong first, ulong last)
    {
        uint epoch = KeyTree.EpochOf(first);
        Types.Invariant.Check(epoch == KeyTree.EpochOf(last), "a bundle lies inside one epoch");
        IReadOnlyList<KeyPlace> cover = KeyTree.Cover((uint)(first % KeyTree.Intervals), (uint)(last % KeyTree.Intervals));
        return new KeyBundle(epoch, [.. cover.Select(p => (p, KeyTree.Derive(epochSeed, default, p)))]);
    }

    /// <summary>Cuts a narrower range out of these keys; null when they do not open all of it.</summary>
    public KeyBundle? Narrow(ulong first, ulong last)
    {
        if (first > last || KeyTree.EpochOf(first) != Epoch || KeyTree.EpochOf(last) != Epoch) return null;
        List<(KeyPlace Place, SymmetricKey Key)> nodes = [];
        foreach (KeyPlace place in KeyTree.Cover((uint)(first % KeyTree.Intervals), (uint)(last % KeyTree.Intervals)))
        {
            (KeyPlace Place, SymmetricKey Key) above = _nodes.Find(n => n.Place.First <= place.First && n.Place.Last >= place.Last);
            if (above.Key is null) return null;
            nodes.Add((place, KeyTree.Derive(above.Key, above.Place, place)));
        }
        return new KeyBundle(Epoch, nodes);
    }

    /// <summary>The key of one interval; false outside the range.</summary>
    public bool TryIntervalKey(ulong interval, [NotNullWhen(true)] out SymmetricKey? key)
    {
        key = null;
        if (KeyTree.EpochOf(interval) != Epoch) return false;
        uint inside = (uint)(interval % KeyTree.Intervals);
        foreach ((KeyPlace place, SymmetricKey node) in _nodes)
        {
            if (inside < place.First || inside > place.Last) continue;
            key = KeyTree.Derive(node, place, new KeyPlace(KeyTree.Depth, inside));
            return true;
        }
        return false;
    }

    /// <summary>The canonical bytes: a secret, to be wrapped and wiped by the caller.</summary>
    public byte[] Encode()
    {
        ByteSink sink = new(BytesMax);
        sink.U8(Version);
        sink.U32(Epoch);
        sink.U8((byte)_nodes.Count);
        foreach ((KeyPlace place, SymmetricKey key) in _nodes)
        {
            sink.U8(place.Depth);
            sink.U32(place.Index);
            sink.Bytes(key.Bytes);
        }
        byte[] bytes = sink.ToArray();
        sink.Wipe();
        return bytes;
    }

    /// <summary>Reads a bundle; false for anything that <see cref="Encode"/> does not write.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KeyBundle? bundle)
    {
        bundle = null;
        ByteSource source = new(bytes);
        if (source.U8() != Version) return false;
        uint epoch = source.U32();
        int count = source.U8();
        List<(KeyPlace Place, SymmetricKey Key)> nodes = [];
        for (int i = 0; i < count && i < NodesMax && !source.Failed; i++)
        {
            KeyPlace place = new(source.U8(), source.U32());
            ReadOnlySpan<byte> key = source.Bytes(SymmetricKey.Length);
            if (place.Depth > KeyTree.Depth || place.Index >> place.Depth != 0) source.Fail();
            if (!source.Failed) nodes.Add((place, new SymmetricKey(key)));
        }
        KeyBundle read = new(epoch, nodes);
        if (source.AtEnd && nodes.Count == count && count > 0) bundle = read;
        else read.Dispose();
        return bundle is not null;
    }

    /// <summary>Wipes every node.</summary>
    public void Dispose()
    {
        foreach ((_, SymmetricKey key) in _nodes) key.Dispose();
    }

    /// <summary>Says what it opens, never a key.</summary>
    public override string ToString() => $"{_nodes.Count} key nodes of epoch {Epoch}";
}
