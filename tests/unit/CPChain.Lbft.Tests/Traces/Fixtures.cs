namespace CPChain.Lbft.Tests.Traces;

/// <summary>
/// Files under fixtures/lbft. With LBFT_TRACES=write the outcomes are written anew, to be reviewed like code.
/// </summary>
internal static class Fixtures
{
    public static string Folder
    {
        get
        {
            DirectoryInfo? root = new(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "CPChain.slnx"))) root = root.Parent;
            Assert.NotNull(root);
            return Path.Combine(root.FullName, "fixtures", "lbft");
        }
    }

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n");

    public static void WriteIfAsked(string file, string text)
    {
        if (Environment.GetEnvironmentVariable("LBFT_TRACES") == "write") File.WriteAllText(Path.Combine(Folder, file), text);
    }
}
