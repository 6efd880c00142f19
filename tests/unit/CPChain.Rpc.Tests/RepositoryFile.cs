namespace CPChain.Rpc.Tests;

/// <summary>Files of the repository, found from where the tests run.</summary>
internal static class RepositoryFile
{
    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
