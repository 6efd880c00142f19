using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>How neighbouring integers are related before they are packed.</summary>
internal enum IntTransform : byte
{
    Plain = 0,
    Delta = 1,
    DeltaOfDelta = 2,
    Rank = 3,
    RankDelta = 4,
    Xor = 5,
}

/// <summary>Applies and undoes the transforms; all arithmetic wraps modulo 2^64.</summary>
internal static class IntTransforms
{
    public static ReadOnlySpan<IntTransform> All => [IntTransform.Plain, IntTransform.Delta, IntTransform.DeltaOfDelta,
        IntTransform.Rank, IntTransform.RankDelta, IntTransform.Xor];

    public static long[] Apply(IntTransform transform, ReadOnlySpan<long> values, Rank? rank)
    {
        long[] codes = transform is IntTransform.Rank or IntTransform.RankDelta ? rank!.Of(values) : values.ToArray();
        switch (transform)
        {
            case IntTransform.Delta or IntTransform.RankDelta:
                Difference(codes);
                break;
            case IntTransform.DeltaOfDelta:
                Difference(codes);
                Difference(codes.AsSpan(1));
                break;
            case IntTransform.Xor:
                for (int i = codes.Length - 1; i > 0; i--) codes[i] ^= codes[i - 1];
                break;
        }
        return codes;
    }

    /// <summary>Turns codes back into values in place; false when a rank lies outside the dictionary.</summary>
    public static bool TryUndo(IntTransform transform, long[] codes, ReadOnlySpan<long> dictionary)
    {
        switch (transform)
        {
            case IntTransform.Delta or IntTransform.RankDelta:
                Sum(codes);
                break;
            case IntTransform.DeltaOfDelta:
                Sum(codes.AsSpan(1));
                Sum(codes);
                break;
            case IntTransform.Xor:
                for (int i = 1; i < codes.Length; i++) codes[i] ^= codes[i - 1];
                break;
        }
        if (transform is not (IntTransform.Rank or IntTransform.RankDelta)) return true;
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] < 0 || codes[i] >= dictionary.Length) return false;
            codes[i] = dictionary[(int)codes[i]];
        }
        return true;
    }

    private static void Difference(Span<long> codes)
    {
        for (int i = codes.Length - 1; i > 0; i--) codes[i] = unchecked(codes[i] - codes[i - 1]);
    }

    private static void Sum(Span<long> codes)
    {
        for (int i = 1; i < codes.Length; i++) codes[i] = unchecked(codes[i] + codes[i - 1]);
    }
}

/// <summary>The sorted distinct values of a stream, for readings that a sensor quantises to few levels.</summary>
internal sealed class Rank
{
    private readonly long[] _sorted;

    private Rank(long[] sorted) => _sorted = sorted;

    /// <summary>Null when most values are distinct, so that a dictionary cannot pay.</summary>
    public static Rank? TryCreate(ReadOnlySpan<long> values)
    {
        long[] sorted = values.ToArray();
        Array.Sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) sorted[distinct++] = sorted[i];
        return 2 * distinct <= values.Length ? new Rank(sorted[..distinct]) : null;
    }

    public long[] Of(ReadOnlySpan<long> values)
    {
        long[] ranks = new long[values.Length];
        for (int i = 0; i < ranks.Length; i++) ranks[i] = Array.BinarySearch(_sorted, values[i]);
        return ranks;
    }

    public void Write(ByteSink sink)
    {
        sink.Varint((ulong)_sorted.Length);
        for (int i = 0; i < _sorted.Length; i++)
            sink.Signed(i == 0 ? _sorted[0] : unchecked(_sorted[i] - _sorted[i - 1]));
    }

    public static long[] Read(ref ByteSource source, int countMax)
    {
        int count = source.Count(countMax);
        if (count > source.Remaining) source.Fail();
        if (source.Failed) return [];
        long[] sorted = new long[count];
        for (int i = 0; i < count; i++)
            sorted[i] = unchecked((i == 0 ? 0 : sorted[i - 1]) + source.Signed());
        return sorted;
    }
}
