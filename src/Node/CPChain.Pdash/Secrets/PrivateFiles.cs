using System.IO;

namespace CPChain.Pdash;

/// <summary>Files and directories that only their owner may read, written whole or not at all.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Writes beside, flushes to the disk and renames, so that a crash leaves the old file or the new one.</summary>
    public static void Write(string path, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        string partial = path + ".partial";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using (FileStream file = new(partial, options))
            {
                file.Write(first);
                file.Write(second);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
