using CPChain.Data.Csv;

namespace CPChain.Data.Blocks;

/// <summary>Rows that belong into one block.</summary>
/// <param name="Rows">Whole rows, one behind the other.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="FromMs">Time of the first row.</param>
/// <param name="ToMs">Time of the last row.</param>
public sealed record BlockRows(byte[] Rows, uint Count, long FromMs, long ToMs);

/// <summary>Cuts a stream of rows into blocks: when a period T has passed or 1 MiB is full, whichever comes first (rule
/// D6.1).</summary>
/// <remarks>Periods count from the first row, so that equal input gives equal blocks.</remarks>
public sealed class StreamBlocks(uint periodMs)
{
    /// <summary>Raw bytes after which a block is closed; one row may make it longer.</summary>
    public const int BlockBytes = 1 << 20;

    private readonly Encoding.ByteSink _rows = new(1 << 16);
    private long? _originMs;
    private long _period;
    private long _fromMs;
    private long _toMs;
    private uint _count;

    /// <summary>Adds a row; gives the block before it when the row starts a new one.</summary>
    public BlockRows? Add(ReadOnlySpan<byte> row, long timeMs)
    {
        _originMs ??= timeMs;
        long period = (timeMs - _originMs.Value) / periodMs;
        BlockRows? full = _count > 0 && (period != _period || _rows.Length + row.Length > BlockBytes) ? Flush() : null;
        if (_count == 0) (_period, _fromMs) = (period, timeMs);
        _rows.Bytes(row);
        _toMs = timeMs;
        _count++;
        return full;
    }

    /// <summary>Closes the block in progress; null when there is none.</summary>
    public BlockRows? Flush()
    {
        if (_count == 0) return null;
        BlockRows block = new(_rows.ToArray(), _count, _fromMs, _toMs);
        _rows.Clear();
        _count = 0;
        return block;
    }

    /// <summary>Cuts a whole file.</summary>
    public static IEnumerable<BlockRows> Cut(CsvTable table, RowTimes times, uint periodMs)
    {
        StreamBlocks blocks = new(periodMs);
        for (int r = 0; r < table.RowCount; r++)
        {
            ReadOnlyMemory<byte> row = table.Row(r);
            if (blocks.Add(row.Span, times.NextMs(row.Span, table.Dialect)) is { } block) yield return block;
        }
        if (blocks.Flush() is { } last) yield return last;
    }
}
