using CPChain.Storage;

namespace CPChain.Ledger.States;

/// <summary>
/// A snapshot that is taken when it is first read, or before the next write at the latest: most of a head's state is in memory, and
/// right after a large block the store still takes its rows.
/// </summary>
internal sealed class LateSnapshot(IKeyValueStore store) : IKeyValueSnapshot
{
    private readonly Lazy<IKeyValueSnapshot> _taken = new(store.Snapshot);

    /// <summary>Takes it now.</summary>
    public void Take() => _ = _taken.Value;

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => _taken.Value.TryGet(key, out value);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        _taken.Value.Scan(prefix, from);

    /// <inheritdoc/>
    public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) =>
        _taken.Value.ScanDown(prefix, from);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_taken.IsValueCreated)
        {
            _taken.Value.Dispose();
        }
    }
}
