using System.Diagnostics.CodeAnalysis;

namespace CPChain.Data.Csv;

/// <summary>A CSV file cut into a header row and data rows without losing a byte (rule D1.1).</summary>
/// <remarks>Rows are offsets into the original bytes, so concatenating header and rows always gives the input.</remarks>
public sealed class CsvTable
{
    /// <summary>Largest file that is read at once, in bytes.</summary>
    public const int BytesMax = 1 << 30;

    /// <summary>Longest row, in bytes: what a block must be able to hold.</summary>
    public const int RowBytesMax = 1 << 20;

    private const int SniffBytes = 1 << 20;
    private const int NumericProbeRows = 4096;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[] _rowStarts;

    private CsvTable(ReadOnlyMemory<byte> bytes, int[] rowStarts, CsvDialect dialect)
    {
        _bytes = bytes;
        _rowStarts = rowStarts;
        Dialect = dialect;
        ColumnNames = ReadNames();
    }

    /// <summary>Delimiter and line-end rule found in the file.</summary>
    public CsvDialect Dialect { get; }

    /// <summary>Names in the header row, without surrounding spaces, quotes and byte-order mark.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Number of data rows; the header row is not counted.</summary>
    public int RowCount => _rowStarts.Length - 2;

    /// <summary>The header row with its line end.</summary>
    public ReadOnlyMemory<byte> Header => _bytes[.._rowStarts[1]];

    /// <summary>Bytes of the whole file.</summary>
    public long TotalBytes => _bytes.Length;

    /// <summary>Whether a file is this one, byte for byte.</summary>
    public bool HasBytes(ReadOnlySpan<byte> file) => _bytes.Span.SequenceEqual(file);

    /// <summary>Data row <paramref name="index"/> (from 0) with its line end, if it has one.</summary>
    public ReadOnlyMemory<byte> Row(int index) => Rows(index, 1);

    /// <summary>The bytes of <paramref name="count"/> data rows from <paramref name="first"/> on.</summary>
    public ReadOnlyMemory<byte> Rows(int first, int count)
    {
        int start = _rowStarts[first + 1];
        return _bytes[start.._rowStarts[first + 1 + count]];
    }

    /// <summary>Index of the column named <paramref name="name"/>, or -1.</summary>
    public int ColumnIndex(string name)
    {
        for (int i = 0; i < ColumnNames.Count; i++)
            if (string.Equals(ColumnNames[i], name.Trim(), StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    /// <summary>Reads a whole file; a refusal names what is wrong and the fix.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out CsvTable? table,
        [NotNullWhen(false)] out CsvFault? fault)
    {
        table = null;
        fault = Sniff(bytes.Span);
        if (fault is not null) return false;
        CsvDialect dialect = CsvDialect.Detect(bytes.Span);
        int[] starts = CsvRows.Split(bytes.Span, dialect);
        if (starts.Length < 3)
        {
            fault = new CsvFault(CsvFaultKind.NoRows, "The file has a header row but no row of readings below it.",
                "Give a file whose first row names the columns and whose next rows hold the readings.");
            return false;
        }
        for (int r = 1; r < starts.Length; r++)
        {
            if (starts[r] - starts[r - 1] <= RowBytesMax) continue;
            fault = new CsvFault(CsvFaultKind.RowTooLong,
                $"Row {r} of the file has {starts[r] - starts[r - 1]} bytes; at most {RowBytesMax} are taken.",
                "Check the line ends and the quotes of the file.");
            return false;
        }
        CsvTable candidate = new(bytes, starts, dialect);
        if (!candidate.HasNumericColumn())
        {
            fault = new CsvFault(CsvFaultKind.NoNumericColumn, "No column of the file holds numbers.",
                "Give a time series with at least one numeric column, separated by ',', ';' or a tab.");
            return false;
        }
        table = candidate;
        return true;
    }

    private static CsvFault? Sniff(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return new CsvFault(CsvFaultKind.Empty, "The file is empty.", "Give a CSV file with a header row and readings.");
        if (bytes.Length > BytesMax)
            return new CsvFault(CsvFaultKind.TooLarge, $"The file has {bytes.Length} bytes; at most {BytesMax} are read at once.",
                "Split it into smaller files.");
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, SniffBytes)];
        int control = 0;
        foreach (byte b in head)
            if (b < 0x20 && b is not (0x09 or 0x0a or 0x0d or 0x0c)) control++;
        if (head.Contains((byte)0) || control > head.Length / 64)
            return new CsvFault(CsvFaultKind.Binary, "The file is binary, not CSV text.",
                "Export the readings as CSV text in UTF-8 or another encoding with one byte for each ASCII character.");
        return null;
    }

    private List<string> ReadNames()
    {
        ReadOnlySpan<byte> row = CsvRows.WithoutTerminator(Header.Span, Dialect);
        if (row.StartsWith("\uFEFF"u8)) row = row[3..];
        List<string> names = [];
        CellCursor cells = new(row, Dialect.Delimiter);
        while (cells.MoveNext())
            names.Add(System.Text.Encoding.UTF8.GetString(cells.Current).Trim().Trim('"').Trim());
        return names;
    }

    private bool HasNumericColumn()
    {
        List<(int Numbers, int Filled)> tally = [];
        for (int r = 0; r < RowCount; r++)
        {
            CellCursor cells = new(CsvRows.WithoutTerminator(Row(r).Span, Dialect), Dialect.Delimiter);
            for (int c = 0; cells.MoveNext(); c++)
            {
                ReadOnlySpan<byte> text = NumberText.Body(cells.Current);
                if (text.IsEmpty) continue;
                while (tally.Count <= c) tally.Add((0, 0));
                tally[c] = (tally[c].Numbers + (NumberText.IsNumber(text) ? 1 : 0), tally[c].Filled + 1);
            }
            if ((r == NumericProbeRows || r == RowCount - 1) && tally.Exists(t => 2 * t.Numbers > t.Filled)) return true;
        }
        return false;
    }
}
