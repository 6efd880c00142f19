using CPChain.Data.Csv;
using CPChain.Pdash;
using CPChain.Pdash.Owner;

namespace CPChain.App.Demo;

/// <summary>The file of readings and the room for what a run makes of it.</summary>
public static class DemoInput
{
    // Shards take half as much again, the buyer's copy as much again; blocks, stores and logs of 17 nodes come on top.
    private const int CopiesOfInput = 4;
    private const long StoresBytes = 256L << 20;

    public static CsvTable Read(string path)
    {
        try
        {
            return Gateway.ReadFile(path);
        }
        catch (PdashException refusal)
        {
            int end = refusal.Message.LastIndexOf(". ", StringComparison.Ordinal);
            throw end < 0
                ? new CommandFault($"--data {refusal.Message}", "give a CSV file of a time series: a header row, then one row a reading.")
                : new CommandFault($"--data {refusal.Message[..(end + 1)]}", refusal.Message[(end + 2)..]);
        }
    }

    /// <summary>Refuses a name that is no file before anything is written.</summary>
    public static void DemandFile(string path)
    {
        if (File.Exists(path)) return;
        throw new CommandFault(
            Directory.Exists(path) ? $"--data {path} is a folder." : $"--data {path} does not exist.",
            "name a CSV file of a time series: a header row, then one row a reading.");
    }

    /// <summary>Refuses before anything is written when the disk has no room for the run.</summary>
    public static void DemandRoom(string folder, string? file)
    {
        long needed = StoresBytes + (CopiesOfInput * (file is null ? 0 : new FileInfo(file).Length));
        long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free >= needed) return;
        throw new CommandFault(
            $"the disk under {folder} has {free >> 20} MiB left; this run needs {needed >> 20} MiB.",
            "free some space, or name a folder on another disk with --keep.", CommandFault.EnvironmentExitCode);
    }
}
