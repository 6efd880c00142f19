namespace CPChain.ModelChecking.Tests;

/// <summary>Files of the repository.</summary>
internal static class Recorded
{
    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("CPChain.slnx is in no folder above the tests.");
    }
}
