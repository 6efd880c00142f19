using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>What a column of one block is coded as.</summary>
internal enum ColumnKind : byte
{
    Text = 0,
    Number = 1,
    Time = 2,
    Float = 3,
}

/// <summary>Codes one column: the format that prints most cells exactly, their values, and the rest as text (rules
/// D2.2, D2.3).</summary>
internal static class ColumnCodec
{
    private const int SampleCells = 256;

    /// <summary>Appends the column and gives how many of its cells were coded as numbers.</summary>
    public static int Encode(CellColumn column, ByteSink sink)
    {
        ColumnPlan plan = Plan(column);
        sink.U8((byte)plan.Kind);
        if (plan.Kind == ColumnKind.Text)
        {
            TextColumn.Encode(column, sink);
            return 0;
        }
        plan.WriteFormat(sink);
        List<long> values = [];
        List<int> exceptions = [];
        for (int i = 0; i < column.Count; i++)
        {
            if (plan.TryExact(column[i], out long value)) values.Add(value);
            else exceptions.Add(i);
        }
        sink.Varint((ulong)exceptions.Count);
        if (exceptions.Count > 0)
        {
            IntStream.Encode([.. exceptions.Select((position, i) => i == 0 ? (long)position : position - exceptions[i - 1])], sink);
            TextColumn.Encode(column.Select(exceptions), sink);
        }
        IntStream.Encode(values.ToArray(), sink);
        return values.Count;
    }

    /// <summary>Reads a column of <paramref name="count"/> cells; a bad form fails the source.</summary>
    public static DecodedColumn? Decode(ref ByteSource source, ReadOnlySpan<byte> whole, int count)
    {
        ColumnKind kind = (ColumnKind)source.U8();
        if (kind > ColumnKind.Float) source.Fail();
        if (source.Failed) return null;
        if (kind == ColumnKind.Text)
            return DecodedColumn.OfText(TextColumn.Decode(ref source, whole, count));
        ColumnPlan? plan = ColumnPlan.Read(kind, ref source);
        int exceptions = source.Count(count);
        long[] gaps = IntStream.Decode(ref source, exceptions);
        (int Start, int Length)[] texts = exceptions > 0 ? TextColumn.Decode(ref source, whole, exceptions) : [];
        long[] values = IntStream.Decode(ref source, count - exceptions);
        if (source.Failed || plan is null || !plan.Covers(values))
        {
            source.Fail();
            return null;
        }
        int[] positions = new int[exceptions];
        long at = 0;
        for (int i = 0; i < exceptions; i++)
        {
            bool ordered = gaps[i] > (i == 0 ? -1 : 0) && gaps[i] < count;
            at += ordered ? gaps[i] : 0;
            if (!ordered || at >= count)
            {
                source.Fail();
                return null;
            }
            positions[i] = (int)at;
        }
        return new DecodedColumn(plan, values, positions, texts);
    }

    private static ColumnPlan Plan(CellColumn column)
    {
        List<NumberFormat> numbers = [];
        List<TimeFormat> times = [];
        List<FloatFormat> floats = [];
        int step = Math.Max(1, column.Count / SampleCells);
        for (int i = 0; i < column.Count; i += step)
        {
            if (numbers.Count < 64) NumberFormat.Suggest(column[i], numbers);
            if (times.Count < 32) TimeFormat.Suggest(column[i], times);
            if (floats.Count < 16) FloatFormat.Suggest(column[i], floats);
        }
        ColumnPlan best = ColumnPlan.Text;
        int bestCells = 0;
        List<ColumnPlan> plans = [.. numbers.OrderBy(f => f.Style).ThenBy(f => f.Decimals).ThenBy(f => f.Width)
            .ThenBy(f => f.IntegerDigits).Select(ColumnPlan.Of)];
        plans.AddRange(times.Select(ColumnPlan.Of));
        plans.AddRange(floats.Select(ColumnPlan.Of));
        foreach (ColumnPlan plan in plans)
        {
            int cells = 0, missesAllowed = column.Count - bestCells;
            for (int i = 0; i < column.Count && i - cells < missesAllowed; i++)
                if (plan.TryExact(column[i], out _)) cells++;
            if (cells > bestCells) (best, bestCells) = (plan, cells);
            if (bestCells == column.Count) break;
        }
        return best;
    }
}
