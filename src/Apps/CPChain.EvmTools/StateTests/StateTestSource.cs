namespace CPChain.EvmTools.StateTests;

/// <summary>The state tests of a file, a folder or an archive.</summary>
public static class StateTestSource
{
    /// <summary>The .json files in a fixed order.</summary>
    /// <exception cref="IOException">The path is not there or the archive cannot be read.</exception>
    public static IEnumerable<(string Name, byte[] Json)> Files(string path) =>
        FileSet.Read(path, static name => name.EndsWith(".json", StringComparison.Ordinal));
}
