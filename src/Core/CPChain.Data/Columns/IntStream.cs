using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>Codes a list of 64-bit integers in the cheapest of several forms (rule D2.4).</summary>
/// <remarks>The first byte names the transform (high nibble) and the packing (low nibble); the count is known outside.</remarks>
internal static class IntStream
{
    private const int PlaneBytesMax = 8;

    /// <summary>Appends <paramref name="values"/> in the form that compresses best.</summary>
    public static void Encode(ReadOnlySpan<long> values, ByteSink sink)
    {
        if (values.IsEmpty) return;
        if (!values.ContainsAnyExcept(values[0]))
        {
            // A sensor that stands still: one run, and nothing to compare.
            sink.U8((byte)((int)IntTransform.Plain << 4 | (int)IntPacking.Runs));
            sink.Varint(1);
            sink.Signed(values[0]);
            sink.Varint((ulong)values.Length);
            return;
        }
        byte[]? best = null;
        int bestCost = int.MaxValue;
        Rank? rank = Rank.TryCreate(values);
        foreach (IntTransform transform in IntTransforms.All)
        {
            if (rank is null && transform is IntTransform.Rank or IntTransform.RankDelta) continue;
            long[] codes = IntTransforms.Apply(transform, values, rank);
            foreach (IntPacking packing in IntPackings.All)
            {
                ByteSink trial = new(values.Length + 16);
                trial.U8((byte)((int)transform << 4 | (int)packing));
                if (transform is IntTransform.Rank or IntTransform.RankDelta) rank!.Write(trial);
                if (!IntPackings.TryPack(packing, codes, trial)) continue;
                int cost = BrotliText.Cost(trial.Written);
                if (cost >= bestCost) continue;
                (best, bestCost) = (trial.ToArray(), cost);
            }
        }
        sink.Bytes(best);
    }

    /// <summary>Reads <paramref name="count"/> integers; a bad form fails the source.</summary>
    public static long[] Decode(ref ByteSource source, int count)
    {
        if (count == 0) return [];
        byte form = source.U8();
        IntTransform transform = (IntTransform)(form >> 4);
        IntPacking packing = (IntPacking)(form & 15);
        if (transform > IntTransform.Xor || packing > IntPacking.Runs) source.Fail();
        long[] dictionary = transform is IntTransform.Rank or IntTransform.RankDelta ? Rank.Read(ref source, count) : [];
        if (source.Failed) return [];
        long[] codes = IntPackings.Unpack(packing, ref source, count, PlaneBytesMax);
        if (!source.Failed && !IntTransforms.TryUndo(transform, codes, dictionary)) source.Fail();
        return source.Failed ? [] : codes;
    }
}
