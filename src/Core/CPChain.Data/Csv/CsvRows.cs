namespace CPChain.Data.Csv;

/// <summary>What a CSV file uses to end a row.</summary>
public enum RowEnd : byte
{
    /// <summary>Nothing: the last row of a file.</summary>
    None = 0,

    /// <summary>Line feed.</summary>
    Lf = 1,

    /// <summary>Carriage return and line feed.</summary>
    CrLf = 2,

    /// <summary>Carriage return alone, where the file has no line feed at all.</summary>
    Cr = 3,
}

/// <summary>The delimiter of a file and whether its rows end with a bare carriage return.</summary>
public readonly record struct CsvDialect(byte Delimiter, bool BareCr)
{
    /// <summary>Takes the commonest of ',', ';' and tab in the first row.</summary>
    public static CsvDialect Detect(ReadOnlySpan<byte> bytes)
    {
        bool bareCr = !bytes.Contains((byte)'\n') && bytes.Contains((byte)'\r');
        int end = bytes.IndexOf(bareCr ? (byte)'\r' : (byte)'\n');
        ReadOnlySpan<byte> first = end < 0 ? bytes : bytes[..end];
        byte best = (byte)',';
        int count = first.Count(best);
        foreach (byte candidate in ";\t"u8)
        {
            int n = first.Count(candidate);
            if (n > count) (best, count) = (candidate, n);
        }
        return new CsvDialect(best, bareCr);
    }
}

/// <summary>Cuts CSV bytes into rows; a quoted cell may hold line ends.</summary>
public static class CsvRows
{
    private const int QuotedBytesMax = 1 << 16;

    /// <summary>Offsets of every row's first byte and, last, the length of the input.</summary>
    public static int[] Split(ReadOnlySpan<byte> bytes, CsvDialect dialect)
    {
        List<int> starts = [0];
        byte end = dialect.BareCr ? (byte)'\r' : (byte)'\n';
        bool quoting = bytes.Contains((byte)'"');
        int at = 0;
        while (at < bytes.Length)
        {
            int stop = quoting ? RowStopQuoted(bytes, at, end, dialect.Delimiter, ref quoting) : -1;
            if (stop < 0)
            {
                int length = bytes[at..].IndexOf(end);
                stop = length < 0 ? bytes.Length : at + length + 1;
            }
            starts.Add(stop);
            at = stop;
        }
        return [.. starts];
    }

    /// <summary>How <paramref name="row"/> ends.</summary>
    public static RowEnd EndOf(ReadOnlySpan<byte> row, CsvDialect dialect)
    {
        if (dialect.BareCr) return row.EndsWith("\r"u8) ? RowEnd.Cr : RowEnd.None;
        if (row.EndsWith("\r\n"u8)) return RowEnd.CrLf;
        return row.EndsWith("\n"u8) ? RowEnd.Lf : RowEnd.None;
    }

    /// <summary>The bytes that stand for <paramref name="end"/>.</summary>
    public static ReadOnlySpan<byte> Terminator(RowEnd end) => end switch
    {
        RowEnd.Lf => "\n"u8,
        RowEnd.CrLf => "\r\n"u8,
        RowEnd.Cr => "\r"u8,
        _ => default,
    };

    /// <summary>The row without its line end.</summary>
    public static ReadOnlySpan<byte> WithoutTerminator(ReadOnlySpan<byte> row, CsvDialect dialect) =>
        row[..^Terminator(EndOf(row, dialect)).Length];

    /// <summary>End of the row that starts at <paramref name="at"/>, minding quotes; -1 and no more quoting when a
    /// quote stays open.</summary>
    private static int RowStopQuoted(ReadOnlySpan<byte> bytes, int at, byte end, byte delimiter, ref bool quoting)
    {
        int i = at;
        while (true)
        {
            int afterQuoted = QuotedCell.End(bytes, i, QuotedBytesMax, out bool open);
            if (open)
            {
                quoting = false;
                return -1;
            }
            ReadOnlySpan<byte> rest = bytes[afterQuoted..];
            int stop = rest.IndexOfAny(delimiter, end);
            if (stop < 0) return bytes.Length;
            i = afterQuoted + stop + 1;
            if (rest[stop] == end) return i;
        }
    }
}

/// <summary>Finds where a quoted cell closes.</summary>
internal static class QuotedCell
{
    /// <summary>Offset behind the closing quote of the cell at <paramref name="at"/>, or <paramref name="at"/> when it
    /// is not quoted.</summary>
    public static int End(ReadOnlySpan<byte> bytes, int at, int lengthMax, out bool open)
    {
        open = false;
        int i = at;
        while (i < bytes.Length && bytes[i] == ' ') i++;
        if (i >= bytes.Length || bytes[i] != '"') return at;
        int limit = (int)Math.Min(bytes.Length, (long)i + lengthMax);
        for (i++; i < limit; i++)
        {
            if (bytes[i] != '"') continue;
            if (i + 1 < limit && bytes[i + 1] == '"') i++;
            else return i + 1;
        }
        open = true;
        return at;
    }
}

/// <summary>Walks the cells of one row (without its line end); joining them with the delimiter gives the row back.</summary>
public ref struct CellCursor(ReadOnlySpan<byte> row, byte delimiter)
{
    private readonly ReadOnlySpan<byte> _row = row;
    private int _next;
    private bool _done;

    /// <summary>The raw bytes of the cell, with its spaces and quotes.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Steps to the next cell; a row has one cell more than delimiters outside quotes.</summary>
    public bool MoveNext()
    {
        if (_done) return false;
        int from = QuotedCell.End(_row, _next, int.MaxValue, out _);
        int stop = _row[from..].IndexOf(delimiter);
        if (stop < 0)
        {
            Current = _row[_next..];
            _done = true;
            return true;
        }
        Current = _row[_next..(from + stop)];
        _next = from + stop + 1;
        return true;
    }
}
