using System.Runtime.InteropServices;
using CPChain.Storage.Sectors;
using Microsoft.Win32.SafeHandles;

namespace CPChain.Storage.Disks;

/// <summary>The file system of the operating system.</summary>
public sealed unsafe partial class FileSystemDisk : IDisk
{
    private const int ReadWriteCreateCloseOnExec = 0x2 | 0x40 | 0x80000;
    private const int SynchronousData = 0x1000;
    private const int OwnerReadWrite = 0x180;
    private const int LockedErrno = 11;

    private FileSystemDisk()
    {
    }

    /// <summary>The only one; it holds nothing.</summary>
    public static FileSystemDisk Instance { get; } = new();

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskAccess access) => Checked(path, () => access == DiskAccess.Buffered
        ? OpenBuffered(path)
        : TryOpenDirect(path) ?? new FileSystemFile(OpenSynchronous(path, 0), path, isDirect: false));

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string directory) => Checked(directory, () => Directory.Exists(directory)
        ? Directory.GetFiles(directory).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToArray()
        : []);

    /// <inheritdoc/>
    public void Rename(string path, string newPath) => Checked(path, () => File.Move(path, newPath, overwrite: true));

    /// <inheritdoc/>
    public void Delete(string path) => Checked(path, () => File.Delete(path));

    /// <inheritdoc/>
    public void CreateDirectory(string directory)
    {
        string full = Path.GetFullPath(directory);
        List<string> parentsOfNew = [];
        for (string? at = full; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            parentsOfNew.Add(Path.GetDirectoryName(at)!);
        }

        PrivateDirectory.Create(full);
        parentsOfNew.ForEach(PrivateDirectory.Sync);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory) => PrivateDirectory.Sync(directory);

    /// <inheritdoc/>
    public long FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }

    internal static T Checked<T>(string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFailure.FromIo(path, e);
        }
    }

    private static void Checked(string path, Action call) => Checked(path, () =>
    {
        call();
        return true;
    });

    private static FileSystemFile OpenBuffered(string path)
    {
        try
        {
            SafeFileHandle handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return new FileSystemFile(handle, path, isDirect: false);
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException
            && (e.HResult & 0xffff) == LockedErrno)
        {
            throw new StorageFailure(StorageFault.Locked, path, "the file is open already; stop the other cpchain that uses it", e);
        }
    }

    private static FileSystemFile? TryOpenDirect(string path)
    {
        bool isArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
        int descriptor = OpenFile(path, ReadWriteCreateCloseOnExec | SynchronousData | (isArm ? 0x10000 : 0x4000), OwnerReadWrite);
        if (descriptor < 0)
        {
            return null;
        }

        FileSystemFile file = new(new SafeFileHandle(descriptor, ownsHandle: true), path, isDirect: true);
        void* probe = NativeMemory.AlignedAlloc(SectorFile.SectorBytes, SectorFile.AlignmentBytes);
        try
        {
            // Some file systems take the flag and refuse the write: rewriting the first sector as it is finds out.
            Span<byte> first = new(probe, SectorFile.SectorBytes);
            first.Clear();
            file.Read(first, 0);
            file.Write(first, 0);
            return file;
        }
        catch (StorageFailure failure) when (failure.Fault == StorageFault.Io)
        {
            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
        finally
        {
            NativeMemory.AlignedFree(probe);
        }
    }

    private static SafeFileHandle OpenSynchronous(string path, int flags)
    {
        int descriptor = OpenFile(path, ReadWriteCreateCloseOnExec | SynchronousData | flags, OwnerReadWrite);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        int errno = Marshal.GetLastPInvokeError();
        throw new IOException(Marshal.GetPInvokeErrorMessage(errno), errno);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);
}
