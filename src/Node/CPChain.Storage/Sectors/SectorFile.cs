using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CPChain.Storage.Sectors;

/// <summary>
/// A file written in whole sectors of 512 bytes past the page cache, each write durable when it returns: a record of a few
/// hundred bytes costs the disk a sector and not a page. Where the file system refuses direct writes, it writes through
/// the cache and synchronises. Not thread-safe.
/// </summary>
internal sealed unsafe partial class SectorFile : IDisposable
{
    public const int SectorBytes = 512;

    private const int ReadWriteCreateCloseOnExec = 0x2 | 0x40 | 0x80000;
    private const int SynchronousData = 0x1000;
    private const int OwnerReadWrite = 0x180;
    private const int BufferBytesKept = 1 << 20;
    private const nuint Alignment = 4096;

    private readonly SafeFileHandle _handle;
    private byte* _buffer;
    private int _bufferBytes;

    private SectorFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
        LengthBytes = RandomAccess.GetLength(handle);
    }

    public string Path { get; }

    public long LengthBytes { get; private set; }

    /// <summary>Opens or makes the file, mode 0600. Throws <see cref="IOException"/>.</summary>
    public static SectorFile Open(string path) => TryOpenDirect(path) ?? new SectorFile(OpenHandle(path, 0), path);

    public byte[] ReadAll()
    {
        byte[] bytes = new byte[LengthBytes];
        using SafeFileHandle reading = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        int at = 0;
        while (at < bytes.Length && RandomAccess.Read(reading, bytes.AsSpan(at), at) is int read and > 0)
        {
            at += read;
        }

        return bytes;
    }

    /// <summary>Writes the parts one after the other, filled up with zeros to whole sectors; on the disk when it returns.</summary>
    public void Write(long firstSector, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        int used = first.Length + second.Length;
        Span<byte> aligned = Reserve((used + SectorBytes - 1) / SectorBytes * SectorBytes);
        first.CopyTo(aligned);
        second.CopyTo(aligned[first.Length..]);
        aligned[used..].Clear();
        RandomAccess.Write(_handle, aligned, firstSector * SectorBytes);
        LengthBytes = Math.Max(LengthBytes, (firstSector * SectorBytes) + aligned.Length);
        if (_bufferBytes > BufferBytesKept)
        {
            Release();
        }
    }

    /// <summary>Fills the file up with zeros: writing within a file that is there already costs no metadata.</summary>
    public void Extend(long bytesMin)
    {
        byte[] zeros = new byte[BufferBytesKept];
        for (long at = LengthBytes / SectorBytes * SectorBytes; at < bytesMin; at += zeros.Length)
        {
            Write(at / SectorBytes, zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytesMin - at)));
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        Release();
    }

    private static SectorFile? TryOpenDirect(string path)
    {
        bool isArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
        int descriptor = OpenFile(path, ReadWriteCreateCloseOnExec | SynchronousData | (isArm ? 0x10000 : 0x4000), OwnerReadWrite);
        if (descriptor < 0)
        {
            return null;
        }

        SectorFile file = new(new SafeFileHandle(descriptor, ownsHandle: true), path);
        try
        {
            // Some file systems take the flag and refuse the write: rewriting the first sector as it is finds out.
            file.Write(0, file.LengthBytes >= SectorBytes ? file.ReadAll().AsSpan(0, SectorBytes) : new byte[SectorBytes]);
            return file;
        }
        catch (IOException)
        {
            file.Dispose();
            return null;
        }
    }

    private static SafeFileHandle OpenHandle(string path, int flags)
    {
        int descriptor = OpenFile(path, ReadWriteCreateCloseOnExec | SynchronousData | flags, OwnerReadWrite);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        int errno = Marshal.GetLastPInvokeError();
        throw new IOException(Marshal.GetPInvokeErrorMessage(errno), errno);
    }

    private Span<byte> Reserve(int bytes)
    {
        if (bytes > _bufferBytes)
        {
            Release();
            _buffer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
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

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);
}
