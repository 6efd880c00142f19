namespace CPChain.Storage;

/// <summary>One row of a store.</summary>
public readonly record struct StoreEntry(byte[] Key, byte[] Value);

/// <summary>A readable ordered map from byte strings to byte strings: a store or a snapshot of one. Safe for many threads.</summary>
public interface IKeyValueReader
{
    /// <summary>Reads the value under <paramref name="key"/>.</summary>
    bool TryGet(ReadOnlySpan<byte> key, out byte[] value);

    /// <summary>
    /// Rows whose key begins with <paramref name="prefix"/> in ascending byte order, from <paramref name="from"/> (a whole
    /// key, inclusive) when given. Sees the map as it was when enumeration began.
    /// </summary>
    IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null);

    /// <summary>The same rows in descending order, from <paramref name="from"/> (a whole key, inclusive) downwards when given.</summary>
    IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null);
}

/// <summary>A frozen view of a store; later writes do not show. It pins old rows, and ends with the store at the latest.</summary>
public interface IKeyValueSnapshot : IKeyValueReader, IDisposable;

/// <summary>An embedded key-value store. Any <see cref="StorageFailure"/> is final: the store refuses further use.</summary>
public interface IKeyValueStore : IKeyValueReader, IDisposable
{
    /// <summary>Where the store lies, for messages.</summary>
    string Location { get; }

    /// <summary>The purpose and format version recorded in the store.</summary>
    StoreFormat Format { get; }

    /// <summary>
    /// Applies the whole batch or nothing, in its order. With <paramref name="durable"/> it is on the disk when the call
    /// returns; without, a crash of the machine may lose it (never a part of it, and never an earlier durable one).
    /// </summary>
    void Write(WriteBatch batch, bool durable);

    /// <summary>Freezes the present content for reading.</summary>
    IKeyValueSnapshot Snapshot();
}
