using System.Diagnostics.CodeAnalysis;
using CPChain.Data.Columns;
using CPChain.Data.Csv;

namespace CPChain.Data.Blocks;

/// <summary>Gives each row its time in milliseconds: from a column, or the row's number in seconds (rule D6.3).</summary>
/// <remarks>Times never go back: a row that is short, unreadable or earlier takes the time of the row before.</remarks>
public sealed class RowTimes
{
    private readonly int _column;
    private readonly TimeFormat? _calendar;
    private readonly NumberFormat? _number;
    private long _row;
    private long _lastMs;

    private RowTimes(int column, TimeFormat? calendar, NumberFormat? number)
    {
        _column = column;
        _calendar = calendar;
        _number = number;
    }

    /// <summary>Row numbers as seconds.</summary>
    public static RowTimes ByNumber() => new(-1, null, null);

    /// <summary>Takes the time from a column of seconds (decimal) or of dates; null means row numbers.</summary>
    public static bool TryCreate(CsvTable table, string? column, [NotNullWhen(true)] out RowTimes? times,
        [NotNullWhen(false)] out CsvFault? fault)
    {
        (times, fault) = (ByNumber(), null);
        if (column is null) return true;
        times = null;
        int index = table.ColumnIndex(column);
        if (index < 0)
        {
            fault = new CsvFault(CsvFaultKind.TimeColumnMissing, $"The file has no column named '{column}'.",
                $"Name one of: {string.Join(", ", table.ColumnNames.Take(20))}; or leave the option out to use row numbers as seconds.");
            return false;
        }
        List<TimeFormat> calendars = [];
        for (int r = 0; r < Math.Min(table.RowCount, 1000); r++)
        {
            ReadOnlySpan<byte> cell = Cell(table.Row(r).Span, table.Dialect, index);
            if (NumberText.IsNumber(cell)) times = new RowTimes(index, null, Milliseconds);
            else if (calendars.Count == 0) TimeFormat.Suggest(cell, calendars);
            if (times is null && calendars.Find(f => Fits(f, table, index)) is { } calendar) times = new RowTimes(index, calendar, null);
            if (times is not null) return true;
        }
        fault = new CsvFault(CsvFaultKind.TimeColumnUnreadable, $"Column '{column}' holds no time that can be read.",
            "Give a column of seconds or of dates like 2026-01-31 12:00:00, or leave the option out to use row numbers as seconds.");
        return false;
    }

    private static NumberFormat Milliseconds { get; } = new(DecimalStyle.Minimal, 3, 0, 0, false, "", "");

    /// <summary>The time of the next row.</summary>
    public long NextMs(ReadOnlySpan<byte> row, CsvDialect dialect)
    {
        long number = _row++;
        if (_column < 0) return _lastMs = number * 1000;
        ReadOnlySpan<byte> cell = Cell(row, dialect, _column);
        long ms = long.MinValue;
        if (_number is not null && TrySeconds(cell, out long parsed)) ms = parsed;
        // Half of long's range is far beyond any calendar, and keeps later sums inside.
        else if (_calendar is not null && _calendar.TryParse(cell, out long ticks) && ticks < long.MaxValue / 1000)
            ms = ticks * 1000 / _calendar.TicksPerSecond;
        if (number == 0) return _lastMs = ms == long.MinValue ? 0 : ms;
        return _lastMs = Math.Max(_lastMs, ms);
    }

    /// <summary>Seconds with any number of decimals, of which three count.</summary>
    private static bool TrySeconds(ReadOnlySpan<byte> cell, out long ms)
    {
        ms = 0;
        int point = cell.IndexOf((byte)'.');
        if (point >= 0 && cell.Length > point + 4) cell = NumberText.IsNumber(cell) ? cell[..(point + 4)] : default;
        return cell.Length > 0 && Milliseconds.TryParse(cell, out ms) && Math.Abs(ms) < long.MaxValue / 4;
    }

    private static bool Fits(TimeFormat format, CsvTable table, int column)
    {
        int good = 0, rows = Math.Min(table.RowCount, 1000);
        for (int r = 0; r < rows; r++)
            if (format.TryParse(Cell(table.Row(r).Span, table.Dialect, column), out _)) good++;
        return 2 * good > rows;
    }

    private static ReadOnlySpan<byte> Cell(ReadOnlySpan<byte> row, CsvDialect dialect, int column)
    {
        CellCursor cells = new(CsvRows.WithoutTerminator(row, dialect), dialect.Delimiter);
        for (int c = 0; cells.MoveNext(); c++)
            if (c == column) return NumberText.Body(cells.Current);
        return default;
    }
}
