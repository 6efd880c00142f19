using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>How transformed integers become bytes.</summary>
internal enum IntPacking : byte
{
    Varint = 0,
    Planes = 1,
    Runs = 2,
}

/// <summary>Packs zig-zag integers as varints, as byte planes, or as runs of equal values.</summary>
internal static class IntPackings
{
    public static ReadOnlySpan<IntPacking> All => [IntPacking.Varint, IntPacking.Planes, IntPacking.Runs];

    /// <summary>False when the packing cannot be better than another one for these codes.</summary>
    public static bool TryPack(IntPacking packing, ReadOnlySpan<long> codes, ByteSink sink)
    {
        switch (packing)
        {
            case IntPacking.Varint:
                foreach (long code in codes) sink.Signed(code);
                return true;
            case IntPacking.Planes:
                return TryPackPlanes(codes, sink);
            default:
                return TryPackRuns(codes, sink);
        }
    }

    public static long[] Unpack(IntPacking packing, ref ByteSource source, int count, int planeBytesMax)
    {
        switch (packing)
        {
            case IntPacking.Varint:
                if (count > source.Remaining) source.Fail();
                if (source.Failed) return [];
                long[] values = new long[count];
                for (int i = 0; i < count; i++) values[i] = source.Signed();
                return values;
            case IntPacking.Planes:
                return UnpackPlanes(ref source, count, planeBytesMax);
            default:
                return UnpackRuns(ref source, count);
        }
    }

    private static bool TryPackPlanes(ReadOnlySpan<long> codes, ByteSink sink)
    {
        ulong all = 0;
        foreach (long code in codes) all |= ZigZag.Encode(code);
        int width = (64 - System.Numerics.BitOperations.LeadingZeroCount(all) + 7) / 8;
        if (all < 0x80) return false;
        sink.U8((byte)width);
        Span<byte> planes = sink.Take(checked(width * codes.Length));
        for (int p = 0; p < width; p++)
        {
            Span<byte> plane = planes.Slice(p * codes.Length, codes.Length);
            int shift = 8 * (width - 1 - p);
            for (int i = 0; i < plane.Length; i++) plane[i] = unchecked((byte)(ZigZag.Encode(codes[i]) >> shift));
        }
        return true;
    }

    private static long[] UnpackPlanes(ref ByteSource source, int count, int widthMax)
    {
        int width = source.U8();
        if (width == 0 || width > widthMax || (long)width * count > source.Remaining) source.Fail();
        if (source.Failed) return [];
        ReadOnlySpan<byte> planes = source.Bytes(width * count);
        long[] values = new long[count];
        for (int i = 0; i < count; i++)
        {
            ulong zigzag = 0;
            for (int p = 0; p < width; p++) zigzag = zigzag << 8 | planes[p * count + i];
            values[i] = ZigZag.Decode(zigzag);
        }
        return values;
    }

    private static bool TryPackRuns(ReadOnlySpan<long> codes, ByteSink sink)
    {
        int runs = 1;
        for (int i = 1; i < codes.Length; i++)
            if (codes[i] != codes[i - 1]) runs++;
        if (2 * runs > codes.Length && codes.Length > 1) return false;
        ByteSink lengths = new(runs + 8);
        sink.Varint((ulong)runs);
        for (int i = 0; i < codes.Length;)
        {
            int end = i + 1;
            while (end < codes.Length && codes[end] == codes[i]) end++;
            sink.Signed(codes[i]);
            lengths.Varint((ulong)(end - i));
            i = end;
        }
        sink.Bytes(lengths.Written);
        return true;
    }

    private static long[] UnpackRuns(ref ByteSource source, int count)
    {
        int runs = source.Count(count);
        if (runs > source.Remaining) source.Fail();
        if (source.Failed) return [];
        long[] heads = new long[runs];
        for (int r = 0; r < runs; r++) heads[r] = source.Signed();
        long[] values = new long[count];
        int at = 0;
        foreach (long head in heads)
        {
            int length = source.Count(count - at);
            values.AsSpan(at, length).Fill(head);
            at += length;
        }
        if (at != count) source.Fail();
        return values;
    }
}
