using System.Runtime.InteropServices;
using CPChain.Storage.Disks;

namespace CPChain.Storage.Sectors;

/// <summary>
/// A file written in whole sectors of 512 bytes past the page cache, each write durable when it returns: a record of a few
/// hundred bytes costs the disk a sector and not a page. Where the file system refuses direct writes, it writes through
/// the cache and synchronises. Not thread-safe. Any <see cref="StorageFailure"/> is final for it.
/// </summary>
public sealed unsafe class SectorFile : IDisposable
{
    /// <summary>What a disk writes whole or not at all.</summary>
    public const int SectorBytes = 512;

    /// <summary>Of the memory that direct writes come from.</summary>
    public const int AlignmentBytes = 4096;

    private const int BufferBytesKept = 1 << 20;

    private readonly IDiskFile _file;
    private byte* _buffer;
    private int _bufferBytes;

    private SectorFile(IDiskFile file)
    {
        _file = file;
        LengthBytes = file.LengthBytes;
    }

    /// <summary>The name it was opened by.</summary>
    public string Path => _file.Path;

    /// <summary>Length in bytes.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>
    /// Opens or makes the file, mode 0600, with at least <paramref name="bytesMin"/> bytes; its name is durable when this returns.
    /// Throws <see cref="StorageFailure"/>.
    /// </summary>
    public static SectorFile Open(IDisk disk, string path, long bytesMin = 0)
    {
        ArgumentNullException.ThrowIfNull(disk);
        SectorFile file = new(disk.Open(path, DiskAccess.DurableSectors));
        try
        {
            file.Extend(bytesMin);

            // Not for a new file alone: whoever made it may have ended before this.
            disk.SyncDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The whole content.</summary>
    public byte[] ReadAll()
    {
        byte[] bytes = new byte[LengthBytes];
        _file.Read(bytes, 0);
        return bytes;
    }

    /// <summary>The first sector; shorter where the file is.</summary>
    public byte[] ReadFirst()
    {
        byte[] bytes = new byte[Math.Min(LengthBytes, SectorBytes)];
        _file.Read(bytes, 0);
        return bytes;
    }

    /// <summary>
    /// Writes the parts one after the other, filled up with zeros to whole sectors, and returns the number of sectors when they are on
    /// the disk.
    /// </summary>
    public int Write(long firstSector, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        int used = first.Length + second.Length;
        int sectors = (used + SectorBytes - 1) / SectorBytes;
        Span<byte> aligned = Reserve(sectors * SectorBytes);
        first.CopyTo(aligned);
        second.CopyTo(aligned[first.Length..]);
        aligned[used..].Clear();
        Write(aligned, firstSector * SectorBytes);
        return sectors;
    }

    /// <summary>Fills the file up with zeros: writing within a file that is there already costs no metadata.</summary>
    public void Extend(long bytesMin)
    {
        for (long at = LengthBytes / SectorBytes * SectorBytes; at < bytesMin; at += BufferBytesKept)
        {
            long sectors = (Math.Min(BufferBytesKept, bytesMin - at) + SectorBytes - 1) / SectorBytes;
            Span<byte> zeros = Reserve((int)sectors * SectorBytes);
            zeros.Clear();
            Write(zeros, at);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _file.Dispose();
        Release();
    }

    private void Write(ReadOnlySpan<byte> aligned, long offset)
    {
        _file.Write(aligned, offset);
        LengthBytes = Math.Max(LengthBytes, offset + aligned.Length);
        if (_bufferBytes > BufferBytesKept)
        {
            Release();
        }
    }

    private Span<byte> Reserve(int bytes)
    {
        if (bytes > _bufferBytes)
        {
            Release();
            _buffer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, AlignmentBytes);
            _bufferBytes = bytes;
        }

        return new Span<byte>(_buffer, bytes);
    }

    private void Release()
    {
        if (_buffer != null)
        {
            NativeMemory.AlignedFree(_buffer);
            _buffer = null;
            _bufferBytes = 0;
        }
    }
}
