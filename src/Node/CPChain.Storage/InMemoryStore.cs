using System.Collections.Immutable;

namespace CPChain.Storage;

/// <summary>A store that lives in memory, for tests and simulation; it passes the same compliance suite as the one on disk.</summary>
public sealed class InMemoryStore : IKeyValueStore
{
    private readonly Lock _writing = new();
    private volatile ImmutableSortedSet<StoreEntry> _rows = ImmutableSortedSet.Create<StoreEntry>(KeyOrder.Instance);
    private volatile bool _disposed;

    /// <summary>Makes an empty store of the given format.</summary>
    public InMemoryStore(StoreFormat format)
    {
        Format = format;
        StoreFormat.Claim(this, format);
    }

    private InMemoryStore(StoreFormat format, ImmutableSortedSet<StoreEntry> rows)
    {
        Format = format;
        _rows = rows;
        StoreFormat.Claim(this, format);
    }

    /// <inheritdoc/>
    public string Location => "memory";

    /// <inheritdoc/>
    public StoreFormat Format { get; }

    /// <summary>A second store with the same rows, as a copied directory would be; the format is checked anew.</summary>
    public InMemoryStore Copy(StoreFormat format) => new(format, Rows());

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => Get(Rows(), key, out value);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        Up(Rows(), prefix, from);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        Down(Rows(), prefix, from);

    /// <inheritdoc/>
    public void Write(WriteBatch batch, bool durable)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_writing)
        {
            ImmutableSortedSet<StoreEntry>.Builder rows = Rows().ToBuilder();
            for (int i = 0; i < batch.Count; i++)
            {
                StoreEntry row = new(batch.Key(i).ToArray(), batch.Value(i).ToArray());
                rows.Remove(row);
                if (!batch.IsDelete(i))
                {
                    rows.Add(row);
                }
            }

            _rows = rows.ToImmutable();
        }
    }

    /// <inheritdoc/>
    public IKeyValueSnapshot Snapshot() => new Frozen(this, Rows());

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;

    private ImmutableSortedSet<StoreEntry> Rows()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _rows;
    }

    private static bool Get(ImmutableSortedSet<StoreEntry> rows, ReadOnlySpan<byte> key, out byte[] value)
    {
        bool found = rows.TryGetValue(new StoreEntry(key.ToArray(), []), out StoreEntry row);
        value = found ? [.. row.Value] : [];
        return found;
    }

    private static IEnumerable<StoreEntry> Up(
        ImmutableSortedSet<StoreEntry> rows, ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from)
    {
        int at = rows.IndexOf(new StoreEntry(KeyRange.Lowest(prefix, from).ToArray(), []));
        for (int i = at < 0 ? ~at : at; i < rows.Count && rows[i].Key.AsSpan().StartsWith(prefix.Span); i++)
        {
            yield return new StoreEntry([.. rows[i].Key], [.. rows[i].Value]);
        }
    }

    private static IEnumerable<StoreEntry> Down(
        ImmutableSortedSet<StoreEntry> rows, ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from)
    {
        int last = rows.Count - 1;
        if (KeyRange.After(prefix.Span) is { } end)
        {
            int at = rows.IndexOf(new StoreEntry(end, []));
            last = (at < 0 ? ~at : at) - 1;
        }

        if (from is { } f)
        {
            int at = rows.IndexOf(new StoreEntry(f.ToArray(), []));
            last = Math.Min(last, at < 0 ? ~at - 1 : at);
        }

        for (int i = last; i >= 0 && rows[i].Key.AsSpan().StartsWith(prefix.Span); i--)
        {
            yield return new StoreEntry([.. rows[i].Key], [.. rows[i].Value]);
        }
    }

    private sealed class KeyOrder : IComparer<StoreEntry>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(StoreEntry x, StoreEntry y) => x.Key.AsSpan().SequenceCompareTo(y.Key);
    }

    private sealed class Frozen(InMemoryStore store, ImmutableSortedSet<StoreEntry> rows) : IKeyValueSnapshot
    {
        private bool _released;

        public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => Get(Held(), key, out value);

        public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
            Up(Held(), prefix, from);

        public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
            Down(Held(), prefix, from);

        public void Dispose() => _released = true;

        private ImmutableSortedSet<StoreEntry> Held()
        {
            ObjectDisposedException.ThrowIf(_released || store._disposed, this);
            return rows;
        }
    }
}
