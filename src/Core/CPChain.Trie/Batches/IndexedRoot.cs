using CPChain.Crypto;
using CPChain.Trie.Nodes;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Trie.Batches;

/// <summary>
/// Root of the trie from RLP(index) to value, of a list that is there whole: its places are laid out level by level, then encoded and
/// hashed from the deepest level up. No key begins another, so no branch has a value.
/// </summary>
internal sealed class IndexedRoot
{
    private const int ChunkBytes = 32 << 10;

    // RLP of an index: at most a length and four bytes.
    private const int KeyNibblesMax = 10;

    private readonly ReadOnlyMemory<byte>[] _values;
    private readonly int[] _order;
    private readonly byte[] _nibbles;
    private readonly byte[] _lengths;
    private readonly List<Place> _places = [];
    private readonly LevelHashing _hashing = new();
    private readonly ByteChunks _room = new(ChunkBytes);

    private IndexedRoot(ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        _values = values.ToArray();
        _order = [.. IndicesByKey(values.Length)];
        _nibbles = new byte[values.Length * KeyNibblesMax];
        _lengths = new byte[values.Length];
        RlpWriter writer = new(16);
        for (int i = 0; i < _order.Length; i++)
        {
            writer.Clear();
            writer.WriteUlong((ulong)_order[i]);
            byte[] key = Nibbles.Of(writer.WrittenSpan);
            key.CopyTo(_nibbles.AsSpan(i * KeyNibblesMax));
            _lengths[i] = (byte)key.Length;
        }
    }

    /// <summary>Works out the root; there is at least one value, and none is empty.</summary>
    public static Hash256 Of(ReadOnlySpan<ReadOnlyMemory<byte>> values) => new IndexedRoot(values).Run();

    private Hash256 Run()
    {
        List<int> levels = [0];
        _places.Add(new Place { To = _order.Length });
        for (int next = 0; next < _places.Count;)
        {
            for (int end = _places.Count; next < end; next++)
            {
                Open(next);
            }

            levels.Add(next);
        }

        for (int level = levels.Count - 2; level >= 0; level--)
        {
            Close(levels[level], levels[level + 1]);
        }

        Place root = _places[0];
        return root.IsHashed ? root.Hash : Keccak256.Hash(root.Encoded.Span);
    }

    // RLP of 1 to 127 is that byte, of 0 it is 0x80, and from 128 on it begins with 0x81 or more and rises.
    private static IEnumerable<int> IndicesByKey(int count)
    {
        for (int i = 1; i < Math.Min(count, 128); i++)
        {
            yield return i;
        }

        yield return 0;
        for (int i = 128; i < count; i++)
        {
            yield return i;
        }
    }

    private ReadOnlySpan<byte> Key(int index) => _nibbles.AsSpan(index * KeyNibblesMax, _lengths[index]);

    private void Open(int index)
    {
        Place place = _places[index];
        ReadOnlySpan<byte> first = Key(place.From)[place.Depth..];
        if (place.To - place.From == 1)
        {
            place.PathLength = first.Length;
            _places[index] = place;
            return;
        }

        place.FirstChild = _places.Count;
        place.PathLength = Nibbles.CommonPrefix(first, Key(place.To - 1)[place.Depth..]);
        if (place.PathLength > 0)
        {
            _places.Add(new Place { From = place.From, To = place.To, Depth = place.Depth + place.PathLength });
        }
        else
        {
            for (int from = place.From, end; from < place.To; from = end)
            {
                int nibble = Key(from)[place.Depth];
                for (end = from + 1; end < place.To && Key(end)[place.Depth] == nibble; end++)
                {
                }

                place.Children |= 1 << nibble;
                _places.Add(new Place { From = from, To = end, Depth = place.Depth + 1 });
            }
        }

        _places[index] = place;
    }

    private void Close(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Place place = _places[i];
            place.Encoded = Encode(place);
            place.IsHashed = place.Encoded.Length >= Hash256.Length;
            _places[i] = place;
            if (place.IsHashed)
            {
                _hashing.Add(i, place.Encoded);
            }
        }

        _hashing.Run((i, hash) => _places[i] = _places[i] with { Hash = hash });
    }

    private Memory<byte> Encode(in Place place)
    {
        if (place.Children != 0)
        {
            return EncodeBranch(place);
        }

        bool isLeaf = place.To - place.From == 1;
        Span<byte> compact = stackalloc byte[KeyNibblesMax];
        compact = compact[..Nibbles.WriteCompact(Key(place.From).Slice(place.Depth, place.PathLength), isLeaf, compact)];
        ReadOnlySpan<byte> value = isLeaf ? _values[_order[place.From]].Span : default;
        int item = isLeaf ? RlpWriter.StringLength(value) : ItemBytes(_places[place.FirstChild]);
        int payload = RlpWriter.StringLength(compact) + item;
        Memory<byte> node = _room.Take(RlpWriter.HeaderLength(payload) + payload);
        Span<byte> rest = node.Span;
        rest = rest[RlpWriter.WriteListHeader(rest, payload)..];
        rest = rest[RlpWriter.WriteString(rest, compact)..];
        if (isLeaf)
        {
            RlpWriter.WriteString(rest, value);
        }
        else
        {
            WriteItem(rest, _places[place.FirstChild]);
        }

        return node;
    }

    private Memory<byte> EncodeBranch(in Place place)
    {
        int many = int.PopCount(place.Children);
        int payload = BranchNode.Width + 1 - many;
        for (int i = 0; i < many; i++)
        {
            payload += ItemBytes(_places[place.FirstChild + i]);
        }

        Memory<byte> node = _room.Take(RlpWriter.HeaderLength(payload) + payload);
        Span<byte> rest = node.Span;
        rest = rest[RlpWriter.WriteListHeader(rest, payload)..];
        int child = place.FirstChild;
        for (int i = 0; i < BranchNode.Width; i++)
        {
            if ((place.Children & (1 << i)) != 0)
            {
                rest = rest[WriteItem(rest, _places[child++])..];
            }
            else
            {
                rest[0] = TrieNodeCodec.EmptyItem;
                rest = rest[1..];
            }
        }

        rest[0] = TrieNodeCodec.EmptyItem;
        return node;
    }

    /// <summary>Bytes by which a parent names a node: its hash, or itself where it is shorter than one.</summary>
    private static int ItemBytes(in Place place) => place.IsHashed ? TrieNodeCodec.HashReferenceBytes : place.Encoded.Length;

    private static int WriteItem(Span<byte> to, in Place place)
    {
        if (place.IsHashed)
        {
            TrieNodeCodec.WriteHashReference(to, place.Hash);
        }
        else
        {
            place.Encoded.Span.CopyTo(to);
        }

        return ItemBytes(place);
    }

    private record struct Place
    {
        /// <summary>The keys below, from this one to before the other.</summary>
        public int From;
        public int To;

        /// <summary>Nibbles above it.</summary>
        public int Depth;

        /// <summary>Nibbles of a leaf or an extension.</summary>
        public int PathLength;
        public int FirstChild;

        /// <summary>Children of a branch, a bit each.</summary>
        public int Children;
        public ReadOnlyMemory<byte> Encoded;
        public bool IsHashed;
        public Hash256 Hash;
    }
}
