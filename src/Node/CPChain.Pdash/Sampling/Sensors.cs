using System.Globalization;
using System.IO;

namespace CPChain.Pdash.Sampling;

/// <summary>A source of one or more cells of a row.</summary>
internal interface ISensor
{
    /// <summary>Column names; none when the machine has no such sensor.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The cells now; fewer than columns when the source vanished.</summary>
    IReadOnlyList<string> Read();
}

/// <summary>Reads files of the kernel, which may vanish between two reads.</summary>
internal static class KernelFile
{
    public static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static string[] Fields(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public static long Number(string text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long n) ? n : 0;

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Load of each core in percent since the last sample, from /proc/stat.</summary>
internal sealed class ProcessorSensor : ISensor
{
    private readonly string _path;
    private readonly Dictionary<string, (long Busy, long Total)> _before = [];

    public ProcessorSensor(string root)
    {
        _path = Path.Combine(root, "proc/stat");
        Columns = [.. Cores().Select(c => $"{c.Name}_percent")];
        Read();
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> Read()
    {
        List<string> cells = [];
        foreach ((string name, long busy, long total) in Cores())
        {
            (long Busy, long Total) before = _before.GetValueOrDefault(name);
            long span = total - before.Total;
            long tenths = span <= 0 ? 0 : Math.Clamp(1000 * (busy - before.Busy) / span, 0, 1000);
            cells.Add($"{KernelFile.Text(tenths / 10)}.{KernelFile.Text(tenths % 10)}");
            _before[name] = (busy, total);
        }
        return cells;
    }

    private List<(string Name, long Busy, long Total)> Cores()
    {
        const int idle = 4, waiting = 5;
        List<(string, long, long)> cores = [];
        foreach (string line in KernelFile.Lines(_path).Where(l => l.StartsWith("cpu", StringComparison.Ordinal)))
        {
            string[] fields = KernelFile.Fields(line);
            if (fields.Length <= waiting) continue;
            long total = fields.Skip(1).Sum(KernelFile.Number);
            cores.Add((fields[0], total - KernelFile.Number(fields[idle]) - KernelFile.Number(fields[waiting]), total));
        }
        return cores;
    }
}

/// <summary>Memory in KiB, from /proc/meminfo.</summary>
internal sealed class MemorySensor : ISensor
{
    private static readonly string[] Wanted = ["MemFree", "MemAvailable", "Cached", "Dirty"];
    private readonly string _path;

    public MemorySensor(string root)
    {
        _path = Path.Combine(root, "proc/meminfo");
        Columns = [.. Values().Select(v => $"{v.Name}_kib")];
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> Read() => [.. Values().Select(v => v.Value)];

    private IEnumerable<(string Name, string Value)> Values() =>
        from line in KernelFile.Lines(_path)
        let name = line.Split(':')[0]
        where Wanted.Contains(name)
        select (name, KernelFile.Fields(line)[1]);
}

/// <summary>Sectors read and written by all disks, from /proc/diskstats.</summary>
internal sealed class DiskSensor(string root) : ISensor
{
    private readonly string _path = Path.Combine(root, "proc/diskstats");

    public IReadOnlyList<string> Columns { get; } = KernelFile.Lines(Path.Combine(root, "proc/diskstats")).Length > 0
        ? ["disk_sectors_read", "disk_sectors_written"] : [];

    public IReadOnlyList<string> Read()
    {
        const int read = 5, written = 9;
        long reads = 0, writes = 0;
        foreach (string[] fields in KernelFile.Lines(_path).Select(KernelFile.Fields).Where(f => f.Length > written))
        {
            reads += KernelFile.Number(fields[read]);
            writes += KernelFile.Number(fields[written]);
        }
        return [KernelFile.Text(reads), KernelFile.Text(writes)];
    }
}

/// <summary>Bytes received and sent by all interfaces, from /proc/net/dev.</summary>
internal sealed class NetworkSensor(string root) : ISensor
{
    private readonly string _path = Path.Combine(root, "proc/net/dev");

    public IReadOnlyList<string> Columns { get; } = KernelFile.Lines(Path.Combine(root, "proc/net/dev")).Length > 0
        ? ["net_bytes_received", "net_bytes_sent"] : [];

    public IReadOnlyList<string> Read()
    {
        const int sent = 8;
        long receivedBytes = 0, sentBytes = 0;
        foreach (string line in KernelFile.Lines(_path).Where(l => l.Contains(':', StringComparison.Ordinal)))
        {
            string[] fields = KernelFile.Fields(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            if (fields.Length <= sent) continue;
            receivedBytes += KernelFile.Number(fields[0]);
            sentBytes += KernelFile.Number(fields[sent]);
        }
        return [KernelFile.Text(receivedBytes), KernelFile.Text(sentBytes)];
    }
}

/// <summary>Temperatures in degrees Celsius, from /sys/class/thermal and /sys/class/hwmon.</summary>
internal sealed class TemperatureSensor : ISensor
{
    private readonly List<string> _files = [];

    public TemperatureSensor(string root)
    {
        foreach ((string folder, string pattern) in new[] { ("sys/class/thermal", "temp"), ("sys/class/hwmon", "temp*_input") })
        {
            string path = Path.Combine(root, folder);
            if (!Directory.Exists(path)) continue;
            foreach (string device in Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal))
                _files.AddRange(Directory.EnumerateFiles(device, pattern).Order(StringComparer.Ordinal).Where(f => KernelFile.Lines(f).Length > 0));
        }
        Columns = [.. _files.Select((_, i) => $"temperature{i}_c")];
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> Read() => [.. _files.Select(Celsius)];

    private static string Celsius(string file)
    {
        string[] lines = KernelFile.Lines(file);
        if (lines.Length == 0) return "";
        long milli = KernelFile.Number(lines[0].Trim());
        return $"{(milli < 0 ? "-" : "")}{KernelFile.Text(Math.Abs(milli) / 1000)}.{Math.Abs(milli) % 1000:D3}";
    }
}
