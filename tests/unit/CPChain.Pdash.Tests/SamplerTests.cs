using System.Text;
using CPChain.Data.Csv;
using CPChain.Pdash.Sampling;

namespace CPChain.Pdash.Tests;

public sealed class SamplerTests
{
    [Fact]
    public async Task The_sensors_of_a_machine_become_rows_of_numbers()
    {
        string root = Directory.CreateTempSubdirectory("cpchain-sensors-").FullName;
        try
        {
            Write(root, "proc/stat", "cpu  10 0 10 80 0 0 0 0 0 0\ncpu0 10 0 10 80 0 0 0 0 0 0\nintr 5\n");
            Write(root, "proc/meminfo", "MemTotal: 100 kB\nMemFree:   40 kB\nMemAvailable:   60 kB\n");
            Write(root, "proc/diskstats", "   8 0 sda 1 2 300 4 5 6 700 8 9 10 11\n   8 1 sdb 1 2 1 4 5 6 1 8 9 10 11\n");
            Write(root, "proc/net/dev", "Inter-| Receive\n face |bytes\n  lo: 11 1 0 0 0 0 0 0 22 1 0\neth0:100 1 0 0 0 0 0 0 200 1 0\n");
            Write(root, "sys/class/thermal/thermal_zone0/temp", "-1250\n");
            MachineSampler sampler = new(TimeProvider.System, root);
            byte[] file = await sampler.SampleFileAsync(TimeSpan.Zero, MachineSampler.DefaultPeriod);
            Assert.Equal("time_s,cpu_percent,cpu0_percent,MemFree_kib,MemAvailable_kib,disk_sectors_read,disk_sectors_written,"
                + "net_bytes_received,net_bytes_sent,temperature0_c\n", Encoding.UTF8.GetString(sampler.Header));
            string row = Encoding.UTF8.GetString(file.AsSpan(sampler.Header.Length));
            Assert.EndsWith(",0.0,0.0,40,60,301,701,111,222,-1.250\n", row, StringComparison.Ordinal);
            Assert.True(CsvTable.TryRead(file, out CsvTable? table, out _));
            Assert.Equal(1, table.RowCount);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Write(string root, string path, string text)
    {
        string full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
