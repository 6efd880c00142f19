using CPChain.Types;

namespace CPChain.Execution.Tests.Harness;

/// <summary>What this project itself wrote in version 1 and must read for ever.</summary>
internal static class Fixtures
{
    public static string Text(string path) => File.ReadAllText(PathOf(path)).Trim();

    public static string PathOf(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CPChain.slnx")))
            folder = Path.GetDirectoryName(folder);
        Assert.NotNull(folder);
        return Path.Combine(folder, "fixtures", path);
    }

    public static byte[] Bytes(string path) => Hex.Decode(Text(path));
}
