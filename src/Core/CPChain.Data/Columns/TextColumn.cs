using CPChain.Data.Encoding;

namespace CPChain.Data.Columns;

/// <summary>Codes cells that are no numbers, as a dictionary with indexes or as plain text.</summary>
internal static class TextColumn
{
    public static void Encode(CellColumn column, ByteSink sink)
    {
        Dictionary<string, int> index = [];
        List<byte[]> words = [];
        long[] picks = new long[column.Count];
        for (int i = 0; i < column.Count; i++)
        {
            // Latin-1 keeps each byte as one character, so that equal strings are equal bytes.
            string key = System.Text.Encoding.Latin1.GetString(column[i]);
            if (!index.TryGetValue(key, out int pick))
            {
                pick = words.Count;
                index.Add(key, pick);
                words.Add(column[i].ToArray());
            }
            picks[i] = pick;
        }
        bool dictionary = 2 * words.Count <= column.Count || column.Count == 1;
        sink.U8((byte)(dictionary ? 1 : 0));
        if (!dictionary) words = [.. Enumerable.Range(0, column.Count).Select(i => column[i].ToArray())];
        else sink.Varint((ulong)words.Count);
        long[] lengths = [.. words.Select(w => (long)w.Length)];
        IntStream.Encode(lengths, sink);
        foreach (byte[] word in words) sink.Bytes(word);
        if (dictionary) IntStream.Encode(picks, sink);
    }

    /// <summary>Reads <paramref name="count"/> cells as slices of the source.</summary>
    public static (int Start, int Length)[] Decode(ref ByteSource source, ReadOnlySpan<byte> whole, int count)
    {
        bool dictionary = source.U8() == 1;
        int words = dictionary ? source.Count(count) : count;
        long[] lengths = IntStream.Decode(ref source, words);
        if (source.Failed) return [];
        (int Start, int Length)[] slices = new (int, int)[words];
        for (int i = 0; i < words; i++)
        {
            int start = whole.Length - source.Remaining;
            if (lengths[i] < 0 || lengths[i] > source.Remaining) source.Fail();
            if (source.Failed) return [];
            source.Bytes((int)lengths[i]);
            slices[i] = (start, (int)lengths[i]);
        }
        if (!dictionary) return slices;
        long[] picks = IntStream.Decode(ref source, count);
        if (source.Failed) return [];
        (int Start, int Length)[] cells = new (int, int)[count];
        for (int i = 0; i < count; i++)
        {
            if (picks[i] < 0 || picks[i] >= words)
            {
                source.Fail();
                return [];
            }
            cells[i] = slices[picks[i]];
        }
        return cells;
    }
}
