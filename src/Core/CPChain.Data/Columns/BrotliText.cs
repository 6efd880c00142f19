using System.IO.Compression;

namespace CPChain.Data.Columns;

/// <summary>Brotli (RFC 7932) over whole buffers, with the decoded size known and bounded beforehand.</summary>
internal static class BrotliText
{
    private const int CostQuality = 5;
    private const int Window = 22;

    /// <summary>Compressed size in bytes at a quick quality, for choosing between forms.</summary>
    public static int Cost(ReadOnlySpan<byte> bytes)
    {
        byte[] room = System.Buffers.ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(bytes.Length));
        bool done = BrotliEncoder.TryCompress(bytes, room, out int written, CostQuality, Window);
        Array.Clear(room);
        System.Buffers.ArrayPool<byte>.Shared.Return(room);
        return done ? written : int.MaxValue;
    }

    /// <summary>Compresses; <paramref name="quality"/> is 0 to 11.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes, int quality)
    {
        byte[] room = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        bool done = BrotliEncoder.TryCompress(bytes, room, out int written, quality, Window);
        CPChain.Types.Invariant.Check(done, "Brotli output fits its documented bound");
        return room[..written];
    }

    /// <summary>Fills <paramref name="destination"/> exactly; false when the input is bad, longer or shorter.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using BrotliDecoder decoder = new();
        System.Buffers.OperationStatus status = decoder.Decompress(source, destination, out int consumed, out int written);
        return status == System.Buffers.OperationStatus.Done && consumed == source.Length && written == destination.Length;
    }
}
