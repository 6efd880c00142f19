using System.Diagnostics;

namespace CPChain.EndToEnd;

/// <summary>npm in a folder of the repository.</summary>
internal static class Npm
{
    /// <summary>A folder of the repository, by its path from the root.</summary>
    public static string FolderOf(string path) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(CpchainProcess.Program)!, "..", "..", path));

    /// <summary>Installs what the lock file names, once for each version of it.</summary>
    public static async Task InstallAsync(string folder)
    {
        string wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"));
        string marker = Path.Combine(folder, "node_modules", ".installed-lock.json");
        if (File.Exists(marker) && await File.ReadAllTextAsync(marker) == wanted) return;
        (int code, string output) = await RunAsync(folder, TimeSpan.FromMinutes(3), ["ci", "--no-audit", "--no-fund"], []);
        Assert.True(code == 0, output);
        await File.WriteAllTextAsync(marker, wanted);
    }

    public static async Task<(int Code, string Output)> RunAsync(
        string folder, TimeSpan within, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        ProcessStartInfo start = new("npm", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start.");
        Task<string> output = npm.StandardOutput.ReadToEndAsync(), errors = npm.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(within);
        try
        {
            await npm.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
        }

        return (npm.ExitCode, await output + await errors);
    }
}
