using System.Diagnostics;

namespace CPChain.EndToEnd;

/// <summary>The tests of the system contracts once more, with anvil beside this project's machine: every call must do the same on both.</summary>
public sealed class AnvilTests
{
    [Fact]
    public async Task The_contracts_of_the_economy_do_on_anvil_what_they_do_here()
    {
        string folder = Npm.FolderOf("build/peers");
        await Npm.InstallAsync(folder);
        string anvil = Assert.Single(Directory.GetFiles(Path.Combine(folder, "node_modules", "@foundry-rs"), "anvil", SearchOption.AllDirectories));
        string tests = Npm.FolderOf("artifacts/bin/CPChain.Contracts.Tests/release/CPChain.Contracts.Tests.dll");
        Assert.True(File.Exists(tests), "Build the solution first.");
        ProcessStartInfo start = new("dotnet", [tests, "--no-progress", "--no-ansi"])
        {
            RedirectStandardOutput = true,
            Environment = { ["CPCHAIN_ANVIL"] = anvil },
        };
        using Process run = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        string output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, output);
    }
}
