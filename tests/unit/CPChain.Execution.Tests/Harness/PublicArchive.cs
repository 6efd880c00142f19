using System.Diagnostics;
using System.Formats.Tar;

namespace CPChain.Execution.Tests.Harness;

/// <summary>Files of others inside a .tar.xz under the folder that CPCHAIN_DATA names.</summary>
internal static class PublicArchive
{
    public static List<(string Name, byte[] Content)> Read(string archive, Func<string, bool> wanted)
    {
        string? folder = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "CPCHAIN_DATA is not set: public test vectors are absent.");
        using Process xz = Process.Start(
            new ProcessStartInfo("xz", ["-dc", Path.Combine(folder, archive)]) { RedirectStandardOutput = true })!;
        using TarReader tar = new(xz.StandardOutput.BaseStream);
        List<(string, byte[])> files = [];
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !wanted(entry.Name))
                continue;
            using MemoryStream copy = new();
            entry.DataStream.CopyTo(copy);
            files.Add((entry.Name, copy.ToArray()));
        }
        xz.WaitForExit();
        Assert.NotEmpty(files);
        return files;
    }
}
