using CPChain.Data.Csv;
using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>The cells of a run of rows: where each one lies, and the shape of every row (rule D2.1).</summary>
internal sealed class CellGrid
{
    private readonly byte[] _bytes;
    private readonly List<(int Start, int Length)> _cells = [];
    private readonly List<int> _rowFirst = [];
    private readonly List<RowEnd> _ends = [];

    /// <summary>Cuts <paramref name="rows"/>, whole rows one behind the other.</summary>
    public CellGrid(ReadOnlySpan<byte> rows, CsvDialect dialect)
    {
        _bytes = rows.ToArray();
        int[] starts = CsvRows.Split(_bytes, dialect);
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            ReadOnlySpan<byte> row = _bytes.AsSpan(starts[r]..starts[r + 1]);
            _rowFirst.Add(_cells.Count);
            _ends.Add(CsvRows.EndOf(row, dialect));
            CellCursor cursor = new(CsvRows.WithoutTerminator(row, dialect), dialect.Delimiter);
            int at = starts[r];
            while (cursor.MoveNext())
            {
                _cells.Add((at, cursor.Current.Length));
                at += cursor.Current.Length + 1;
            }
        }
        _rowFirst.Add(_cells.Count);
        for (int r = 0; r < RowCount; r++) ColumnCount = Math.Max(ColumnCount, CellsOf(r));
    }

    public int RowCount => _ends.Count;

    public int CellCount => _cells.Count;

    /// <summary>Cells of the longest row.</summary>
    public int ColumnCount { get; }

    /// <summary>The cells of column <paramref name="column"/>, from the rows that are long enough.</summary>
    public CellColumn Column(int column)
    {
        List<(int Start, int Length)> cells = [];
        for (int r = 0; r < RowCount; r++)
            if (CellsOf(r) > column) cells.Add(_cells[_rowFirst[r] + column]);
        return new CellColumn(_bytes, cells);
    }

    /// <summary>Writes cells per row and line ends, run-length coded.</summary>
    public void WriteShape(ByteSink sink)
    {
        List<(ulong Shape, int Run)> runs = [];
        for (int r = 0; r < RowCount; r++)
        {
            ulong shape = (ulong)CellsOf(r) << 2 | (byte)_ends[r];
            if (runs.Count > 0 && runs[^1].Shape == shape) runs[^1] = (shape, runs[^1].Run + 1);
            else runs.Add((shape, 1));
        }
        sink.Varint((ulong)runs.Count);
        foreach ((ulong shape, int run) in runs)
        {
            sink.Varint(shape);
            sink.Varint((ulong)run);
        }
    }

    private int CellsOf(int row) => _rowFirst[row + 1] - _rowFirst[row];
}

/// <summary>The raw texts of one column.</summary>
internal sealed class CellColumn(ReadOnlyMemory<byte> bytes, List<(int Start, int Length)> cells)
{
    public int Count => cells.Count;

    public ReadOnlySpan<byte> this[int index] => bytes.Span.Slice(cells[index].Start, cells[index].Length);

    /// <summary>The cells at these positions, in order.</summary>
    public CellColumn Select(IEnumerable<int> positions) => new(bytes, [.. positions.Select(i => cells[i])]);
}

/// <summary>Cells per row and line ends, as read back.</summary>
internal sealed class RowShapes
{
    private RowShapes(int[] cells, RowEnd[] ends)
    {
        Cells = cells;
        Ends = ends;
    }

    public int[] Cells { get; }

    public RowEnd[] Ends { get; }

    /// <summary>Reads the shapes of <paramref name="rows"/> rows with at most <paramref name="cellsMax"/> cells in all.</summary>
    public static RowShapes? Read(ref ByteSource source, int rows, int cellsMax)
    {
        int runs = source.Count(rows);
        if (runs > source.Remaining) source.Fail();
        if (source.Failed) return null;
        int[] cells = new int[rows];
        RowEnd[] ends = new RowEnd[rows];
        int at = 0;
        long total = 0;
        for (int i = 0; i < runs; i++)
        {
            ulong shape = source.Varint();
            int run = source.Count(rows - at);
            if (shape >> 2 == 0 || shape >> 2 > (ulong)cellsMax) source.Fail();
            if (source.Failed) return null;
            total += (long)(shape >> 2) * run;
            cells.AsSpan(at, run).Fill((int)(shape >> 2));
            ends.AsSpan(at, run).Fill((RowEnd)(shape & 3));
            at += run;
        }
        if (at == rows && total <= cellsMax) return new RowShapes(cells, ends);
        source.Fail();
        return null;
    }
}
