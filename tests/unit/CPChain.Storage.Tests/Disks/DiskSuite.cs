using System.Text;
using CPChain.Storage.Disks;
using CPChain.Storage.Journals;
using CPChain.Storage.Sectors;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Storage.Tests.Disks;

/// <summary>What every disk must do while the power stays (specs/storage S8), run on each implementation.</summary>
public abstract class DiskSuite : IDisposable
{
    protected abstract IDisk Disk { get; }

    /// <summary>An existing directory for the test alone.</summary>
    protected abstract string Root { get; }

    public abstract void Dispose();

    [Fact]
    public void S8_a_new_file_is_empty_and_what_is_written_is_read_back()
    {
        using IDiskFile file = Disk.Open(At("a"), DiskAccess.Buffered);
        Assert.Equal(0, file.LengthBytes);
        file.Write("hello"u8, 3);
        Assert.Equal(8, file.LengthBytes);
        byte[] read = new byte[20];
        Assert.Equal(7, file.Read(read, 1));
        Assert.Equal([0, 0, .. "hello"u8], read[..7]);
        Assert.Equal(0, file.Read(read, 8));
        Assert.Equal(0, file.Read(read, 1000));
    }

    [Fact]
    public void S8_content_outlives_its_handle()
    {
        using (IDiskFile file = Disk.Open(At("a"), DiskAccess.Buffered))
        {
            file.Write("kept"u8, 0);
            file.Sync();
        }

        using IDiskFile again = Disk.Open(At("a"), DiskAccess.Buffered);
        Assert.Equal("kept", Text(again));
    }

    [Fact]
    public void S8_a_length_cuts_off_or_adds_zeros()
    {
        using IDiskFile file = Disk.Open(At("a"), DiskAccess.Buffered);
        file.Write("abcdef"u8, 0);
        file.SetLength(3);
        file.SetLength(5);
        Assert.Equal("abc\0\0", Text(file));
    }

    [Fact]
    public void S8_a_buffered_file_has_one_user()
    {
        using (IDiskFile file = Disk.Open(At("a"), DiskAccess.Buffered))
        {
            StorageFailure failure = Assert.Throws<StorageFailure>(() => Disk.Open(At("a"), DiskAccess.Buffered));
            Assert.Equal(StorageFault.Locked, failure.Fault);
        }

        Disk.Open(At("a"), DiskAccess.Buffered).Dispose();
    }

    [Fact]
    public void S8_names_come_change_and_go()
    {
        Make("one", "1");
        Make("two", "2");
        Assert.Equal(["one", "two"], Disk.Files(Root));

        Disk.Rename(At("one"), At("two"));
        Assert.Equal(["two"], Disk.Files(Root));
        Assert.False(Disk.Exists(At("one")));
        using (IDiskFile two = Disk.Open(At("two"), DiskAccess.Buffered))
        {
            Assert.Equal("1", Text(two));
        }

        Disk.Delete(At("two"));
        Disk.Delete(At("two"));
        Assert.False(Disk.Exists(At("two")));
        Assert.Empty(Disk.Files(Root));
        Disk.SyncDirectory(Root);
    }

    [Fact]
    public void S8_a_published_file_replaces_the_one_before_while_that_is_open()
    {
        Make("journal", "old");
        using IDiskFile old = Disk.Open(At("journal"), DiskAccess.Buffered);
        Make("journal.new", "new");
        Disk.Publish(At("journal.new"), At("journal"));
        Assert.Equal("old", Text(old));
        old.Dispose();
        using IDiskFile now = Disk.Open(At("journal"), DiskAccess.Buffered);
        Assert.Equal("new", Text(now));
        Assert.Equal(["journal"], Disk.Files(Root));
    }

    [Fact]
    public void S8_directories_are_made_with_their_parents_and_nothing_is_where_there_is_none()
    {
        string deep = Path.Combine(Root, "x", "y");
        Assert.Throws<StorageFailure>(() => Disk.Open(Path.Combine(deep, "a"), DiskAccess.Buffered));
        Assert.Throws<StorageFailure>(() => Disk.Open(Path.Combine(deep, "a"), DiskAccess.DurableSectors));
        Assert.Throws<StorageFailure>(() => Disk.SyncDirectory(deep));
        Assert.Throws<StorageFailure>(() => Disk.Rename(At("absent"), At("b")));
        Assert.Empty(Disk.Files(deep));

        Disk.CreateDirectory(deep);
        Disk.CreateDirectory(deep);
        Disk.Open(Path.Combine(deep, "a"), DiskAccess.Buffered).Dispose();
        Disk.SyncDirectory(deep);
        Assert.Equal(["a"], Disk.Files(deep));
        Assert.True(Disk.FreeBytes(deep) > 0);
    }

    [Fact]
    public void S8_sectors_are_written_in_place_and_filled_up_with_zeros()
    {
        using (SectorFile file = SectorFile.Open(Disk, At("s"), bytesMin: 4096))
        {
            Assert.Equal(4096, file.LengthBytes);
            Assert.Equal(1, file.Write(2, "two"u8));
            Assert.Equal(2, file.Write(3, new byte[512], "four"u8));
            Assert.Equal(1, file.Write(8, "beyond"u8));
        }

        using SectorFile again = SectorFile.Open(Disk, At("s"), bytesMin: 1024);
        byte[] all = again.ReadAll();
        Assert.Equal(4608, all.Length);
        byte[] expected = new byte[4608];
        "two"u8.CopyTo(expected.AsSpan(2 * 512));
        "four"u8.CopyTo(expected.AsSpan(4 * 512));
        "beyond"u8.CopyTo(expected.AsSpan(8 * 512));
        Assert.Equal(expected, all);
    }

    [Fact]
    public void S8_a_journal_lives_on_it()
    {
        JournalFormat format = new("suite", 1);
        using (AppendJournal journal = AppendJournal.Open(At("journal"), format, static _ => { }, disk: Disk))
        {
            journal.Append("a"u8);
            journal.Append("b"u8);
            journal.Flush(durable: true);
            journal.Rewrite(["b"u8.ToArray()]);
            journal.Append("c"u8);
            journal.Flush(durable: false);
        }

        List<string> records = [];
        using AppendJournal again = AppendJournal.Open(
            At("journal"), format, record => records.Add(Encoding.ASCII.GetString(record)), disk: Disk);
        Assert.Equal(["b", "c"], records);
    }

    [Fact]
    public void S8_random_writes_and_cuts_equal_an_array()
    {
        var operation =
            from at in Gen.Choose(0, 3000)
            from count in Gen.Choose(-1, 1500)
            select (At: at, Count: count);
        int made = 0;
        Prop.ForAll(Gen.ArrayOf(operation).ToArbitrary(), operations =>
        {
            using IDiskFile file = Disk.Open(At($"f{made++}"), DiskAccess.Buffered);
            byte[] model = [];
            byte next = 0;
            foreach ((int at, int count) in operations)
            {
                if (count < 0)
                {
                    file.SetLength(at);
                    Array.Resize(ref model, at);
                    continue;
                }

                byte[] bytes = [.. Enumerable.Range(0, count).Select(_ => unchecked(next++))];
                file.Write(bytes, at);
                if (count > 0)
                {
                    Array.Resize(ref model, Math.Max(model.Length, at + count));
                    bytes.CopyTo(model, at);
                }

                if (count % 3 == 0)
                {
                    file.Sync();
                }
            }

            byte[] read = new byte[file.LengthBytes];
            return file.Read(read, 0) == model.Length && read.AsSpan().SequenceEqual(model);
        }).QuickCheckThrowOnFailure();
    }

    protected string At(string name) => Path.Combine(Root, name);

    private static string Text(IDiskFile file)
    {
        byte[] bytes = new byte[file.LengthBytes];
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        return Encoding.ASCII.GetString(bytes);
    }

    private void Make(string name, string content)
    {
        using IDiskFile file = Disk.Open(At(name), DiskAccess.Buffered);
        file.Write(Encoding.ASCII.GetBytes(content), 0);
        file.Sync();
    }
}
