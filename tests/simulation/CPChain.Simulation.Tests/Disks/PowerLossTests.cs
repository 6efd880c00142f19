using System.Text;
using CPChain.Simulation.Disks;
using CPChain.Storage;
using CPChain.Storage.Disks;

namespace CPChain.Simulation.Tests.Disks;

/// <summary>What the disk in memory forgets with the power, and what it never does (specs/storage S8).</summary>
public sealed class PowerLossTests
{
    private const int Seeds = 200;

    [Theory]
    [InlineData(CacheLoss.All)]
    [InlineData(CacheLoss.None)]
    [InlineData(CacheLoss.Some)]
    public void S8_what_was_synchronised_is_kept(CacheLoss loss)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = MakeDisk(seed);
            using (IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered))
            {
                file.Write("kept"u8, 0);
                file.Sync();
                disk.SyncDirectory("/d");
                file.Write("lost, perhaps"u8, 600);
            }
            Restart(disk, loss);
            Assert.StartsWith("kept", Text(disk, "/d/a"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_write_that_goes_astray_lands_on_other_sectors_of_its_file_and_nobody_hears_of_it()
    {
        HashSet<int> places = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = MakeDisk(seed);
            using IDiskFile file = disk.Open("/d/a", DiskAccess.DurableSectors);
            file.Write(new byte[8 * 512], 0);
            disk.Judge = operation => operation.Kind == DiskOperationKind.Write ? DiskVerdict.Astray : DiskVerdict.Proceed;
            file.Write(Enumerable.Repeat((byte)'x', 512).ToArray(), 3 * 512);
            disk.Judge = null;
            string text = Text(disk, "/d/a");
            Assert.Equal((8 * 512, 512), (text.Length, text.Count(letter => letter == 'x')));
            Assert.Equal(0, text.IndexOf('x', StringComparison.Ordinal) % 512);
            places.Add(text.IndexOf('x', StringComparison.Ordinal) / 512);
        }
        Assert.True(places.Count > 4, string.Join(' ', places));
    }

    [Fact]
    public void S8_what_was_not_is_kept_and_lost_sector_by_sector_in_every_combination()
    {
        HashSet<string> seen = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = MakeDisk(seed);
            IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered);
            file.Write(new byte[1536], 0);
            file.Sync();
            disk.SyncDirectory("/d");
            file.Write(Encoding.ASCII.GetBytes(new string('x', 1536)), 0);
            file.Write(Encoding.ASCII.GetBytes(new string('y', 512)), 512);
            Restart(disk, CacheLoss.Some);
            string text = Text(disk, "/d/a");
            string state = string.Concat(Enumerable.Range(0, 3).Select(sector => text[sector * 512]));
            Assert.All(Enumerable.Range(0, 1536), at => Assert.Equal(state[at / 512], text[at]));
            seen.Add(state);
        }
        // Each sector is old or new; the middle one may hold either of its two writes.
        Assert.Equal(2 * 3 * 2, seen.Count);
    }

    [Fact]
    public void S8_a_length_that_was_not_synchronised_may_be_lost_with_its_bytes()
    {
        HashSet<int> lengths = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = MakeDisk(seed);
            IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered);
            file.Write(new byte[100], 0);
            file.Sync();
            disk.SyncDirectory("/d");
            file.Write(new byte[100], 100);
            file.SetLength(10);
            Restart(disk, CacheLoss.Some);
            lengths.Add(Text(disk, "/d/a").Length);
        }
        Assert.Equal([10, 100, 200], lengths.Order());
    }

    [Fact]
    public void S8_a_durable_write_is_kept_but_its_file_only_with_its_name()
    {
        HashSet<bool> names = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = MakeDisk(seed);
            disk.Open("/d/s", DiskAccess.DurableSectors).Write(Filled(512, 'x'), 0);
            SimulatedDisk twin = disk.Copy(seed);
            Restart(disk, CacheLoss.Some);
            names.Add(disk.Exists("/d/s"));

            twin.SyncDirectory("/d");
            Restart(twin, CacheLoss.All);
            Assert.Equal(new string('x', 512), Text(twin, "/d/s"));
        }
        Assert.Equal(2, names.Count);
    }

    [Fact]
    public void S8_renames_and_deletions_are_kept_or_lost_each_on_its_own()
    {
        HashSet<string> states = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = MakeDisk(seed);
            foreach (string name in (string[])["a", "b"])
            {
                IDiskFile file = disk.Open($"/d/{name}", DiskAccess.Buffered);
                file.Write(Encoding.ASCII.GetBytes(name), 0);
                file.Sync();
            }
            disk.SyncDirectory("/d");
            disk.Rename("/d/a", "/d/c");
            disk.Delete("/d/b");
            Restart(disk, CacheLoss.Some);
            states.Add(string.Join(' ', disk.Files("/d").Select(name => $"{name}={Text(disk, $"/d/{name}")}")));
        }
        Assert.Equal(["a=a", "a=a b=b", "b=b c=a", "c=a"], states.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void S8_after_a_failed_sync_a_later_one_brings_nothing_back()
    {
        bool wasLost = false;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = MakeDisk(seed);
            IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered);
            disk.SyncDirectory("/d");
            file.Write("first"u8, 0);
            disk.Judge = static operation => operation.Kind == DiskOperationKind.Sync ? DiskVerdict.Fail : DiskVerdict.Proceed;
            StorageFailure failure = Assert.Throws<StorageFailure>(file.Sync);
            Assert.Equal(StorageFault.Io, failure.Fault);
            disk.Judge = null;
            Assert.Equal("first", Text(file));
            file.Sync();
            Restart(disk, CacheLoss.None);
            wasLost |= Text(disk, "/d/a").TrimEnd('\0').Length == 0;
        }
        Assert.True(wasLost);
    }

    [Fact]
    public void S8_a_write_that_the_end_meets_leaves_the_sectors_before_it()
    {
        for (int sectors = 0; sectors <= 4; sectors++)
        {
            SimulatedDisk disk = MakeDisk(1);
            IDiskFile file = disk.Open("/d/s", DiskAccess.DurableSectors);
            file.Write(Filled(4 * 512, 'o'), 0);
            disk.SyncDirectory("/d");
            bool heard = false;
            disk.PowerLost = () => heard = true;
            disk.Judge = _ => new DiskVerdict(DiskVerdictKind.LosePowerWithin, sectors);
            Assert.Throws<PowerLossException>(() => file.Write(Filled(4 * 512, 'n'), 0));
            Assert.True(heard);
            Assert.Throws<PowerLossException>(() => disk.Exists("/d/s"));

            disk.Judge = null;
            disk.Start(CacheLoss.Some);
            Assert.Equal(new string('n', sectors * 512) + new string('o', (4 - sectors) * 512), Text(disk, "/d/s"));
        }
    }

    [Fact]
    public void S8_a_handle_of_an_ended_process_writes_nothing_more()
    {
        SimulatedDisk disk = MakeDisk(1);
        IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered);
        file.Write("1"u8, 0);
        disk.Kill();
        Assert.Throws<PowerLossException>(() => file.Write("2"u8, 0));
        file.Dispose();
        Assert.Equal("1", Text(disk, "/d/a"));
    }

    [Fact]
    public void S8_a_full_disk_and_a_refused_read_are_told_apart()
    {
        SimulatedDisk disk = MakeDisk(1);
        disk.CapacityBytes = 1000;
        using IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered);
        file.Write(new byte[900], 0);
        Assert.Equal(100, disk.FreeBytes("/d"));
        Assert.Equal(StorageFault.DiskFull, Assert.Throws<StorageFailure>(() => file.Write(new byte[200], 900)).Fault);
        file.Write(new byte[100], 900);
        disk.FailRead = static path => path == "/d/a";
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFailure>(() => file.Read(new byte[1], 0)).Fault);
    }

    [Fact]
    public void S8_a_backup_is_what_was_there()
    {
        SimulatedDisk disk = MakeDisk(1);
        using (IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered))
            file.Write("old"u8, 0);
        DiskBackup backup = disk.BackUp("/d");
        using (IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered))
            file.Write("new"u8, 0);
        disk.Open("/d/b", DiskAccess.Buffered).Dispose();
        disk.Restore(backup);
        Assert.Equal(["a"], disk.Files("/d"));
        Assert.Equal("old", Text(disk, "/d/a"));
    }

    [Fact]
    public void Equal_seeds_give_equal_losses()
    {
        string[] runs = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            SimulatedDisk disk = MakeDisk(77);
            IDiskFile file = disk.Open("/d/a", DiskAccess.Buffered);
            disk.SyncDirectory("/d");
            for (int i = 0; i < 40; i++)
                file.Write(Filled(700, (char)('a' + (i % 26))), i * 300);
            Restart(disk, CacheLoss.Some);
            return Text(disk, "/d/a");
        })];
        Assert.Equal(runs[0], runs[1]);
    }

    private static SimulatedDisk MakeDisk(ulong seed)
    {
        SimulatedDisk disk = new(seed);
        disk.CreateDirectory("/d");
        return disk;
    }

    private static void Restart(SimulatedDisk disk, CacheLoss loss)
    {
        disk.LosePower();
        disk.Start(loss);
    }

    private static byte[] Filled(int count, char with) => Encoding.ASCII.GetBytes(new string(with, count));

    private static string Text(SimulatedDisk disk, string path)
    {
        using IDiskFile file = disk.Open(path, DiskAccess.Buffered);
        return Text(file);
    }

    private static string Text(IDiskFile file)
    {
        byte[] bytes = new byte[file.LengthBytes];
        file.Read(bytes, 0);
        return Encoding.ASCII.GetString(bytes);
    }
}
