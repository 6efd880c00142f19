using CPChain.Data.Csv;
using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>How the content of a block is coded.</summary>
public enum BlockCoding : byte
{
    /// <summary>Rows as typed columns, then Brotli.</summary>
    Columns = 1,

    /// <summary>Bytes as they are, then Brotli.</summary>
    Text = 2,
}

/// <summary>Why coded content was refused.</summary>
public enum CodecFault : byte
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>The version byte is not one that this program knows.</summary>
    UnknownVersion = 1,

    /// <summary>A declared size is above the caller's bound.</summary>
    TooLarge = 2,

    /// <summary>The bytes are not what any encoder writes.</summary>
    Malformed = 3,
}

/// <summary>What coding did to one block.</summary>
/// <param name="RawBytes">Bytes of header row and rows before coding.</param>
/// <param name="CodedBytes">Bytes after coding.</param>
/// <param name="Cells">Cells of the data rows.</param>
/// <param name="NumberCells">Cells that were coded as numbers rather than text.</param>
public readonly record struct CodecTally(long RawBytes, long CodedBytes, long Cells, long NumberCells)
{
    /// <summary>The sums of both.</summary>
    public static CodecTally operator +(CodecTally a, CodecTally b) => new(a.RawBytes + b.RawBytes,
        a.CodedBytes + b.CodedBytes, a.Cells + b.Cells, a.NumberCells + b.NumberCells);

    /// <summary>The sums of both.</summary>
    public static CodecTally Add(CodecTally a, CodecTally b) => a + b;
}

/// <summary>The content of a block as it was before coding.</summary>
/// <param name="Header">The header row with its line end; empty where the block does not carry it.</param>
/// <param name="Rows">The data rows.</param>
/// <param name="RowCount">Number of data rows.</param>
public sealed record BlockContent(byte[] Header, byte[] Rows, int RowCount);

/// <summary>Codes rows of a CSV file into few bytes and back to the same bytes (spec D2).</summary>
public static class BlockCodec
{
    /// <summary>Version that this program writes.</summary>
    public const byte Version = 1;

    private const int InnerOverheadMax = 1 << 16;

    /// <summary>Codes whole rows; <paramref name="header"/> may be empty, <paramref name="quality"/> is Brotli's, 0 to
    /// 11.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> header, ReadOnlySpan<byte> rows, CsvDialect dialect, out CodecTally tally,
        int quality = 11)
    {
        CellGrid grid = new(rows, dialect);
        ByteSink inner = new(rows.Length / 4 + header.Length);
        inner.Bytes(header);
        inner.U8(dialect.Delimiter);
        grid.WriteShape(inner);
        int numbers = 0;
        for (int c = 0; c < grid.ColumnCount; c++) numbers += ColumnCodec.Encode(grid.Column(c), inner);
        byte[] coded = Wrap(BlockCoding.Columns, header.Length, rows.Length, grid.RowCount, inner.Written, quality);
        bool exact = TryDecode(coded, header.Length + rows.Length, out BlockContent? back, out _)
            && back!.Rows.AsSpan().SequenceEqual(rows) && back.Header.AsSpan().SequenceEqual(header);
        if (!exact)
        {
            numbers = 0;
            coded = EncodeText(header, rows, grid.RowCount, quality);
        }
        inner.Wipe();
        tally = new CodecTally(header.Length + rows.Length, coded.Length, grid.CellCount, numbers);
        return coded;
    }

    /// <summary>Codes bytes without looking for columns.</summary>
    public static byte[] EncodeText(ReadOnlySpan<byte> header, ReadOnlySpan<byte> rows, int rowCount, int quality = 11)
    {
        ByteSink inner = new(header.Length + rows.Length);
        inner.Bytes(header);
        inner.Bytes(rows);
        byte[] coded = Wrap(BlockCoding.Text, header.Length, rows.Length, rowCount, inner.Written, quality);
        inner.Wipe();
        return coded;
    }

    private static byte[] Wrap(BlockCoding coding, int header, int rows, int rowCount, ReadOnlySpan<byte> inner, int quality)
    {
        ByteSink sink = new(inner.Length / 2);
        sink.U8(Version);
        sink.U8((byte)coding);
        sink.Varint((ulong)header);
        sink.Varint((ulong)rows);
        sink.Varint((ulong)rowCount);
        sink.Varint((ulong)inner.Length);
        sink.Bytes(BrotliText.Compress(inner, quality));
        return sink.ToArray();
    }

    /// <summary>Decodes content of at most <paramref name="rawBytesMax"/> bytes; never throws and never takes more than
    /// a few times that room.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> coded, int rawBytesMax, out BlockContent? content, out CodecFault fault)
    {
        content = null;
        ByteSource source = new(coded);
        byte version = source.U8();
        fault = version != Version && !source.Failed ? CodecFault.UnknownVersion : CodecFault.Malformed;
        if (version != Version) return false;
        BlockCoding coding = (BlockCoding)source.U8();
        ulong header = source.Varint(), rows = source.Varint(), rowCount = source.Varint(), innerLength = source.Varint();
        if (source.Failed || coding is not (BlockCoding.Columns or BlockCoding.Text)) return false;
        ulong bound = (ulong)rawBytesMax;
        if (header > bound || rows > bound - header || innerLength > 2 * bound + InnerOverheadMax)
        {
            fault = CodecFault.TooLarge;
            return false;
        }
        if (rowCount > rows) return false;
        byte[] inner = new byte[(int)innerLength];
        if (!BrotliText.TryDecompress(source.Bytes(source.Remaining), inner)) return false;
        byte[] headerBytes = inner.AsSpan(0, (int)Math.Min(header, innerLength)).ToArray();
        if (headerBytes.Length != (int)header) return false;
        byte[] rowBytes = new byte[(int)rows];
        bool good = coding == BlockCoding.Text ? TryCopy(inner.AsSpan((int)header), rowBytes)
            : TryFill(inner, (int)header, (int)rowCount, rowBytes);
        if (!good) return false;
        content = new BlockContent(headerBytes, rowBytes, (int)rowCount);
        fault = CodecFault.None;
        return true;
    }

    private static bool TryCopy(ReadOnlySpan<byte> inner, Span<byte> rows)
    {
        if (inner.Length != rows.Length) return false;
        inner.CopyTo(rows);
        return true;
    }

    private static bool TryFill(ReadOnlySpan<byte> inner, int header, int rowCount, Span<byte> output)
    {
        ReadOnlySpan<byte> whole = inner[header..];
        ByteSource source = new(whole);
        byte delimiter = source.U8();
        // Each cell but a row's first costs a delimiter and each row but the last a line end.
        RowShapes? shapes = RowShapes.Read(ref source, rowCount, output.Length + 1);
        if (shapes is null) return false;
        int columns = 0;
        foreach (int cells in shapes.Cells) columns = Math.Max(columns, cells);
        int[] perColumn = CellsPerColumn(shapes.Cells, columns);
        DecodedColumn[] decoded = new DecodedColumn[columns];
        for (int c = 0; c < columns; c++)
        {
            DecodedColumn? column = ColumnCodec.Decode(ref source, whole, perColumn[c]);
            if (column is null || source.Failed) return false;
            decoded[c] = column;
        }
        if (!source.AtEnd) return false;
        int at = 0;
        for (int r = 0; r < rowCount; r++)
        {
            for (int c = 0; c < shapes.Cells[r]; c++)
            {
                if (c > 0)
                {
                    if (at >= output.Length) return false;
                    output[at++] = delimiter;
                }
                if (!decoded[c].TryNext(whole, output, ref at)) return false;
            }
            ReadOnlySpan<byte> end = CsvRows.Terminator(shapes.Ends[r]);
            if (end.Length > output.Length - at) return false;
            end.CopyTo(output[at..]);
            at += end.Length;
        }
        return at == output.Length;
    }

    private static int[] CellsPerColumn(int[] cells, int columns)
    {
        int[] exactly = new int[columns + 1];
        foreach (int n in cells) exactly[n]++;
        int[] atLeast = new int[columns];
        for (int c = columns - 1, sum = 0; c >= 0; c--)
        {
            sum += exactly[c + 1];
            atLeast[c] = sum;
        }
        return atLeast;
    }
}
