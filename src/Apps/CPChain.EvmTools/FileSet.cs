using System.Diagnostics;
using System.Formats.Tar;

namespace CPChain.EvmTools;

/// <summary>Where the files of a run come from: one file, a folder with all below it, or an archive.</summary>
public static class FileSet
{
    private const string ArchiveEnding = ".tar.xz";

    /// <summary>The files with wanted names, in a fixed order.</summary>
    /// <exception cref="IOException">The path is not there or the archive cannot be read.</exception>
    public static IEnumerable<(string Name, byte[] Content)> Read(string path, Func<string, bool> isWanted)
    {
        if (Directory.Exists(path)) return InFolder(path, isWanted);
        if (!File.Exists(path)) throw new FileNotFoundException($"there is no file or folder {path}.", path);
        return path.EndsWith(ArchiveEnding, StringComparison.Ordinal)
            ? InArchive(path, isWanted)
            : [(Path.GetFileName(path), File.ReadAllBytes(path))];
    }

    private static IEnumerable<(string Name, byte[] Content)> InFolder(string folder, Func<string, bool> isWanted) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetRelativePath(folder, file), File: file))
            .Where(file => isWanted(file.Name))
            .Select(file => (file.Name, File.ReadAllBytes(file.File)));

    private static IEnumerable<(string Name, byte[] Content)> InArchive(string archive, Func<string, bool> isWanted)
    {
        ProcessStartInfo start = new("xz", ["-dc", archive]) { RedirectStandardOutput = true };
        using Process xz = Process.Start(start) ?? throw new IOException("xz does not start.");
        using TarReader reader = new(xz.StandardOutput.BaseStream);
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.DataStream is null || !isWanted(entry.Name)) continue;
            using MemoryStream content = new();
            entry.DataStream.CopyTo(content);
            yield return (entry.Name, content.ToArray());
        }

        xz.WaitForExit();
        if (xz.ExitCode != 0) throw new IOException($"xz could not unpack {archive}.");
    }
}
