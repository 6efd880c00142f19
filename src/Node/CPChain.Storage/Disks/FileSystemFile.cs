using Microsoft.Win32.SafeHandles;

namespace CPChain.Storage.Disks;

/// <summary>A file of the operating system. A direct one is written past the cache and read through another descriptor.</summary>
internal sealed class FileSystemFile(SafeFileHandle handle, string path, bool isDirect) : IDiskFile
{
    public string Path => path;

    public long LengthBytes => FileSystemDisk.Checked(path, () => RandomAccess.GetLength(handle));

    public int Read(Span<byte> buffer, long offset)
    {
        try
        {
            if (!isDirect)
            {
                return Fill(handle, buffer, offset);
            }

            // Reading past the cache would need aligned memory for no gain: such files are read when they are opened.
            using SafeFileHandle reading = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return Fill(reading, buffer, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFailure.FromIo(path, e);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFailure.FromIo(path, e);
        }
    }

    public void SetLength(long bytes) => FileSystemDisk.Checked(path, () =>
    {
        RandomAccess.SetLength(handle, bytes);
        return true;
    });

    public void Sync() => PrivateDirectory.SyncFile(handle, path);

    public void Dispose() => handle.Dispose();

    private static int Fill(SafeFileHandle from, Span<byte> buffer, long offset)
    {
        int done = 0;
        while (done < buffer.Length && RandomAccess.Read(from, buffer[done..], offset + done) is int read and > 0)
        {
            done += read;
        }

        return done;
    }
}
