namespace CPChain.Trie;

/// <summary>Keys as sequences of half bytes, and their compact ("hex prefix") form (Yellow Paper, appendix C).</summary>
internal static class Nibbles
{
    /// <summary>Longest key; secure tries use 32 bytes.</summary>
    public const int KeyBytesMax = 256;

    /// <summary>Keys by their bytes.</summary>
    public static IComparer<ReadOnlyMemory<byte>> KeyOrder { get; } =
        Comparer<ReadOnlyMemory<byte>>.Create(static (a, b) => a.Span.SequenceCompareTo(b.Span));

    public static byte[] Of(ReadOnlySpan<byte> key)
    {
        byte[] nibbles = new byte[key.Length * 2];
        for (int i = 0; i < key.Length; i++)
        {
            nibbles[2 * i] = (byte)(key[i] >> 4);
            nibbles[(2 * i) + 1] = (byte)(key[i] & 15);
        }

        return nibbles;
    }

    public static int CommonPrefix(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.CommonPrefixLength(b);

    /// <summary>Writes the compact form and returns its length, at most half the path and one.</summary>
    public static int WriteCompact(ReadOnlySpan<byte> path, bool isLeaf, Span<byte> destination)
    {
        int flag = isLeaf ? 2 : 0;
        bool odd = (path.Length & 1) != 0;
        destination[0] = odd ? (byte)(((flag | 1) << 4) | path[0]) : (byte)(flag << 4);
        int at = 1;
        for (int i = odd ? 1 : 0; i < path.Length; i += 2)
        {
            destination[at++] = (byte)((path[i] << 4) | path[i + 1]);
        }

        return at;
    }

    /// <summary>Reads the compact form; false unless it is canonical.</summary>
    public static bool TryReadCompact(ReadOnlySpan<byte> compact, out byte[] path, out bool isLeaf)
    {
        path = [];
        isLeaf = false;
        if (compact.IsEmpty || compact.Length > KeyBytesMax + 1)
        {
            return false;
        }

        int flag = compact[0] >> 4;
        bool odd = (flag & 1) != 0;
        if (flag > 3 || (!odd && (compact[0] & 15) != 0))
        {
            return false;
        }

        isLeaf = (flag & 2) != 0;
        byte[] rest = Of(compact[1..]);
        path = odd ? [(byte)(compact[0] & 15), .. rest] : rest;
        return true;
    }
}
