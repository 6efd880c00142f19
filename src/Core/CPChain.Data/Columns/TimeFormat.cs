using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>Which part of a date comes first.</summary>
internal enum DateOrder : byte
{
    YearMonthDay = 0,
    DayMonthYear = 1,
    MonthDayYear = 2,
}

/// <summary>The text format of a column of calendar dates, with or without time of day.</summary>
/// <param name="Order">Order of year, month and day.</param>
/// <param name="DateSeparator">Byte between the parts of the date.</param>
/// <param name="YearDigits">2 (of the years 2000 to 2099) or 4.</param>
/// <param name="PaddedDate">Whether day and month have two digits always.</param>
/// <param name="TimeParts">0 (date alone), 2 (hours, minutes) or 3 (and seconds).</param>
/// <param name="TimeSeparator">Byte between date and time.</param>
/// <param name="PaddedHour">Whether the hour has two digits always.</param>
/// <param name="Fraction">Digits behind the seconds, 0 to 7.</param>
/// <param name="Zulu">Whether a Z ends the text.</param>
internal sealed record TimeFormat(DateOrder Order, byte DateSeparator, byte YearDigits, bool PaddedDate, byte TimeParts,
    byte TimeSeparator, bool PaddedHour, byte Fraction, bool Zulu)
{
    /// <summary>Longest text that any format gives, in bytes.</summary>
    public const int TextBytesMax = 40;

    private const int FractionMax = 7;
    private const int YearMax = 9999;

    /// <summary>Ticks of this format in one second.</summary>
    public long TicksPerSecond => Pow10(Fraction);

    /// <summary>Whether this format can print the time: a date of the years 0 to 9999.</summary>
    public bool Covers(long ticks) => ticks >= 0 && ticks / TicksPerSecond / 86_400 < Calendar.DaysOf(YearMax + 1, 1, 1);

    /// <summary>Whether the cell is exactly what this format prints; time is in ticks since the year 0000.</summary>
    public bool TryExact(ReadOnlySpan<byte> cell, out long ticks)
    {
        Span<byte> text = stackalloc byte[TextBytesMax];
        return TryParse(cell, out ticks) && text[..Format(ticks, text)].SequenceEqual(cell);
    }

    /// <summary>Prints the time; gives the number of bytes written.</summary>
    public int Format(long ticks, Span<byte> text)
    {
        long seconds = ticks / TicksPerSecond, fraction = ticks % TicksPerSecond;
        (int year, int month, int day) = Calendar.DateOf(seconds / 86_400);
        int rest = (int)(seconds % 86_400), at = 0;
        int short2 = PaddedDate ? 2 : 1;
        int yearShown = YearDigits == 2 ? year % 100 : year;
        switch (Order)
        {
            case DateOrder.YearMonthDay: PutDate(text, ref at, (yearShown, YearDigits), (month, short2), (day, short2)); break;
            case DateOrder.DayMonthYear: PutDate(text, ref at, (day, short2), (month, short2), (yearShown, YearDigits)); break;
            default: PutDate(text, ref at, (month, short2), (day, short2), (yearShown, YearDigits)); break;
        }
        if (TimeParts == 0) return at;
        text[at++] = TimeSeparator;
        Put(text, ref at, rest / 3600, PaddedHour ? 2 : 1);
        text[at++] = (byte)':';
        Put(text, ref at, rest / 60 % 60, 2);
        if (TimeParts == 3)
        {
            text[at++] = (byte)':';
            Put(text, ref at, rest % 60, 2);
        }
        if (Fraction > 0)
        {
            text[at++] = (byte)'.';
            Put(text, ref at, fraction, Fraction);
        }
        if (Zulu) text[at++] = (byte)'Z';
        return at;
    }

    private void PutDate(Span<byte> text, ref int at, (int Value, int Digits) a, (int Value, int Digits) b, (int Value, int Digits) c)
    {
        Put(text, ref at, a.Value, a.Digits);
        text[at++] = DateSeparator;
        Put(text, ref at, b.Value, b.Digits);
        text[at++] = DateSeparator;
        Put(text, ref at, c.Value, c.Digits);
    }

    private static void Put(Span<byte> text, ref int at, long value, int digitsMin)
    {
        int digits = digitsMin;
        for (long power = Pow10(digits); value >= power; power *= 10) digits++;
        for (int i = digits - 1; i >= 0; i--)
        {
            text[at + i] = (byte)('0' + value % 10);
            value /= 10;
        }
        at += digits;
    }

    /// <summary>Reads a time in this format; false when the text has another shape or the date does not exist.</summary>
    public bool TryParse(ReadOnlySpan<byte> cell, out long ticks)
    {
        ticks = 0;
        TimeText text = new(cell);
        int a = text.Number(4), b, c;
        if (!text.Skip(DateSeparator)) return false;
        b = text.Number(2);
        if (!text.Skip(DateSeparator)) return false;
        c = text.Number(4);
        (int year, int month, int day) = Order switch
        {
            DateOrder.YearMonthDay => (a, b, c),
            DateOrder.DayMonthYear => (c, b, a),
            _ => (c, a, b),
        };
        if (YearDigits == 2) year += year is >= 0 and < 100 ? 2000 : 10_000;
        if (year is < 0 or > YearMax || !Calendar.Exists(year, month, day)) return false;
        long seconds = Calendar.DaysOf(year, month, day) * 86_400L;
        long fraction = 0;
        if (TimeParts > 0)
        {
            if (!text.Skip(TimeSeparator)) return false;
            int hour = text.Number(2);
            if (!text.Skip((byte)':')) return false;
            int minute = text.Number(2), second = 0;
            if (TimeParts == 3)
            {
                if (!text.Skip((byte)':')) return false;
                second = text.Number(2);
            }
            if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
            seconds += hour * 3600 + minute * 60 + second;
            if (Fraction > 0)
            {
                if (!text.Skip((byte)'.')) return false;
                fraction = text.Number(Fraction);
            }
            if (Zulu && !text.Skip((byte)'Z')) return false;
        }
        if (fraction < 0 || !text.AtEnd) return false;
        ticks = seconds * TicksPerSecond + fraction;
        return true;
    }

    public void Write(ByteSink sink) => sink.Bytes([(byte)Order, DateSeparator, YearDigits, (byte)(PaddedDate ? 1 : 0), TimeParts,
        TimeSeparator, (byte)(PaddedHour ? 1 : 0), Fraction, (byte)(Zulu ? 1 : 0)]);

    public static TimeFormat? Read(ref ByteSource source)
    {
        ReadOnlySpan<byte> b = source.Bytes(9);
        if (source.Failed) return null;
        if (b[0] > 2 || b[2] is not (2 or 4) || b[3] > 1 || b[4] is not (0 or 2 or 3) || b[6] > 1 || b[7] > FractionMax || b[8] > 1)
        {
            source.Fail();
            return null;
        }
        return new TimeFormat((DateOrder)b[0], b[1], b[2], b[3] == 1, b[4], b[5], b[6] == 1, b[7], b[8] == 1);
    }

    /// <summary>The formats that the text of one cell suggests.</summary>
    public static void Suggest(ReadOnlySpan<byte> cell, List<TimeFormat> formats)
    {
        if (cell.Length is < 6 or > TextBytesMax - 4) return;
        int first = cell.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (first is not (1 or 2 or 4) || cell[first] is not ((byte)'-' or (byte)'/' or (byte)'.')) return;
        byte separator = cell[first];
        int second = cell[(first + 1)..].IndexOf(separator) + first + 1;
        if (second <= first + 1) return;
        int third = cell[(second + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        int dateEnd = third < 0 ? cell.Length : second + 1 + third;
        ReadOnlySpan<byte> time = dateEnd < cell.Length ? cell[(dateEnd + 1)..] : default;
        int colons = time.Count((byte)':');
        if (!time.IsEmpty && colons is not (1 or 2)) return;
        bool zulu = time.EndsWith("Z"u8);
        int point = time.IndexOf((byte)'.');
        int fraction = point < 0 ? 0 : time.Length - point - 1 - (zulu ? 1 : 0);
        if (fraction is < 0 or > FractionMax) return;
        int yearDigits = first == 4 ? 4 : dateEnd - second - 1;
        if (yearDigits is not (2 or 4)) return;
        ReadOnlySpan<DateOrder> orders = first == 4 ? [DateOrder.YearMonthDay]
            : [DateOrder.MonthDayYear, DateOrder.DayMonthYear];
        foreach (DateOrder order in orders)
            foreach (bool paddedDate in (ReadOnlySpan<bool>)[true, false])
                foreach (bool paddedHour in (ReadOnlySpan<bool>)[true, false])
                    formats.AddNew(new TimeFormat(order, separator, (byte)yearDigits, paddedDate, (byte)(time.IsEmpty ? 0 : colons + 1),
                        time.IsEmpty ? (byte)0 : cell[dateEnd], paddedHour, (byte)fraction, zulu));
    }

    private static long Pow10(int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}

/// <summary>Reads the digits and separators of a time.</summary>
internal ref struct TimeText(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>The next digits as a number, at most <paramref name="digitsMax"/> of them; -1 when there is none.</summary>
    public int Number(int digitsMax)
    {
        int value = 0, i = 0;
        while (i < _rest.Length && i < digitsMax && _rest[i] is >= (byte)'0' and <= (byte)'9') value = value * 10 + _rest[i++] - '0';
        _rest = _rest[i..];
        return i == 0 ? -1 : value;
    }

    public bool Skip(byte separator)
    {
        if (_rest.IsEmpty || _rest[0] != separator) return false;
        _rest = _rest[1..];
        return true;
    }
}
