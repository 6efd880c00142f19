using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>The chosen kind and text format of a column.</summary>
internal sealed class ColumnPlan
{
    private readonly NumberFormat? _number;
    private readonly TimeFormat? _time;
    private readonly FloatFormat? _float;

    private ColumnPlan(ColumnKind kind, NumberFormat? number, TimeFormat? time, FloatFormat? real)
    {
        Kind = kind;
        _number = number;
        _time = time;
        _float = real;
    }

    /// <summary>Longest text that a coded value gives, in bytes.</summary>
    public const int TextBytesMax = NumberFormat.TextBytesMax;

    public static ColumnPlan Text { get; } = new(ColumnKind.Text, null, null, null);

    public ColumnKind Kind { get; }

    public static ColumnPlan Of(NumberFormat format) => new(ColumnKind.Number, format, null, null);

    public static ColumnPlan Of(TimeFormat format) => new(ColumnKind.Time, null, format, null);

    public static ColumnPlan Of(FloatFormat format) => new(ColumnKind.Float, null, null, format);

    public bool TryExact(ReadOnlySpan<byte> cell, out long value)
    {
        value = 0;
        return _number?.TryExact(cell, out value) ?? _time?.TryExact(cell, out value) ?? _float?.TryExact(cell, out value) ?? false;
    }

    /// <summary>Whether every value can be printed by the format.</summary>
    public bool Covers(ReadOnlySpan<long> values)
    {
        if (_time is null) return true;
        foreach (long value in values)
            if (!_time.Covers(value)) return false;
        return true;
    }

    public int Format(long value, Span<byte> text) =>
        _number?.Format(value, text) ?? _time?.Format(value, text) ?? _float!.Format(value, text);

    public void WriteFormat(ByteSink sink)
    {
        _number?.Write(sink);
        _time?.Write(sink);
        _float?.Write(sink);
    }

    public static ColumnPlan? Read(ColumnKind kind, ref ByteSource source) => kind switch
    {
        ColumnKind.Number => NumberFormat.Read(ref source) is { } f ? Of(f) : null,
        ColumnKind.Time => TimeFormat.Read(ref source) is { } f ? Of(f) : null,
        _ => FloatFormat.Read(ref source) is { } f ? Of(f) : null,
    };
}

/// <summary>A column as read back; cells come out in row order.</summary>
internal sealed class DecodedColumn(ColumnPlan plan, long[] values, int[] exceptionAt, (int Start, int Length)[] texts)
{
    private int _cell;
    private int _value;
    private int _text;

    public static DecodedColumn OfText((int Start, int Length)[] texts) => new(ColumnPlan.Text, [], [], texts);

    /// <summary>Appends the next cell's text to <paramref name="output"/>; false when it does not fit.</summary>
    public bool TryNext(ReadOnlySpan<byte> whole, Span<byte> output, ref int at)
    {
        bool isText = plan.Kind == ColumnKind.Text || _text < exceptionAt.Length && exceptionAt[_text] == _cell;
        _cell++;
        Span<byte> room = stackalloc byte[ColumnPlan.TextBytesMax];
        scoped ReadOnlySpan<byte> cell = isText ? whole.Slice(texts[_text].Start, texts[_text].Length)
            : room[..plan.Format(values[_value], room)];
        if (isText) _text++;
        else _value++;
        if (cell.Length > output.Length - at) return false;
        cell.CopyTo(output[at..]);
        at += cell.Length;
        return true;
    }
}

internal static class FormatList
{
    /// <summary>Adds what the list does not hold yet; the order of first sight is kept.</summary>
    public static void AddNew<T>(this List<T> list, T item)
    {
        if (!list.Contains(item)) list.Add(item);
    }
}
