using System.Buffers;
using CPChain.Crypto;
using CPChain.Trie.Nodes;
using CPChain.Types;

namespace CPChain.Trie.Batches;

/// <summary>
/// One tree of places under an update: down level by level, opening what was there, then up again, each level encoded and hashed
/// together, since its nodes do not depend on each other. Nothing is made for a node but its RLP.
/// </summary>
internal sealed class BatchPart(ITrieNodeSource source, Hash256 owner, SortedUpdates updates) : IDisposable
{
    private const int ChunkBytes = 32 << 10;
    private const int PathChunkBytes = 8 << 10;
    private const int PlacesAtFirst = 256;
    private const int FormerValueBytesMax = Account.EncodedBytesMax;

    private readonly List<int> _levels = [0];
    private readonly LevelHashing _hashing = new();
    private readonly ByteChunks _nodes = new(ChunkBytes);
    private readonly ByteChunks _paths = new(PathChunkBytes);
    private BatchPlace[] _places = ArrayPool<BatchPlace>.Shared.Rent(PlacesAtFirst);
    private int _count;

    /// <summary>Hash of the tree's root.</summary>
    public Hash256 Hash => _places[0].Hash;

    public bool IsChanged => _places[0].IsChanged;

    /// <summary>Nodes that changed.</summary>
    public int Changed { get; private set; }

    /// <summary>
    /// Works out the tree whose root lies at this depth and has this hash, zero for none. False where it has nodes that are not of
    /// the usual form.
    /// </summary>
    public bool TryRun(int depth, in Hash256 root, int from, int to)
    {
        Add(new BatchPlace { From = from, To = to, Depth = depth, Hash = root });
        for (int next = 0; next < _count;)
        {
            for (int end = _count; next < end; next++)
            {
                if (!TryOpen(next))
                {
                    return false;
                }
            }

            _levels.Add(next);
        }

        for (int level = _levels.Count - 2; level >= 0; level--)
        {
            if (!TryClose(_levels[level], _levels[level + 1]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes down what changed, parents first.</summary>
    public void CopyTo(Span<TrieNodeChange> changes)
    {
        int next = 0;
        for (int i = 0; i < _count; i++)
        {
            ref BatchPlace place = ref _places[i];
            if (place.IsChanged)
            {
                Memory<byte> path = _paths.Take(place.Depth);
                WritePath(KeyOf(place), path.Span);
                changes[next++] = new TrieNodeChange(owner, path, place.Encoded, place.Hash);
            }
        }
    }

    public void Dispose()
    {
        GiveBack();
        _places = [];
    }

    /// <summary>Gives the places back without the nodes that they hold; what was not used holds none.</summary>
    private void GiveBack()
    {
        _places.AsSpan(0, _count).Clear();
        ArrayPool<BatchPlace>.Shared.Return(_places);
    }

    private ReadOnlySpan<byte> KeyOf(in BatchPlace place) => place.From < place.To ? updates.Key(place.From) : place.Moved!.Key;

    private static void WritePath(ReadOnlySpan<byte> key, Span<byte> path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            path[i] = (byte)SortedUpdates.NibbleOf(key, i);
        }
    }

    private int Add(in BatchPlace place)
    {
        if (_count == _places.Length)
        {
            BatchPlace[] larger = ArrayPool<BatchPlace>.Shared.Rent(2 * _count);
            _places.AsSpan(0, _count).CopyTo(larger);
            GiveBack();
            _places = larger;
        }

        _places[_count] = place;
        return _count++;
    }

    private bool TryOpen(int index)
    {
        BatchPlace place = _places[index];
        if (place.Moved is { IsLeaf: false } passed && passed.Length == place.Depth && place.From < place.To)
        {
            // The updates left a former extension at its end: what lay under it is here as before.
            place.Hash = passed.Child;
            place.Moved = null;
            _places[index] = place;
        }

        if (place.Moved is not null || place.Hash.IsZero)
        {
            OpenNew(index);
            return true;
        }

        Span<byte> path = stackalloc byte[place.Depth];
        WritePath(updates.Key(place.From), path);
        if (!source.TryGetNodeAtHand(owner, path, place.Hash, out ReadOnlyMemory<byte> node))
        {
            if (TryOpenFormerLeaf(index))
            {
                return true;
            }

            if (!source.TryGetNode(owner, path, place.Hash, out node))
            {
                return false;
            }
        }

        if (!StoredForm.TryFind(node.Span, out StoredForm form))
        {
            return false;
        }

        if (form.IsBranch)
        {
            OpenBranch(index, node, form);
            return place.Depth < SortedUpdates.Depth;
        }

        return form.IsLeaf ? TryOpenLeaf(index, node, form) : TryOpenExtension(index, node, form);
    }

    /// <summary>
    /// A leaf that is nowhere at hand is made from what its key had before: that takes a hash, which shows that it is the one, and no
    /// reading.
    /// </summary>
    private bool TryOpenFormerLeaf(int index)
    {
        ref BatchPlace place = ref _places[index];
        if (place.To - place.From != 1)
        {
            return false;
        }

        ReadOnlySpan<byte> former = updates.Former(place.From, stackalloc byte[FormerValueBytesMax]);
        if (former.IsEmpty)
        {
            return false;
        }

        ReadOnlyMemory<byte> leaf = PlaceEncoding.Leaf(updates.Key(place.From), place.Depth, former, _nodes);
        bool isIt = Keccak256.Hash(leaf.Span) == place.Hash;
        _nodes.Return(leaf.Length);
        if (isIt)
        {
            place.Kind = PlaceKind.Leaf;
            place.IsChanged = !former.SequenceEqual(updates.Value(place.From));
        }

        return isIt;
    }

    private void OpenBranch(int index, ReadOnlyMemory<byte> node, in StoredForm form)
    {
        ref BatchPlace place = ref _places[index];
        place.Kind = PlaceKind.Branch;
        place.Old = node;
        place.Former = form.Children;
        int depth = place.Depth;
        int to = place.To;
        int reached = 0;
        int first = _count;
        for (int from = place.From, end; from < to; from = end)
        {
            end = EndOfNibble(from, to, depth);
            int nibble = updates.Nibble(from, depth);
            reached |= 1 << nibble;
            Hash256 child = StoredForm.ChildOf(node.Span, form.Start, form.Children, nibble);
            Add(new BatchPlace { From = from, To = end, Depth = depth + 1, Hash = child });
        }

        _places[index].Reached = reached;
        _places[index].FirstChild = first;
    }

    private bool TryOpenLeaf(int index, ReadOnlyMemory<byte> node, in StoredForm form)
    {
        ref BatchPlace place = ref _places[index];
        if (place.Depth + form.PathLength != SortedUpdates.Depth)
        {
            return false;
        }

        if (place.To - place.From == 1 && EndsWith(updates.Key(place.From), place.Depth, form))
        {
            place.Kind = PlaceKind.Leaf;
            place.IsChanged = !form.Rest.SequenceEqual(updates.Value(place.From));
            return true;
        }

        byte[] key = KeyOfPath(updates.Key(place.From), place.Depth, form);
        bool isReplaced = false;
        for (int i = place.From; i < place.To; i++)
        {
            isReplaced |= updates.Key(i).SequenceEqual(key);
        }

        // The value stays where it is; the list ends with it.
        place.Moved = isReplaced ? null : new MovedNode(key, SortedUpdates.Depth, node[^form.Rest.Length..], default);
        OpenNew(index);
        return true;
    }

    private bool TryOpenExtension(int index, ReadOnlyMemory<byte> node, in StoredForm form)
    {
        BatchPlace place = _places[index];
        int end = place.Depth + form.PathLength;
        if (end >= SortedUpdates.Depth)
        {
            return false;
        }

        byte[] key = KeyOfPath(updates.Key(place.From), place.Depth, form);
        Hash256 child = Hash256.FromBytes(form.Rest);
        bool isShared = CommonNibbles(updates.Key(place.From), key, place.Depth, end) == form.PathLength
            && CommonNibbles(updates.Key(place.To - 1), key, place.Depth, end) == form.PathLength;
        if (!isShared)
        {
            _places[index].Moved = new MovedNode(key, end, default, child);
            OpenNew(index);
            return true;
        }

        int below = Add(new BatchPlace { From = place.From, To = place.To, Depth = end, Hash = child });
        ref BatchPlace extension = ref _places[index];
        extension.Kind = PlaceKind.Extension;
        extension.Old = node;
        extension.PathLength = form.PathLength;
        extension.FirstChild = below;
        return true;
    }

    /// <summary>A place for which no node is there yet: what the updates below, and perhaps a node that was here, make of it.</summary>
    private void OpenNew(int index)
    {
        ref BatchPlace place = ref _places[index];
        MovedNode? moved = place.Moved;
        place.IsChanged = true;
        int many = place.To - place.From;
        if (many == 0)
        {
            OpenMoved(ref place, moved!);
            return;
        }

        if (many == 1 && moved is null)
        {
            place.Kind = PlaceKind.Leaf;
            return;
        }

        int depth = place.Depth;
        ReadOnlySpan<byte> first = updates.Key(place.From);
        int common = many == 1 ? SortedUpdates.Depth - depth : CommonNibbles(first, updates.Key(place.To - 1), depth, SortedUpdates.Depth);
        if (moved is not null)
        {
            common = CommonNibbles(first, moved.Key, depth, Math.Min(depth + common, moved.Length));
        }

        if (common == 0)
        {
            OpenNewBranch(index, moved);
            return;
        }

        place.Kind = PlaceKind.Extension;
        place.PathLength = common;
        int below = Add(new BatchPlace { From = place.From, To = place.To, Depth = depth + common, Moved = moved });
        _places[index].FirstChild = below;
    }

    private static void OpenMoved(ref BatchPlace place, MovedNode moved)
    {
        if (moved.IsLeaf)
        {
            place.Kind = PlaceKind.Leaf;
        }
        else if (moved.Length == place.Depth)
        {
            // The same node at the same place; only the way to it is another.
            place.Kind = PlaceKind.Same;
            place.IsChanged = false;
            place.Hash = moved.Child;
        }
        else
        {
            place.Kind = PlaceKind.Extension;
            place.PathLength = moved.Length - place.Depth;
        }
    }

    private void OpenNewBranch(int index, MovedNode? moved)
    {
        BatchPlace place = _places[index];
        int movedNibble = moved is null ? -1 : SortedUpdates.NibbleOf(moved.Key, place.Depth);
        int reached = 0;
        int from = place.From;
        int first = _count;
        for (int nibble = 0; nibble < BranchNode.Width; nibble++)
        {
            int end = from < place.To && updates.Nibble(from, place.Depth) == nibble ? EndOfNibble(from, place.To, place.Depth) : from;
            if (end > from || nibble == movedNibble)
            {
                reached |= 1 << nibble;
                Add(new BatchPlace { From = from, To = end, Depth = place.Depth + 1, Moved = nibble == movedNibble ? moved : null });
                from = end;
            }
        }

        ref BatchPlace branch = ref _places[index];
        branch.Kind = PlaceKind.Branch;
        branch.Reached = reached;
        branch.FirstChild = first;
    }

    private int EndOfNibble(int from, int to, int depth)
    {
        int nibble = updates.Nibble(from, depth);
        int end = from + 1;
        while (end < to && updates.Nibble(end, depth) == nibble)
        {
            end++;
        }

        return end;
    }

    /// <summary>Whether the nibbles of a key from this depth on are those of a leaf, which has as many.</summary>
    private static bool EndsWith(ReadOnlySpan<byte> key, int depth, in StoredForm leaf) =>
        leaf.Compact[1..].SequenceEqual(key[((depth + 1) / 2)..])
        && ((depth & 1) == 0 || (leaf.Compact[0] & 15) == SortedUpdates.NibbleOf(key, depth));

    /// <summary>The nibbles of a key above a node and those of the node itself, two a byte.</summary>
    private static byte[] KeyOfPath(ReadOnlySpan<byte> above, int depth, in StoredForm form)
    {
        byte[] key = new byte[SortedUpdates.KeyBytes];
        above[..((depth + 1) / 2)].CopyTo(key);
        if ((depth & 1) != 0)
        {
            key[depth / 2] &= 0xf0;
        }

        for (int i = 0; i < form.PathLength; i++)
        {
            int nibble = form.PathNibble(i);
            key[(depth + i) / 2] |= (byte)(((depth + i) & 1) == 0 ? nibble << 4 : nibble);
        }

        return key;
    }

    private static int CommonNibbles(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int from, int to)
    {
        int at = from;
        while (at < to && SortedUpdates.NibbleOf(a, at) == SortedUpdates.NibbleOf(b, at))
        {
            at++;
        }

        return at - from;
    }

    /// <summary>Encodes and hashes the changed nodes of one level; those below have their hashes.</summary>
    private bool TryClose(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            ref BatchPlace place = ref _places[i];
            if (!place.Old.IsEmpty)
            {
                place.IsChanged = AnyChanged(place);
            }

            if (!place.IsChanged)
            {
                continue;
            }

            place.Encoded = Encode(place);
            if (place.Encoded.Length < Hash256.Length)
            {
                // It would lie inside its parent.
                return false;
            }

            Changed++;
            _hashing.Add(i, place.Encoded);
        }

        _hashing.Run((i, hash) => _places[i].Hash = hash);
        return true;
    }

    private bool AnyChanged(in BatchPlace place)
    {
        int many = place.Kind == PlaceKind.Branch ? int.PopCount(place.Reached) : 1;
        foreach (ref readonly BatchPlace below in _places.AsSpan(place.FirstChild, many))
        {
            if (below.IsChanged)
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlyMemory<byte> Encode(in BatchPlace place)
    {
        switch (place.Kind)
        {
            case PlaceKind.Branch:
                return PlaceEncoding.Branch(place, _places.AsSpan(place.FirstChild, int.PopCount(place.Reached)), _nodes);
            case PlaceKind.Extension:
                Hash256 child = place.From < place.To ? _places[place.FirstChild].Hash : place.Moved!.Child;
                return PlaceEncoding.Extension(KeyOf(place), place.Depth, place.Depth + place.PathLength, child, _nodes);
            default:
                ReadOnlySpan<byte> value = place.From < place.To ? updates.Value(place.From) : place.Moved!.Value.Span;
                return PlaceEncoding.Leaf(KeyOf(place), place.Depth, value, _nodes);
        }
    }
}
