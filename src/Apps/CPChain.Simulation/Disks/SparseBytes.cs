namespace CPChain.Simulation.Disks;

/// <summary>The bytes of a file; pages that were never written to hold zeros and take no memory.</summary>
internal sealed class SparseBytes
{
    private const int PageBytes = 4096;

    private readonly Dictionary<long, byte[]> _pages = [];

    internal long Length { get; private set; }

    internal int Read(Span<byte> buffer, long offset)
    {
        int count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        for (int done = 0; done < count;)
        {
            long page = (offset + done) / PageBytes;
            int from = (int)((offset + done) % PageBytes);
            int part = Math.Min(PageBytes - from, count - done);
            Span<byte> target = buffer.Slice(done, part);
            if (_pages.TryGetValue(page, out byte[]? bytes))
                bytes.AsSpan(from, part).CopyTo(target);
            else
                target.Clear();
            done += part;
        }
        return count;
    }

    internal void Write(ReadOnlySpan<byte> source, long offset)
    {
        for (int done = 0; done < source.Length;)
        {
            long page = (offset + done) / PageBytes;
            int from = (int)((offset + done) % PageBytes);
            int part = Math.Min(PageBytes - from, source.Length - done);
            ReadOnlySpan<byte> piece = source.Slice(done, part);
            if (_pages.TryGetValue(page, out byte[]? bytes) || piece.ContainsAnyExcept((byte)0))
            {
                bytes ??= _pages[page] = new byte[PageBytes];
                piece.CopyTo(bytes.AsSpan(from));
            }
            done += part;
        }
        Length = Math.Max(Length, offset + source.Length);
    }

    internal void SetLength(long length)
    {
        if (length < Length)
        {
            foreach (long page in _pages.Keys.Where(page => page * PageBytes >= length).ToArray())
                _pages.Remove(page);
            if (_pages.TryGetValue(length / PageBytes, out byte[]? last))
                last.AsSpan((int)(length % PageBytes)).Clear();
        }
        Length = length;
    }

    internal SparseBytes Clone()
    {
        SparseBytes copy = new() { Length = Length };
        foreach ((long page, byte[] bytes) in _pages)
            copy._pages[page] = (byte[])bytes.Clone();
        return copy;
    }
}
