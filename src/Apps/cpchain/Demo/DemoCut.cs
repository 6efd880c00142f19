using CPChain.Data.Blocks;
using CPChain.Data.Csv;

namespace CPChain.App.Demo;

/// <summary>Chooses period T, encryption interval e and upload interval u for a table, so that there is something to see.</summary>
public static class DemoCut
{
    private const long BlocksWanted = 12;
    private const ushort BlocksPerUpload = 8;
    private const byte DataShards = 4;
    private const byte TotalShards = 6;

    private static readonly uint[] PeriodsMs =
    [
        100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
        3_600_000, 7_200_000, 21_600_000, 86_400_000, 604_800_000, 2_592_000_000,
    ];

    /// <summary>Two blocks to a key where there are enough of them, else a key for each.</summary>
    public static StreamProfile For(CsvTable table, string? timeColumn)
    {
        long spanMs = SpanMs(table, timeColumn);
        uint periodMs = PeriodsMs.FirstOrDefault(period => spanMs / period < BlocksWanted, PeriodsMs[^1]);
        ushort blocksPerKey = spanMs / periodMs >= 4 ? (ushort)2 : (ushort)1;
        return new StreamProfile(periodMs, blocksPerKey, BlocksPerUpload, DataShards, TotalShards);
    }

    private static long SpanMs(CsvTable table, string? timeColumn)
    {
        if (!RowTimes.TryCreate(table, timeColumn, out RowTimes? times, out CsvFault? fault))
        {
            throw new CommandFault(fault.Message, fault.Fix);
        }

        long first = 0;
        long last = 0;
        for (int row = 0; row < table.RowCount; row++)
        {
            last = times.NextMs(table.Row(row).Span, table.Dialect);
            if (row == 0) first = last;
        }

        return last - first;
    }
}
