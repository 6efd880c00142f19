using System.Collections.Immutable;

namespace CPChain.Storage;

/// <summary>An immutable ordered map from byte strings to byte strings, as stores in memory keep it.</summary>
internal sealed class SortedRows
{
    private readonly ImmutableSortedSet<StoreEntry> _rows;

    private SortedRows(ImmutableSortedSet<StoreEntry> rows) => _rows = rows;

    public static SortedRows Empty { get; } = new(ImmutableSortedSet.Create<StoreEntry>(KeyOrder.Instance));

    /// <summary>The map after a batch, and after one further row where a key is given.</summary>
    public SortedRows Apply(WriteBatch batch, ReadOnlySpan<byte> key = default, ReadOnlySpan<byte> value = default)
    {
        ImmutableSortedSet<StoreEntry>.Builder rows = _rows.ToBuilder();
        for (int i = 0; i < batch.Count; i++)
        {
            StoreEntry row = new(batch.Key(i).ToArray(), batch.Value(i).ToArray());
            rows.Remove(row);
            if (!batch.IsDelete(i))
            {
                rows.Add(row);
            }
        }

        if (!key.IsEmpty)
        {
            StoreEntry row = new(key.ToArray(), value.ToArray());
            rows.Remove(row);
            rows.Add(row);
        }

        return new SortedRows(rows.ToImmutable());
    }

    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value)
    {
        bool found = _rows.TryGetValue(new StoreEntry(key.ToArray(), []), out StoreEntry row);
        value = found ? [.. row.Value] : [];
        return found;
    }

    public IEnumerable<StoreEntry> Up(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from)
    {
        int at = _rows.IndexOf(new StoreEntry(KeyRange.Lowest(prefix, from).ToArray(), []));
        for (int i = at < 0 ? ~at : at; i < _rows.Count && _rows[i].Key.AsSpan().StartsWith(prefix.Span); i++)
        {
            yield return new StoreEntry([.. _rows[i].Key], [.. _rows[i].Value]);
        }
    }

    public IEnumerable<StoreEntry> Down(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from)
    {
        int last = _rows.Count - 1;
        if (KeyRange.After(prefix.Span) is { } end)
        {
            last = Place(end).Before;
        }

        if (from is { } f)
        {
            (int before, bool isThere) = Place(f.ToArray());
            last = Math.Min(last, isThere ? before + 1 : before);
        }

        for (int i = last; i >= 0 && _rows[i].Key.AsSpan().StartsWith(prefix.Span); i--)
        {
            yield return new StoreEntry([.. _rows[i].Key], [.. _rows[i].Value]);
        }
    }

    private (int Before, bool IsThere) Place(byte[] key)
    {
        int at = _rows.IndexOf(new StoreEntry(key, []));
        return ((at < 0 ? ~at : at) - 1, at >= 0);
    }

    private sealed class KeyOrder : IComparer<StoreEntry>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(StoreEntry x, StoreEntry y) => x.Key.AsSpan().SequenceCompareTo(y.Key);
    }
}
