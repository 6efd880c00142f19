using System.Globalization;
using System.Text;
using CPChain.App.Demo;
using CPChain.Data.Csv;

namespace CPChain.App.Bench;

/// <summary>Readings to measure with: the given file, or a car trip made from a fixed rule, the same on every machine.</summary>
internal static class BenchReadings
{
    private const int Rows = 4_000;

    public static (byte[] Bytes, CsvTable Table, string Origin) Load(string? file)
    {
        if (file is not null)
        {
            CsvTable given = DemoInput.Read(file);
            return ([.. given.Header.Span, .. given.Rows(0, given.RowCount).Span], given, Path.GetFileName(file));
        }

        byte[] made = Make();
        return CsvTable.TryRead(made, out CsvTable? table, out CsvFault? fault)
            ? (made, table, "made") : throw new CommandFault(fault.Message, fault.Fix);
    }

    private static byte[] Make()
    {
        StringBuilder text = new("time_s,speed_kmh,rpm,coolant_c,throttle,voltage\n");
        ulong state = 0x9E3779B97F4A7C15;
        double speed = 0;
        double coolant = 20;
        for (int row = 0; row < Rows; row++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            double push = ((state >> 40) / (double)(1 << 24)) - 0.45;
            speed = Math.Clamp(speed + (push * 8), 0, 130);
            coolant = Math.Min(coolant + 0.05, 90);
            text.Append(CultureInfo.InvariantCulture,
                $"{row},{speed:F1},{800 + (speed * 28):F0},{coolant:F1},{Math.Max(push, 0) * 100:F6},{12.4 + (push / 10):F3}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
