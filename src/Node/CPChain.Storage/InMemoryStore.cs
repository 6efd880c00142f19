namespace CPChain.Storage;

/// <summary>A store that lives in memory, for tests and simulation; it passes the same compliance suite as the one on disk.</summary>
public sealed class InMemoryStore : IKeyValueStore
{
    private readonly Lock _writing = new();
    private volatile SortedRows _rows = SortedRows.Empty;
    private volatile bool _disposed;

    /// <summary>Makes an empty store of the given format.</summary>
    public InMemoryStore(StoreFormat format)
    {
        Format = format;
        StoreFormat.Claim(this, format);
    }

    private InMemoryStore(StoreFormat format, SortedRows rows)
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
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => Rows().TryGet(key, out value);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        Rows().Up(prefix, from);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        Rows().Down(prefix, from);

    /// <inheritdoc/>
    public void Write(WriteBatch batch, bool durable)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_writing)
        {
            _rows = Rows().Apply(batch);
        }
    }

    /// <inheritdoc/>
    public IKeyValueSnapshot Snapshot() => new Frozen(this, Rows());

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;

    private SortedRows Rows()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _rows;
    }

    private sealed class Frozen(InMemoryStore store, SortedRows rows) : IKeyValueSnapshot
    {
        private bool _released;

        public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => Held().TryGet(key, out value);

        public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
            Held().Up(prefix, from);

        public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
            Held().Down(prefix, from);

        public void Dispose() => _released = true;

        private SortedRows Held()
        {
            ObjectDisposedException.ThrowIf(_released || store._disposed, this);
            return rows;
        }
    }
}
