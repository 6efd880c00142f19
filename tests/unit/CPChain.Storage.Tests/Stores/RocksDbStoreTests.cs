using CPChain.Storage.Disks;

namespace CPChain.Storage.Tests.Stores;

public sealed class RocksDbStoreTests : KeyValueStoreSuite
{
    private readonly TestDirectory _directory = new();
    private int _copies;

    protected override IKeyValueStore Open() => RocksDbStore.Open(_directory.File("store"), Format);

    protected override IKeyValueStore OpenAfterCrash(IKeyValueStore store, StoreFormat format)
    {
        string copy = _directory.File($"copy{_copies++}");
        TestDirectory.Copy(store.Location, copy);
        return RocksDbStore.Open(copy, format);
    }

    [Fact]
    public void S3_a_second_opening_of_the_same_directory_is_refused()
    {
        using IKeyValueStore store = Open();
        StorageFailure failure = Assert.Throws<StorageFailure>(Open);
        Assert.Equal(StorageFault.Locked, failure.Fault);
        Assert.Contains(store.Location, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void S3_every_cut_of_the_commit_log_keeps_a_whole_number_of_batches()
    {
        using IKeyValueStore store = Open();
        for (int i = 0; i < 6; i++)
        {
            store.Write(Batch(("k", $"{i}"), ($"k{i}", new string('x', 300 * i))), durable: true);
        }

        byte[] log = File.ReadAllBytes(CommitLog("store"));
        int end = log.Length - log.Reverse().TakeWhile(static b => b == 0).Count();
        int last = -1;
        for (int cut = 512; cut < end + 179; cut += 179)
        {
            string copy = Crash();
            byte[] torn = [.. log];
            torn.AsSpan(Math.Min(cut, end)).Clear();
            File.WriteAllBytes(CommitLog(copy), cut % 2 == 0 ? torn : torn[..Math.Min(cut, end)]);

            // Before the first batch the format row itself may be gone; the store is then made anew.
            using RocksDbStore again = RocksDbStore.Open(_directory.File(copy), Format);
            int head = Read(again, "k") is { } value ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : -1;
            Assert.True(head >= last);
            Assert.Equal(head + 1, again.Scan("k"u8.ToArray()).Count(static r => r.Key.Length == 2));
            last = head;
        }

        Assert.Equal(5, last);
    }

    [Fact]
    public void S3_damage_before_the_last_batch_is_reported()
    {
        using IKeyValueStore store = Open();
        for (int i = 0; i < 10; i++)
        {
            store.Write(Batch(($"k{i}", new string('x', 1000))), durable: true);
        }

        byte[] log = File.ReadAllBytes(CommitLog("store"));
        foreach (int at in (int[])[3, 10, 530, 1100, 5000, 8000])
        {
            string copy = Crash();
            byte[] damaged = [.. log];
            damaged[at] ^= 1;
            File.WriteAllBytes(CommitLog(copy), damaged);
            StorageFailure failure = Assert.Throws<StorageFailure>(() => RocksDbStore.Open(_directory.File(copy), Format));
            Assert.Equal(StorageFault.Corrupt, failure.Fault);
        }
    }

    [Fact]
    public void S3_a_missing_or_older_commit_log_is_reported()
    {
        string older;
        using (IKeyValueStore store = Open())
        {
            store.Write(Batch(("k", "1")), durable: true);
            older = Crash();
            store.Write(Batch(("k", "2")), durable: true);
        }

        // Closing wrote the tables; the log of an earlier moment ends before them.
        string current = Crash();
        File.Copy(CommitLog(older), CommitLog(current), overwrite: true);
        Assert.Contains("tables end at batch 3, the commit log ends at batch 2", Refused(current), StringComparison.Ordinal);
        File.Delete(CommitLog(current));
        Assert.Contains("commit log is missing", Refused(current), StringComparison.Ordinal);
    }

    [Fact]
    public void S3_a_newer_commit_log_is_refused_with_its_version()
    {
        Open().Dispose();
        byte[] log = File.ReadAllBytes(CommitLog("store"));
        log[4] = 9;
        File.WriteAllBytes(CommitLog("store"), log);
        Assert.Contains("commit log version 9 is not supported", Refused("store"), StringComparison.Ordinal);
    }

    [Fact]
    public void S3_a_long_commit_log_begins_anew_and_loses_nothing_in_a_crash()
    {
        const int Batches = 50;
        byte[] value = new byte[1 << 20];

        // Tables are then written at restarts alone, so that the directory can be copied in between.
        using RocksDbStore store = RocksDbStore.Open(_directory.File("store"), Format, new RocksDb.RocksDbOptions(WriteBufferBytes: 128 << 20));
        for (int i = 0; i < Batches; i++)
        {
            value[0] = (byte)i;
            WriteBatch batch = new();
            batch.Put("head"u8, [(byte)i]);
            batch.Put([(byte)'b', (byte)(i % 8)], value);
            store.Write(batch, durable: true);
            if (i % 11 == 0 || i == Batches - 1)
            {
                using RocksDbStore again = RocksDbStore.Open(_directory.File(Crash()), Format);
                Assert.True(again.TryGet("head"u8, out byte[] head));
                Assert.Equal(i, head[0]);
                Assert.True(again.TryGet([(byte)'b', (byte)(i % 8)], out byte[] stored));
                Assert.Equal(i, stored[0]);
            }
        }

        Assert.InRange(new FileInfo(CommitLog("store")).Length, 1, 20 << 20);
    }

    [Fact]
    public void S3_a_path_that_cannot_be_made_is_an_io_failure()
    {
        File.WriteAllText(_directory.File("file"), "x");
        StorageFailure failure = Assert.Throws<StorageFailure>(() => RocksDbStore.Open(_directory.File("file/store"), Format));
        Assert.Equal(StorageFault.Io, failure.Fault);
    }

    [Fact]
    public void S3_a_full_disk_is_told_from_other_failures()
    {
        using (Sectors.SectorFile full = Sectors.SectorFile.Open(FileSystemDisk.Instance, "/dev/full"))
        {
            StorageFailure refused = Assert.Throws<StorageFailure>(() => full.Write(0, new byte[512]));
            Assert.Equal(StorageFault.DiskFull, refused.Fault);
        }

        StorageFailure failure = RocksDb.RocksDbErrors.Describe(
            "/data", "IO error: No space left on device: While appending to file: /data/000004.log: No space left on device");
        Assert.Equal(StorageFault.DiskFull, failure.Fault);
        Assert.Contains("free space", failure.Message, StringComparison.Ordinal);
    }

    public override void Dispose() => _directory.Dispose();

    private string CommitLog(string store) => Path.Combine(_directory.File(store), "COMMITS");

    private string Crash()
    {
        string copy = $"copy{_copies++}";
        TestDirectory.Copy(_directory.File("store"), _directory.File(copy));
        return copy;
    }

    private string Refused(string store) =>
        Assert.Throws<StorageFailure>(() => RocksDbStore.Open(_directory.File(store), Format)).Message;
}
