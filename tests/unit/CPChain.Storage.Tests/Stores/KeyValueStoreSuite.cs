using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Storage.Tests.Stores;

/// <summary>What every store must do (specs/storage S2), run on each implementation.</summary>
public abstract class KeyValueStoreSuite : IDisposable
{
    protected static readonly StoreFormat Format = new("suite", 1);

    protected abstract IKeyValueStore Open();

    /// <summary>The same content after a crash: nothing was closed.</summary>
    protected abstract IKeyValueStore OpenAfterCrash(IKeyValueStore store, StoreFormat format);

    public abstract void Dispose();

    [Fact]
    public void S2_a_put_is_read_back_and_a_deletion_removes_it()
    {
        using IKeyValueStore store = Open();
        store.Write(Batch(("a", "1"), ("b", "")), durable: false);
        Assert.Equal("1", Read(store, "a"));
        Assert.Equal("", Read(store, "b"));
        Assert.Null(Read(store, "c"));
        store.Write(Batch(("a", null), ("absent", null)), durable: true);
        Assert.Null(Read(store, "a"));
    }

    [Fact]
    public void S2_within_a_batch_the_later_operation_wins()
    {
        using IKeyValueStore store = Open();
        store.Write(Batch(("a", "1"), ("a", null), ("b", null), ("b", "2"), ("b", "3")), durable: false);
        Assert.Null(Read(store, "a"));
        Assert.Equal("3", Read(store, "b"));
    }

    [Fact]
    public void S2_a_scan_walks_one_prefix_in_byte_order_both_ways()
    {
        using IKeyValueStore store = Open();
        WriteBatch batch = new();
        byte[][] keys = [[1], [2], [2, 0], [2, 0xff], [2, 0xff, 0xff], [3], [0xff], [0xff, 0xff], [0xff, 0xff, 1]];
        foreach (byte[] key in keys.Reverse())
        {
            batch.Put(key, key);
        }

        store.Write(batch, durable: false);
        Assert.Equal([[2], [2, 0], [2, 0xff], [2, 0xff, 0xff]], Keys(store.Scan(new byte[] { 2 })));
        Assert.Equal([[2, 0xff, 0xff], [2, 0xff], [2, 0], [2]], Keys(store.ScanDown(new byte[] { 2 })));
        Assert.Equal([[2, 0xff], [2, 0xff, 0xff]], Keys(store.Scan(new byte[] { 2 }, new byte[] { 2, 1 })));
        Assert.Equal([[2, 0], [2]], Keys(store.ScanDown(new byte[] { 2 }, new byte[] { 2, 1 })));
        Assert.Equal([[2, 0], [2]], Keys(store.ScanDown(new byte[] { 2 }, new byte[] { 2, 0 })));
        Assert.Equal([[0xff, 0xff, 1], [0xff, 0xff]], Keys(store.ScanDown(new byte[] { 0xff, 0xff })));
        Assert.Equal([[0xff, 0xff], [0xff, 0xff, 1]], Keys(store.Scan(new byte[] { 0xff, 0xff })));
        Assert.Empty(store.Scan(new byte[] { 4 }));
        Assert.Empty(store.ScanDown(new byte[] { 4 }));
        Assert.Empty(store.Scan(new byte[] { 2 }, new byte[] { 3 }));
        Assert.Empty(store.ScanDown(new byte[] { 2 }, new byte[] { 1 }));
        Assert.Equal([2, 0xff, 0xff], store.ScanDown(new byte[] { 2 }, new byte[] { 9 }).First().Key);
    }

    [Fact]
    public void S2_a_snapshot_does_not_see_later_writes()
    {
        using IKeyValueStore store = Open();
        store.Write(Batch(("k1", "old"), ("k2", "old")), durable: false);
        using (IKeyValueSnapshot snapshot = store.Snapshot())
        {
            store.Write(Batch(("k1", "new"), ("k2", null), ("k3", "new")), durable: true);
            Assert.Equal("old", Read(snapshot, "k1"));
            Assert.Equal("old", Read(snapshot, "k2"));
            Assert.Null(Read(snapshot, "k3"));
            Assert.Equal(2, snapshot.Scan("k"u8.ToArray()).Count());
            Assert.Equal("k2"u8.ToArray(), snapshot.ScanDown("k"u8.ToArray()).First().Key);
        }

        Assert.Equal("new", Read(store, "k1"));
        Assert.Equal(2, store.Scan("k"u8.ToArray()).Count());
    }

    [Fact]
    public void S2_a_scan_sees_the_map_as_it_was_when_it_began()
    {
        using IKeyValueStore store = Open();
        store.Write(Batch(("k1", "1"), ("k2", "2")), durable: false);
        List<string> seen = [];
        foreach (StoreEntry row in store.Scan("k"u8.ToArray()))
        {
            store.Write(Batch(("k2", null), ("k3", "3")), durable: false);
            seen.Add(Encoding.ASCII.GetString(row.Key));
        }

        Assert.Equal(["k1", "k2"], seen);
    }

    [Fact]
    public void S2_a_disposed_store_ends_its_snapshots_and_can_be_opened_again()
    {
        IKeyValueStore store = Open();
        store.Write(Batch(("k", "v")), durable: false);
        IKeyValueSnapshot snapshot = store.Snapshot();
        store.Dispose();
        using IKeyValueStore again = Open();
        Assert.Throws<ObjectDisposedException>(() => Read(snapshot, "k"));
        snapshot.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Read(store, "k"));
        Assert.Throws<ObjectDisposedException>(() => store.Write(Batch(("k", "w")), durable: true));
        Assert.Throws<ObjectDisposedException>(store.Snapshot);
        Assert.Throws<ObjectDisposedException>(() => store.Scan("k"u8.ToArray()).Count());
    }

    [Fact]
    public void S2_a_crash_keeps_every_written_batch()
    {
        using IKeyValueStore store = Open();
        for (int i = 0; i < 50; i++)
        {
            store.Write(Batch(($"k{i:d2}", $"{i}"), ("head", $"{i}")), durable: i % 7 == 0);
            if (i % 10 == 0)
            {
                using IKeyValueStore again = OpenAfterCrash(store, Format);
                Assert.Equal($"{i}", Read(again, "head"));
                Assert.Equal(i + 1, again.Scan("k"u8.ToArray()).Count());
            }
        }
    }

    [Fact]
    public void S1_another_version_is_refused_with_the_version_and_the_remedy()
    {
        using IKeyValueStore store = Open();
        StorageFailure older = Assert.Throws<StorageFailure>(() => OpenAfterCrash(store, new StoreFormat("suite", 2)));
        Assert.Equal(StorageFault.UnknownFormat, older.Fault);
        Assert.Contains("version 1 is not supported (this program writes 2)", older.Message, StringComparison.Ordinal);
        StorageFailure other = Assert.Throws<StorageFailure>(() => OpenAfterCrash(store, new StoreFormat("other", 1)));
        Assert.Contains("holds a \"suite\" store", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void S1_a_newer_format_row_is_refused()
    {
        using IKeyValueStore store = Open();
        WriteBatch batch = new();
        batch.Put(StoreFormat.Key, [9, 0, 1, (byte)'x']);
        store.Write(batch, durable: true);
        StorageFailure failure = Assert.Throws<StorageFailure>(() => OpenAfterCrash(store, Format));
        Assert.Contains("version 9 is unknown", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void S1_data_without_a_format_row_is_refused()
    {
        using IKeyValueStore store = Open();
        WriteBatch batch = new();
        batch.Delete(StoreFormat.Key);
        batch.Put("k"u8, "v"u8);
        store.Write(batch, durable: true);
        StorageFailure failure = Assert.Throws<StorageFailure>(() => OpenAfterCrash(store, Format));
        Assert.Equal(StorageFault.UnknownFormat, failure.Fault);
    }

    [Fact]
    public void S2_random_batches_equal_a_sorted_dictionary()
    {
        using IKeyValueStore store = Open();
        SortedDictionary<string, string> model = new(StringComparer.Ordinal);
        var operation =
            from key in Gen.Choose(0, 40)
            from value in Gen.Choose(-20, 60)
            select (Key: $"m{key:d2}", Value: value < 0 ? null : value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Arbitrary<(string Key, string? Value)[]> batches = Gen.ArrayOf(operation).ToArbitrary();
        Prop.ForAll(batches, batch =>
        {
            store.Write(Batch(batch), durable: false);
            foreach ((string key, string? value) in batch)
            {
                if (value is null)
                {
                    model.Remove(key);
                }
                else
                {
                    model[key] = value;
                }
            }

            IEnumerable<(string, string)> rows =
                store.Scan("m"u8.ToArray()).Select(r => (Encoding.ASCII.GetString(r.Key), Encoding.ASCII.GetString(r.Value)));
            return rows.SequenceEqual(model.Select(p => (p.Key, p.Value)));
        }).QuickCheckThrowOnFailure();
    }

    protected static WriteBatch Batch(params ReadOnlySpan<(string Key, string? Value)> operations)
    {
        WriteBatch batch = new();
        foreach ((string key, string? value) in operations)
        {
            if (value is null)
            {
                batch.Delete(Encoding.ASCII.GetBytes(key));
            }
            else
            {
                batch.Put(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value));
            }
        }

        return batch;
    }

    protected static string? Read(IKeyValueReader reader, string key) =>
        reader.TryGet(Encoding.ASCII.GetBytes(key), out byte[] value) ? Encoding.ASCII.GetString(value) : null;

    private static byte[][] Keys(IEnumerable<StoreEntry> rows) => [.. rows.Select(r => r.Key)];
}
