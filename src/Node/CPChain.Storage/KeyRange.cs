namespace CPChain.Storage;

/// <summary>Bounds of the keys that share a prefix.</summary>
internal static class KeyRange
{
    /// <summary>The least key above every key that begins with <paramref name="prefix"/>; null when there is none.</summary>
    public static byte[]? After(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.Length - 1;
        while (last >= 0 && prefix[last] == 0xff)
        {
            last--;
        }

        if (last < 0)
        {
            return null;
        }

        byte[] end = prefix[..(last + 1)].ToArray();
        end[last]++;
        return end;
    }

    /// <summary>First key to look at when walking up.</summary>
    public static ReadOnlyMemory<byte> Lowest(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from) =>
        from is { } f && f.Span.SequenceCompareTo(prefix.Span) > 0 ? f : prefix;
}
