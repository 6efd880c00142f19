using System.Runtime.InteropServices;
using CPChain.Storage;
using Microsoft.Win32.SafeHandles;

namespace CPChain.Consensus.Journals;

/// <summary>
/// A file written in whole sectors of 512 bytes past the page cache, each write durable when it returns. So a record of a few hundred
/// bytes costs the disk one sector and not a page. Where the file system refuses direct writes, it writes through the cache and synchronises.
/// </summary>
internal sealed unsafe partial class SectorFile : IDisposable
{
    internal const int SectorBytes = 512;

    private const int ReadWriteCreateCloseOnExec = 0x2 | 0x40 | 0x80000;
    private const int SynchronousData = 0x1000;
    private const int OwnerReadWrite = 0x180;
    private const nuint Alignment = 4096;

    private readonly SafeFileHandle handle;
    private byte* buffer;
    private int bufferBytes;

    private SectorFile(SafeFileHandle handle, string path, bool isDirect)
    {
        this.handle = handle;
        Path = path;
        IsDirect = isDirect;
    }

    internal string Path { get; }

    internal bool IsDirect { get; }

    internal long LengthBytes => RandomAccess.GetLength(handle);

    /// <summary>Opens or makes the file, mode 0600, with at least <paramref name="bytesMin"/> bytes. Throws <see cref="StorageFailure"/>.</summary>
    internal static SectorFile Open(string path, long bytesMin)
    {
        SectorFile file = TryOpenDirect(path) ?? new SectorFile(OpenHandle(path, 0), path, isDirect: false);
        try
        {
            file.Extend(bytesMin);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal byte[] ReadAll()
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

    /// <summary>
    /// Writes the bytes, filled up with zeros to whole sectors, and returns their number when they are on the disk.
    /// Throws <see cref="StorageFailure"/>, after which the file must not be used.
    /// </summary>
    internal int Write(ReadOnlySpan<byte> bytes, long firstSector)
    {
        int sectors = (bytes.Length + SectorBytes - 1) / SectorBytes;
        Span<byte> aligned = Reserve(sectors * SectorBytes);
        bytes.CopyTo(aligned);
        aligned[bytes.Length..].Clear();
        try
        {
            RandomAccess.Write(handle, aligned, firstSector * SectorBytes);
        }
        catch (IOException failure)
        {
            throw FailureOf(failure);
        }
        return sectors;
    }

    public void Dispose()
    {
        handle.Dispose();
        if (buffer != null)
        {
            NativeMemory.AlignedFree(buffer);
            buffer = null;
        }
    }

    private static SectorFile? TryOpenDirect(string path)
    {
        int direct = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x10000 : 0x4000;
        int descriptor = OpenFile(path, ReadWriteCreateCloseOnExec | SynchronousData | direct, OwnerReadWrite);
        if (descriptor < 0)
        {
            return null;
        }
        SectorFile file = new(new SafeFileHandle(descriptor, ownsHandle: true), path, isDirect: true);
        try
        {
            // Some file systems take the flag and refuse the write: rewriting the first sector as it is finds out.
            byte[] first = file.LengthBytes >= SectorBytes ? file.ReadAll()[..SectorBytes] : new byte[SectorBytes];
            file.Write(first, 0);
            return file;
        }
        catch (StorageFailure failure) when (failure.Fault == StorageFault.Io)
        {
            file.Dispose();
            return null;
        }
    }

    private static SafeFileHandle OpenHandle(string path, int flags)
    {
        int descriptor = OpenFile(path, ReadWriteCreateCloseOnExec | SynchronousData | flags, OwnerReadWrite);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new StorageFailure(StorageFault.Io, path, Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    private StorageFailure FailureOf(IOException failure)
    {
        // ENOSPC and EDQUOT; .NET carries the number in the low bits of HResult.
        bool isFull = (failure.HResult & 0xffff) is 28 or 122;
        return isFull
            ? new StorageFailure(StorageFault.DiskFull, Path, "the disk is full; free space and start again", failure)
            : new StorageFailure(StorageFault.Io, Path, failure.Message, failure);
    }

    private void Extend(long bytesMin)
    {
        const long stepBytes = 64 * 1024;
        for (long at = LengthBytes / SectorBytes * SectorBytes; at < bytesMin; at += stepBytes)
        {
            Write(new byte[Math.Min(stepBytes, bytesMin - at)], at / SectorBytes);
        }
    }

    private Span<byte> Reserve(int bytes)
    {
        if (bytes > bufferBytes)
        {
            if (buffer != null)
            {
                NativeMemory.AlignedFree(buffer);
            }
            buffer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            bufferBytes = bytes;
        }
        return new Span<byte>(buffer, bytes);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);
}
