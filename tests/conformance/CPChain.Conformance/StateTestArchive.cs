using System.Diagnostics;
using System.Formats.Tar;

namespace CPChain.Conformance;

/// <summary>The archive of GeneralStateTests in the folder that CPCHAIN_DATA names.</summary>
internal static class StateTestArchive
{
    internal const string Variable = "CPCHAIN_DATA";

    /// <summary>Files in the archive's order.</summary>
    internal static IEnumerable<(string Name, byte[] Json)> Files(string dataFolder)
    {
        string archive = Path.Combine(dataFolder, "ethereum-tests", "state-tests.tar.xz");
        ProcessStartInfo start = new("xz", ["-dc", archive]) { RedirectStandardOutput = true };
        using Process xz = Process.Start(start)!;
        using TarReader reader = new(xz.StandardOutput.BaseStream);
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".json", StringComparison.Ordinal)) continue;
            using MemoryStream json = new();
            entry.DataStream.CopyTo(json);
            yield return (entry.Name, json.ToArray());
        }

        xz.WaitForExit();
        Assert.Equal(0, xz.ExitCode);
    }
}
