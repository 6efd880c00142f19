using System.Text;
using CPChain.Storage.Disks;
using CPChain.Storage.Journals;
using Microsoft.Win32.SafeHandles;

namespace CPChain.Storage.Tests.Journals;

public sealed class AppendJournalTests : IDisposable
{
    private static readonly JournalFormat s_format = new("test", 1);
    private readonly TestDirectory _directory = new();

    private string JournalPath => _directory.File("journal");

    [Fact]
    public void S4_flushed_records_are_replayed_in_order()
    {
        Write([["a", "b", ""], ["c"]]);
        Assert.Equal(["a", "b", "", "c"], Replay());
        Assert.Equal(["a", "b", "", "c"], Replay());
    }

    [Fact]
    public void S4_appended_records_that_were_not_flushed_are_not_replayed()
    {
        using (AppendJournal journal = Open([]))
        {
            journal.Append("a"u8);
            journal.Flush(durable: true);
            journal.Append("b"u8);
        }

        Assert.Equal(["a"], Replay());
    }

    [Fact]
    public void S5_every_cut_of_the_file_yields_the_flushes_before_it()
    {
        Write([["a", "b"], ["c"], ["d"]]);
        byte[] whole = File.ReadAllBytes(JournalPath);
        string[][] expected = [[], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]];
        int[] ends = [32, 32 + 8 + 10, 32 + 8 + 10 + 13, 32 + 8 + 10 + 26];
        Assert.Equal(ends[3], whole.Length);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(JournalPath, whole[..length]);
            int flushes = Math.Max(0, ends.Count(e => e <= length) - 1);
            Assert.Equal(expected[flushes], Replay());
            Assert.Equal(Math.Max(32, ends[flushes]), new FileInfo(JournalPath).Length);
        }
    }

    [Fact]
    public void S5_records_appended_after_a_torn_end_are_replayed()
    {
        Write([["a"], ["b"]]);
        File.WriteAllBytes(JournalPath, File.ReadAllBytes(JournalPath)[..^1]);
        Write([["c"]]);
        Assert.Equal(["a", "c"], Replay());
    }

    [Fact]
    public void S5_a_flipped_bit_is_reported_or_drops_only_the_last_flush()
    {
        Write([["first", "record"], ["second"], ["third"]]);
        byte[] whole = File.ReadAllBytes(JournalPath);
        int lastFlush = whole.Length - (8 + 4 + 5);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(JournalPath, damaged);
            List<string>? records = null;
            StorageFailure? failure = Record.Exception(() => records = Replay()) as StorageFailure;
            if (bit / 8 < lastFlush || records is null)
            {
                Assert.NotNull(failure);
                Assert.True(failure.Fault is StorageFault.Corrupt or StorageFault.UnknownFormat, failure.Message);
            }
            else
            {
                Assert.Equal(["first", "record", "second"], records);
            }
        }
    }

    [Fact]
    public void S5_zeros_after_the_last_flush_are_a_torn_end()
    {
        Write([["a"]]);
        long length = new FileInfo(JournalPath).Length;
        File.AppendAllBytes(JournalPath, new byte[5000]);
        Assert.Equal(["a"], Replay());
        Assert.Equal(length, new FileInfo(JournalPath).Length);
    }

    [Fact]
    public void S4_a_rewrite_keeps_exactly_the_given_records()
    {
        using (AppendJournal journal = Open([]))
        {
            journal.Append("old"u8);
            journal.Flush(durable: true);
            journal.Rewrite([Encoding.ASCII.GetBytes("kept")]);
            journal.Append("new"u8);
            journal.Flush(durable: true);
        }

        Assert.Equal(["kept", "new"], Replay());
    }

    [Fact]
    public void S4_a_rewrite_that_a_crash_interrupted_leaves_the_old_records()
    {
        Write([["old"]]);
        File.WriteAllBytes(JournalPath + ".new", File.ReadAllBytes(JournalPath)[..20]);
        Assert.Equal(["old"], Replay());
        Assert.False(File.Exists(JournalPath + ".new"));
    }

    [Fact]
    public void S4_another_kind_or_version_is_refused_with_the_version()
    {
        Write([["a"]]);
        StorageFailure version = Assert.Throws<StorageFailure>(
            () => AppendJournal.Open(JournalPath, new JournalFormat("test", 7), _ => { }));
        Assert.Contains("record version 1 is not supported (this program writes 7)", version.Message, StringComparison.Ordinal);
        StorageFailure kind = Assert.Throws<StorageFailure>(
            () => AppendJournal.Open(JournalPath, new JournalFormat("pool", 1), _ => { }));
        Assert.Equal(StorageFault.UnknownFormat, kind.Fault);
        byte[] newer = File.ReadAllBytes(JournalPath);
        newer[4] = 2;
        File.WriteAllBytes(JournalPath, newer);
        StorageFailure envelope = Assert.Throws<StorageFailure>(Replay);
        Assert.Contains("journal format version 2 is not supported", envelope.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void S4_a_record_above_the_bound_is_not_taken()
    {
        using AppendJournal journal = AppendJournal.Open(JournalPath, s_format, _ => { }, recordBytesMax: 10);
        journal.Append(new byte[10]);
        Assert.Throws<ArgumentException>(() => journal.Append(new byte[11]));
    }

    [Fact]
    public void S4_a_second_opening_is_refused()
    {
        using AppendJournal journal = Open([]);
        StorageFailure failure = Assert.Throws<StorageFailure>(() => Open([]));
        Assert.Equal(StorageFault.Locked, failure.Fault);
    }

    [Fact]
    public void S4_a_full_disk_is_final()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is not there");
        using AppendJournal journal = Open([]);
        AppendJournal full = JournalOnFullDevice(journal);
        full.Append("a"u8);
        StorageFailure failure = Assert.Throws<StorageFailure>(() => full.Flush(durable: true));
        Assert.Equal(StorageFault.DiskFull, failure.Fault);
        Assert.Same(failure, Assert.Throws<StorageFailure>(() => full.Append("b"u8)));
    }

    public void Dispose() => _directory.Dispose();

    private static AppendJournal JournalOnFullDevice(AppendJournal journal)
    {
        const string path = "/dev/full";
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        journal.UseFile(new FileSystemFile(handle, path, isDirect: false));
        return journal;
    }

    private AppendJournal Open(List<string> records) =>
        AppendJournal.Open(JournalPath, s_format, record => records.Add(Encoding.ASCII.GetString(record)));

    private void Write(string[][] flushes)
    {
        using AppendJournal journal = Open([]);
        foreach (string[] flush in flushes)
        {
            foreach (string record in flush)
            {
                journal.Append(Encoding.ASCII.GetBytes(record));
            }

            journal.Flush(durable: true);
        }
    }

    private List<string> Replay()
    {
        List<string> records = [];
        using AppendJournal journal = Open(records);
        return records;
    }
}
