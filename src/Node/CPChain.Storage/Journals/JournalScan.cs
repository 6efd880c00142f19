using CPChain.Storage.Disks;

namespace CPChain.Storage.Journals;

/// <summary>Reads a journal file from its start and tells a torn end from damage (specs/storage S5).</summary>
internal sealed class JournalScan(IDiskFile file, string path)
{
    private byte[] _frame = [];

    /// <summary>Where the next frame begins; all bytes before it are intact.</summary>
    public long Offset { get; private set; }

    /// <summary>Length of the file when the scan began.</summary>
    public long Length { get; } = file.LengthBytes;

    public byte[] ReadHeader()
    {
        byte[] header = Read(0, JournalFormat.HeaderBytes);
        Offset = JournalFormat.HeaderBytes;
        return header;
    }

    /// <summary>Whether the file was being made when the machine ended: its length may be there without its header.</summary>
    public bool IsUnmade() => Length < JournalFormat.HeaderBytes || OnlyZeros();

    /// <summary>
    /// Reads the next frame's body; false at the end of the file or at a torn end. Of the last flush any sectors may be
    /// missing, its length among them; so the end is torn where a frame is not intact and no intact one follows.
    /// </summary>
    public bool TryReadFrame(out ReadOnlySpan<byte> body)
    {
        body = default;
        long left = Length - Offset;
        if (left == 0)
        {
            return false;
        }

        long length = JournalFrame.LengthAt(Read(Offset, (int)Math.Min(left, JournalFrame.HeaderBytes)));
        if (length > 0 && length <= left)
        {
            _frame = Read(Offset, checked((int)length));
            if (JournalFrame.IsIntact(_frame))
            {
                Offset += length;
                body = _frame.AsSpan(JournalFrame.HeaderBytes);
                return true;
            }
        }

        // A flush was acknowledged behind this one: it is no torn end, and nothing may be hidden.
        return HasIntactFrameAfter(Offset + 1) ? throw Corrupt("a frame before the last is damaged") : false;
    }

    public StorageFailure Corrupt(string what) =>
        new(StorageFault.Corrupt, path, $"{what} (at byte {Offset} of {Length}); restore the file from a copy");

    private bool HasIntactFrameAfter(long from)
    {
        byte[] rest = Read(from, checked((int)Math.Min(Length - from, int.MaxValue - 64)));
        for (int i = 0; i + JournalFrame.HeaderBytes + JournalFrame.RecordHeaderBytes <= rest.Length; i++)
        {
            ReadOnlySpan<byte> here = rest.AsSpan(i);
            long length = JournalFrame.LengthAt(here);
            if (length > 0 && length <= here.Length && PlausibleRecords(here[..(int)length]) && JournalFrame.IsIntact(here[..(int)length]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool PlausibleRecords(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> body = frame[JournalFrame.HeaderBytes..];
        while (!body.IsEmpty)
        {
            if (!JournalFrame.TryTakeRecord(ref body, int.MaxValue, out _))
            {
                return false;
            }
        }

        return true;
    }

    private bool OnlyZeros()
    {
        long from = 0;
        while (from < Length)
        {
            byte[] part = Read(from, (int)Math.Min(Length - from, 64 << 10));
            if (part.AsSpan().ContainsAnyExcept((byte)0))
            {
                return false;
            }

            from += part.Length;
        }

        return true;
    }

    private byte[] Read(long offset, int count)
    {
        byte[] bytes = new byte[count];
        return file.Read(bytes, offset) == count
            ? bytes
            : throw new StorageFailure(StorageFault.Io, path, "the file became shorter while it was read");
    }
}
