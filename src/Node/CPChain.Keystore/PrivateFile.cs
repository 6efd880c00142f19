using System.Runtime.InteropServices;

#pragma warning disable CA1416 // The program runs on Linux; it is where file modes mean something.

namespace CPChain.Keystore;

/// <summary>Files that their owner alone may read: mode 0600, written whole or not at all.</summary>
internal static partial class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes the directory and what is missing above it; a new directory gets mode 0700.</summary>
    public static void CreateDirectory(string path)
    {
        if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnerDirectory);
        UnixFileMode mode = new DirectoryInfo(path).UnixFileMode;
        if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            throw new KeystoreException($"Others can change what lies in {path}. Use chmod 700 '{path}'");
    }

    /// <summary>Writes a file that must not be there yet: temporary file, fsync, rename, fsync of the directory.</summary>
    public static void WriteNew(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = OwnerOnly,
        };
        using (var file = new FileStream(temporary, options))
        {
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly); // A file left by a crash keeps its old mode otherwise.
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: false);
        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Reads a small file and refuses one that others may read.</summary>
    public static byte[] Read(string path, int bytesMax)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        UnixFileMode mode = File.GetUnixFileMode(file.SafeFileHandle);
        if ((mode & Others) != 0)
        {
            string octal = Convert.ToString((int)mode, 8).PadLeft(4, '0');
            throw new KeystoreException($"Others can read {path} (mode {octal}). Use chmod 600 '{path}'");
        }

        if (file.Length > bytesMax) throw new KeystoreException($"{path} is larger than {bytesMax} bytes: it is no such file.");
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static void SyncDirectory(string path)
    {
        int descriptor = open(path, 0);
        if (descriptor < 0) throw new IOException($"Cannot open {path}: error {Marshal.GetLastPInvokeError()}.");
        int failed = fsync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = close(descriptor);
        if (failed != 0) throw new IOException($"Cannot make {path} durable: error {error}.");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
