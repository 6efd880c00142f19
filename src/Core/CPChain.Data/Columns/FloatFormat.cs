using System.Globalization;
using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>How languages print a 64-bit float.</summary>
internal enum FloatStyle : byte
{
    /// <summary>Shortest digits, decimals from 1e-4 to 1e15, exponent as E-05.</summary>
    DotNet = 0,

    /// <summary>Shortest digits, decimals from 1e-4 to 1e16 with at least one decimal, exponent as e-05.</summary>
    Python = 1,

    /// <summary>Shortest digits, decimals from 1e-3 to 1e7 with at least one decimal, exponent as E-5.</summary>
    Java = 2,

    /// <summary>Shortest digits, decimals from 1e-6 to 1e21, exponent as e-7.</summary>
    JavaScript = 3,

    /// <summary>A fixed number of decimals and a two-digit exponent, as C prints %.Ne.</summary>
    Scientific = 4,
}

/// <summary>The text format of a column of binary floats; the value coded is the IEEE 754 bit pattern.</summary>
/// <remarks>The platform parses and prints floats correctly rounded, so the text does not depend on the machine.</remarks>
internal sealed record FloatFormat(FloatStyle Style, byte Decimals, bool LeadingSpace)
{
    /// <summary>Longest text that any format gives, in bytes.</summary>
    public const int TextBytesMax = 64;

    /// <summary>Whether the cell is exactly what this format prints for its value.</summary>
    public bool TryExact(ReadOnlySpan<byte> cell, out long bits)
    {
        bits = 0;
        ReadOnlySpan<byte> text = cell.TrimStart((byte)' ');
        if (text.Length is 0 or > TextBytesMax - 24 || !Csv.NumberText.IsNumber(text)) return false;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)) return false;
        if (!double.IsFinite(value)) return false;
        bits = BitConverter.DoubleToInt64Bits(value);
        Span<byte> printed = stackalloc byte[TextBytesMax];
        return printed[..Format(bits, printed)].SequenceEqual(cell);
    }

    /// <summary>Prints the value with these bits; gives the number of bytes written, none when it is not finite.</summary>
    public int Format(long bits, Span<byte> text)
    {
        double value = BitConverter.Int64BitsToDouble(bits);
        if (!double.IsFinite(value)) return 0;
        int at = 0;
        if (LeadingSpace) text[at++] = (byte)' ';
        if (double.IsNegative(value)) text[at++] = (byte)'-';
        Span<byte> raw = stackalloc byte[48];
        Span<char> shape = ['E', (char)('0' + Decimals / 10), (char)('0' + Decimals % 10)];
        Math.Abs(value).TryFormat(raw, out int length, Style == FloatStyle.Scientific ? shape : "E16", CultureInfo.InvariantCulture);
        if (Style == FloatStyle.Scientific)
            return PutExponent(raw[..length][..raw.IndexOf((byte)'E')], ExponentOf(raw[..length]), (byte)'e', 2, true, text, at);
        return PutShortest(Math.Abs(value), text, at);
    }

    private static int ExponentOf(ReadOnlySpan<byte> scientific)
    {
        ReadOnlySpan<byte> text = scientific[(scientific.IndexOf((byte)'E') + 1)..];
        int value = 0;
        foreach (byte b in text[1..]) value = value * 10 + b - '0';
        return text[0] == '-' ? -value : value;
    }

    private int PutShortest(double value, Span<byte> text, int at)
    {
        Span<byte> raw = stackalloc byte[400];
        value.TryFormat(raw, out int length, "R", CultureInfo.InvariantCulture);
        ShortestDigits digits = ShortestDigits.Of(raw[..length], stackalloc byte[400]);
        (int low, int high, bool point) = Style switch
        {
            FloatStyle.DotNet => (-4, 15, false),
            FloatStyle.Python => (-4, 16, true),
            FloatStyle.Java => (-3, 7, true),
            _ => (-6, 21, false),
        };
        if (value == 0 || digits.Exponent >= low && digits.Exponent < high)
            return PutDecimal(digits, point, text, at);
        Span<byte> mantissa = stackalloc byte[digits.Digits.Length + 2];
        int m = 0;
        mantissa[m++] = digits.Digits[0];
        if (digits.Digits.Length > 1 || Style == FloatStyle.Java) mantissa[m++] = (byte)'.';
        foreach (byte d in digits.Digits[1..]) mantissa[m++] = d;
        if (digits.Digits.Length == 1 && Style == FloatStyle.Java) mantissa[m++] = (byte)'0';
        byte letter = Style is FloatStyle.DotNet or FloatStyle.Java ? (byte)'E' : (byte)'e';
        int exponentDigits = Style is FloatStyle.DotNet or FloatStyle.Python ? 2 : 1;
        return PutExponent(mantissa[..m], digits.Exponent, letter, exponentDigits, Style != FloatStyle.Java, text, at);
    }

    private static int PutDecimal(ShortestDigits number, bool point, Span<byte> text, int at)
    {
        ReadOnlySpan<byte> digits = number.Digits;
        int whole = number.Exponent + 1;
        if (whole <= 0) text[at++] = (byte)'0';
        for (int i = 0; i < whole; i++) text[at++] = i < digits.Length ? digits[i] : (byte)'0';
        if (whole >= digits.Length)
        {
            if (!point) return at;
            text[at++] = (byte)'.';
            text[at++] = (byte)'0';
            return at;
        }
        text[at++] = (byte)'.';
        for (int i = whole; i < 0; i++) text[at++] = (byte)'0';
        foreach (byte d in digits[Math.Max(whole, 0)..]) text[at++] = d;
        return at;
    }

    private static int PutExponent(ReadOnlySpan<byte> mantissa, int exponent, byte letter, int digitsMin,
        bool plus, Span<byte> text, int at)
    {
        mantissa.CopyTo(text[at..]);
        at += mantissa.Length;
        text[at++] = letter;
        if (exponent < 0) text[at++] = (byte)'-';
        else if (plus) text[at++] = (byte)'+';
        int magnitude = Math.Abs(exponent);
        int digits = Math.Max(digitsMin, magnitude >= 100 ? 3 : magnitude >= 10 ? 2 : 1);
        for (int i = digits - 1; i >= 0; i--)
        {
            text[at + i] = (byte)('0' + magnitude % 10);
            magnitude /= 10;
        }
        return at + digits;
    }

    public void Write(ByteSink sink) => sink.Bytes([(byte)Style, Decimals, (byte)(LeadingSpace ? 1 : 0)]);

    public static FloatFormat? Read(ref ByteSource source)
    {
        byte style = source.U8(), decimals = source.U8(), space = source.U8();
        if (style > 4 || decimals > 20 || space > 1) source.Fail();
        return source.Failed ? null : new FloatFormat((FloatStyle)style, decimals, space == 1);
    }

    /// <summary>The formats that the text of one cell suggests.</summary>
    public static void Suggest(ReadOnlySpan<byte> cell, List<FloatFormat> formats)
    {
        bool space = cell.StartsWith(" "u8);
        ReadOnlySpan<byte> text = space ? cell[1..] : cell;
        if (text.Length is 0 or > TextBytesMax - 24 || !Csv.NumberText.IsNumber(text)) return;
        for (FloatStyle style = FloatStyle.DotNet; style < FloatStyle.Scientific; style++)
            formats.AddNew(new FloatFormat(style, 0, space));
        int e = text.IndexOf((byte)'e'), point = text.IndexOf((byte)'.');
        if (e > 0 && e - point - 1 <= 20) formats.AddNew(new FloatFormat(FloatStyle.Scientific, (byte)(point < 0 ? 0 : e - point - 1), space));
    }
}

/// <summary>Significant digits and decimal exponent of a float that was printed as shortly as it round-trips.</summary>
internal readonly ref struct ShortestDigits
{
    private ShortestDigits(ReadOnlySpan<byte> digits, int exponent)
    {
        Digits = digits;
        Exponent = exponent;
    }

    /// <summary>Digits without leading and trailing zeros; one zero for zero.</summary>
    public ReadOnlySpan<byte> Digits { get; }

    /// <summary>Power of ten of the first digit.</summary>
    public int Exponent { get; }

    /// <summary>Takes apart text like 0.00012, 123 or 1.5E-07.</summary>
    public static ShortestDigits Of(ReadOnlySpan<byte> printed, Span<byte> room)
    {
        int exponent = -1, n = 0, e = printed.IndexOf((byte)'E');
        bool point = false;
        foreach (byte b in e < 0 ? printed : printed[..e])
        {
            if (b == '.')
            {
                point = true;
                continue;
            }
            if (!point && (n > 0 || b != '0')) exponent++;
            else if (point && n == 0 && b == '0') exponent--;
            if (n > 0 || b != '0') room[n++] = b;
        }
        while (n > 0 && room[n - 1] == '0') n--;
        if (n == 0)
        {
            room[0] = (byte)'0';
            return new ShortestDigits(room[..1], 0);
        }
        if (e >= 0)
        {
            int power = 0;
            foreach (byte b in printed[(e + 2)..]) power = power * 10 + b - '0';
            exponent += printed[e + 1] == '-' ? -power : power;
        }
        return new ShortestDigits(room[..n], exponent);
    }
}
