using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CPChain.Storage;

/// <summary>Directories that only their owner can read, and the synchronisation of their entries.</summary>
internal static partial class PrivateDirectory
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Makes the directory and its parents (mode 0700 where they are new).</summary>
    public static void Create(string directory)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            else
            {
                Directory.CreateDirectory(directory);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFailure.FromIo(directory, e);
        }
    }

    /// <summary>Makes creations and renames in the directory survive a crash of the machine.</summary>
    public static void Sync(string directory)
    {
        int descriptor = Open(directory, ReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            throw Failure(directory, "open");
        }

        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        if (SyncAll(handle) != 0)
        {
            throw Failure(directory, "fsync");
        }
    }

    /// <summary>Makes the file's bytes and length survive a crash of the machine.</summary>
    public static void SyncFile(SafeFileHandle file, string path)
    {
        if (SyncData(file) != 0)
        {
            throw Failure(path, "fdatasync");
        }
    }

    private static StorageFailure Failure(string path, string call)
    {
        int errno = Marshal.GetLastPInvokeError();
        string text = $"{call} failed: {Marshal.GetPInvokeErrorMessage(errno)}";
        return StorageFailure.FromIo(path, new IOException(text, errno));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncAll(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);
}
