namespace CPChain.EndToEnd;

/// <summary>The committed artifacts are what the pinned compiler makes of the committed sources, byte for byte.</summary>
public sealed class ContractBuildTests
{
    [Fact]
    public async Task Compiling_the_system_contracts_anew_gives_the_committed_artifacts()
    {
        string folder = Npm.FolderOf("contracts");
        await Npm.InstallAsync(folder);
        (int code, string output) = await Npm.RunAsync(folder, TimeSpan.FromMinutes(2), ["run", "check"], []);
        Assert.True(code == 0, output);
    }
}
