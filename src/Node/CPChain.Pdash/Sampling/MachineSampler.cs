using System.Globalization;
using System.IO;
using System.Text;

namespace CPChain.Pdash.Sampling;

/// <summary>
/// Samples this machine's own sensors as rows of a CSV: processor load of each core, memory, disk and network counters,
/// temperatures where
/// there are any. A sensor that is there at the start and cannot be read later leaves its cell empty.
/// </summary>
public sealed class MachineSampler
{
    /// <summary>Ten samples a second.</summary>
    public static readonly TimeSpan DefaultPeriod = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly List<ISensor> _sensors;

    /// <summary>Looks what there is under <paramref name="root"/>, the root of the file system.</summary>
    public MachineSampler(TimeProvider time, string root = "/")
    {
        _time = time;
        _sensors = [new ProcessorSensor(root), new MemorySensor(root), new DiskSensor(root), new NetworkSensor(root), new TemperatureSensor(root)];
        _sensors.RemoveAll(s => s.Columns.Count == 0);
    }

    /// <summary>Names of the columns; the first is the time in seconds since the first sample.</summary>
    public IReadOnlyList<string> Columns => ["time_s", .. _sensors.SelectMany(s => s.Columns)];

    /// <summary>The header row with its line end.</summary>
    public byte[] Header => Encoding.UTF8.GetBytes(string.Join(',', Columns) + "\n");

    /// <summary>Samples for a while; each element is one row with its line end.</summary>
    public async IAsyncEnumerable<byte[]> SampleAsync(TimeSpan duration, TimeSpan period,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        long start = _time.GetTimestamp();
        using PeriodicTimer timer = new(period, _time);
        do
        {
            TimeSpan elapsed = _time.GetElapsedTime(start);
            yield return Row(elapsed);
        }
        while (_time.GetElapsedTime(start) + period <= duration && await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
    }

    /// <summary>Samples for a while into one CSV file's bytes.</summary>
    public async Task<byte[]> SampleFileAsync(TimeSpan duration, TimeSpan period, CancellationToken cancel = default)
    {
        using MemoryStream file = new();
        file.Write(Header);
        await foreach (byte[] row in SampleAsync(duration, period, cancel).ConfigureAwait(false)) file.Write(row);
        return file.ToArray();
    }

    private byte[] Row(TimeSpan elapsed)
    {
        StringBuilder row = new();
        row.Append(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F3}");
        foreach (ISensor sensor in _sensors)
        {
            IReadOnlyList<string> cells = sensor.Read();
            for (int i = 0; i < sensor.Columns.Count; i++) row.Append(',').Append(i < cells.Count ? cells[i] : "");
        }
        return Encoding.UTF8.GetBytes(row.Append('\n').ToString());
    }
}
