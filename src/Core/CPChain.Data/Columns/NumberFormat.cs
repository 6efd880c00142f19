using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>How the decimals of a number are printed.</summary>
internal enum DecimalStyle : byte
{
    /// <summary>Always the same number of decimals, none meaning no point.</summary>
    Fixed = 0,

    /// <summary>No trailing zeros; no point for a whole number.</summary>
    Minimal = 1,

    /// <summary>No trailing zeros, yet at least one decimal.</summary>
    MinimalPoint = 2,
}

/// <summary>The text format of a numeric column: a cell is coded as a number only if formatting gives its exact text
/// (rule D2.2).</summary>
/// <param name="Style">How decimals are printed.</param>
/// <param name="Decimals">Decimals that the scaled integer carries, 0 to 18.</param>
/// <param name="IntegerDigits">Least digits before the point, filled with zeros.</param>
/// <param name="Width">Least width of number and sign, filled with spaces at the left; 0 for none.</param>
/// <param name="Plus">Whether a value that is not negative carries a plus sign.</param>
/// <param name="Prefix">Bytes before the number in every cell.</param>
/// <param name="Suffix">Bytes behind it.</param>
internal sealed record NumberFormat(DecimalStyle Style, byte Decimals, byte IntegerDigits, byte Width, bool Plus,
    string Prefix, string Suffix)
{
    /// <summary>Longest text that any format gives, in bytes.</summary>
    public const int TextBytesMax = 2 * AffixBytesMax + WidthMax + 32;

    private const int AffixBytesMax = 16;
    private const int WidthMax = 40;
    private const int DecimalsMax = 18;

    /// <summary>Reads the number of <paramref name="cell"/> scaled by 10^Decimals; the text may still differ from
    /// <see cref="Format"/>.</summary>
    public bool TryParse(ReadOnlySpan<byte> cell, out long scaled)
    {
        scaled = 0;
        if (cell.Length < Prefix.Length + Suffix.Length || cell.Length > TextBytesMax) return false;
        ReadOnlySpan<byte> text = cell[Prefix.Length..^Suffix.Length].TrimStart((byte)' ');
        bool negative = !text.IsEmpty && text[0] == '-';
        if (negative || !text.IsEmpty && text[0] == '+') text = text[1..];
        int decimals = -1, digits = 0;
        Int128 value = 0;
        foreach (byte b in text)
        {
            if (b == '.' && decimals < 0)
            {
                decimals = 0;
                continue;
            }
            if (b is < (byte)'0' or > (byte)'9' || ++digits > 30) return false;
            value = value * 10 + (b - '0');
            if (decimals >= 0) decimals++;
        }
        if (digits == 0 || decimals > Decimals) return false;
        for (int i = Math.Max(decimals, 0); i < Decimals; i++)
        {
            value *= 10;
            if (value > long.MaxValue) return false;
        }
        if (value > long.MaxValue) return false;
        scaled = negative ? -(long)value : (long)value;
        return true;
    }

    /// <summary>Prints <paramref name="scaled"/>; gives the number of bytes written to <paramref name="text"/>.</summary>
    public int Format(long scaled, Span<byte> text)
    {
        Span<byte> digits = stackalloc byte[24];
        ulong magnitude = scaled < 0 ? unchecked(0UL - (ulong)scaled) : (ulong)scaled;
        int from = digits.Length, decimals = Decimals;
        if (Style != DecimalStyle.Fixed)
        {
            int keep = Style == DecimalStyle.MinimalPoint ? 1 : 0;
            while (decimals > keep && magnitude % 10 == 0)
            {
                magnitude /= 10;
                decimals--;
            }
        }
        int least = Math.Min(decimals + Math.Max(1, (int)IntegerDigits), digits.Length);
        while (magnitude != 0 || digits.Length - from < least)
        {
            digits[--from] = (byte)('0' + magnitude % 10);
            magnitude /= 10;
        }
        ReadOnlySpan<byte> printed = digits[from..];
        int sign = scaled < 0 || Plus ? 1 : 0;
        int body = sign + printed.Length + (decimals > 0 ? 1 : 0);
        int at = System.Text.Encoding.Latin1.GetBytes(Prefix, text);
        for (int i = body; i < Width; i++) text[at++] = (byte)' ';
        if (sign == 1) text[at++] = (byte)(scaled < 0 ? '-' : '+');
        int whole = printed.Length - decimals;
        printed[..whole].CopyTo(text[at..]);
        at += whole;
        if (decimals > 0)
        {
            text[at++] = (byte)'.';
            printed[whole..].CopyTo(text[at..]);
            at += decimals;
        }
        return at + System.Text.Encoding.Latin1.GetBytes(Suffix, text[at..]);
    }

    /// <summary>Whether the cell is exactly what this format prints for its number.</summary>
    public bool TryExact(ReadOnlySpan<byte> cell, out long scaled)
    {
        Span<byte> text = stackalloc byte[TextBytesMax];
        return TryParse(cell, out scaled) && scaled != long.MinValue && text[..Format(scaled, text)].SequenceEqual(cell);
    }

    public void Write(ByteSink sink)
    {
        sink.U8((byte)((int)Style | (Plus ? 4 : 0)));
        sink.U8(Decimals);
        sink.U8(IntegerDigits);
        sink.U8(Width);
        foreach (string affix in (ReadOnlySpan<string>)[Prefix, Suffix])
        {
            sink.U8((byte)affix.Length);
            System.Text.Encoding.Latin1.GetBytes(affix, sink.Take(affix.Length));
        }
    }

    public static NumberFormat? Read(ref ByteSource source)
    {
        byte flags = source.U8(), decimals = source.U8(), integerDigits = source.U8(), width = source.U8();
        string prefix = ReadAffix(ref source), suffix = ReadAffix(ref source);
        int style = flags & 3;
        if (flags > 7 || style > 2 || decimals > DecimalsMax || integerDigits > DecimalsMax || width > WidthMax) source.Fail();
        return source.Failed ? null
            : new NumberFormat((DecimalStyle)style, decimals, integerDigits, width, (flags & 4) != 0, prefix, suffix);
    }

    private static string ReadAffix(ref ByteSource source)
    {
        int length = source.U8();
        if (length > AffixBytesMax) source.Fail();
        return System.Text.Encoding.Latin1.GetString(source.Bytes(length));
    }

    /// <summary>The formats that the text of one cell suggests, likeliest first; none when it holds no plain decimal.</summary>
    public static void Suggest(ReadOnlySpan<byte> cell, List<NumberFormat> formats)
    {
        int from = 0, to = cell.Length;
        while (from < to && IsAffix(cell[from])) from++;
        while (to > from && IsAffix(cell[to - 1])) to--;
        ReadOnlySpan<byte> text = cell[from..to];
        if (from > AffixBytesMax || cell.Length - to > AffixBytesMax || text.Length is 0 or > 30) return;
        if (!Csv.NumberText.IsNumber(text) || text.IndexOfAny("eE"u8) >= 0) return;
        string prefix = System.Text.Encoding.Latin1.GetString(cell[..from]);
        string suffix = System.Text.Encoding.Latin1.GetString(cell[to..]);
        bool plus = text[0] == '+', signed = text[0] is (byte)'+' or (byte)'-';
        int point = text.IndexOf((byte)'.');
        int decimals = point < 0 ? 0 : text.Length - point - 1;
        int whole = (point < 0 ? text.Length : point) - (signed ? 1 : 0);
        if (decimals > DecimalsMax) return;
        byte digits = text[signed ? 1 : 0] == '0' && whole is > 1 and <= DecimalsMax ? (byte)whole : (byte)0;
        foreach (DecimalStyle style in (ReadOnlySpan<DecimalStyle>)[DecimalStyle.Fixed, DecimalStyle.Minimal, DecimalStyle.MinimalPoint])
        {
            if (style == DecimalStyle.MinimalPoint && decimals == 0) continue;
            formats.AddNew(new NumberFormat(style, (byte)decimals, digits, 0, plus, prefix, suffix));
            int aligned = prefix.Length - prefix.TrimEnd(' ').Length;
            if (aligned > 1 && aligned + text.Length <= WidthMax)
                formats.AddNew(new NumberFormat(style, (byte)decimals, digits, (byte)(aligned - 1 + text.Length), plus,
                    prefix[..^(aligned - 1)], suffix));
        }
    }

    private static bool IsAffix(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'"' or (byte)'\'' or (byte)'$' or (byte)'%';
}
