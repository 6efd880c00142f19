namespace CPChain.App.Demo;

/// <summary>The folder of a run: kept where it was asked for, gone afterwards where it was not.</summary>
public sealed class DemoFolder : IDisposable
{
    private readonly bool temporary;
    private bool discarded;

    private DemoFolder(string path, bool temporary)
    {
        Path = path;
        this.temporary = temporary;
    }

    public string Path { get; }

    public static DemoFolder Create(string? keep)
    {
        if (keep is null) return new DemoFolder(CreateTemporary(), temporary: true);
        if (Directory.Exists(keep) && Directory.EnumerateFileSystemEntries(keep).Any())
        {
            throw new CommandFault($"--keep {keep} is not empty.", "name a new folder.");
        }

        Directory.CreateDirectory(keep);
        return new DemoFolder(System.IO.Path.GetFullPath(keep), temporary: false);
    }

    private static string CreateTemporary()
    {
        try
        {
            return Directory.CreateTempSubdirectory("cpchain-demo-").FullName;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault(
                $"no folder can be made in {System.IO.Path.GetTempPath()}: {refusal.Message}", "set TMPDIR to a folder that is there and yours, or use --keep DIR.",
                CommandFault.EnvironmentExitCode);
        }
    }

    /// <summary>Nothing of this run stays, even where it was asked for.</summary>
    public void Discard() => discarded = true;

    public void Dispose()
    {
        if (temporary || discarded) Directory.Delete(Path, recursive: true);
    }
}
