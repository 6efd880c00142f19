using System.Diagnostics;
using System.Formats.Tar;

namespace CPChain.EvmTools.StateTests;

/// <summary>Where the files of a run come from: one file, a folder with all below it, or an archive.</summary>
public static class StateTestSource
{
    private const string ArchiveEnding = ".tar.xz";

    /// <summary>The .json files in a fixed order.</summary>
    /// <exception cref="IOException">The path is not there or the archive cannot be read.</exception>
    public static IEnumerable<(string Name, byte[] Json)> Files(string path)
    {
        if (Directory.Exists(path)) return InFolder(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"there is no file or folder {path}.", path);
        return path.EndsWith(ArchiveEnding, StringComparison.Ordinal)
            ? InArchive(path)
            : [(Path.GetFileName(path), File.ReadAllBytes(path))];
    }

    private static IEnumerable<(string Name, byte[] Json)> InFolder(string folder) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(folder, file), File.ReadAllBytes(file)));

    private static IEnumerable<(string Name, byte[] Json)> InArchive(string archive)
    {
        ProcessStartInfo start = new("xz", ["-dc", archive]) { RedirectStandardOutput = true };
        using Process xz = Process.Start(start) ?? throw new IOException("xz does not start.");
        using TarReader reader = new(xz.StandardOutput.BaseStream);
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".json", StringComparison.Ordinal)) continue;
            using MemoryStream json = new();
            entry.DataStream.CopyTo(json);
            yield return (entry.Name, json.ToArray());
        }

        xz.WaitForExit();
        if (xz.ExitCode != 0) throw new IOException($"xz could not unpack {archive}.");
    }
}
