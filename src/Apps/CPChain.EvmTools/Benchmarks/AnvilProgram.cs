using System.Diagnostics;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>Where anvil is found: named by a variable, on the PATH, or installed by npm into this source tree.</summary>
public static class AnvilProgram
{
    /// <summary>Names the program.</summary>
    public const string Variable = "CPCHAIN_ANVIL";

    private const string Folder = "build/peers";
    private const string Binary = "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(3);

    /// <summary>The program, installed first where that is possible; null and the reason where there is none.</summary>
    public static async Task<(string? Path, string Peer)> FindAsync(CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? (named, $"anvil ({Variable})") : (null, $"{Variable} names no file");
        }

        if (OnPath("anvil") is { } found) return (found, "anvil (PATH)");
        if (PeersFolder() is not { } peers) return (null, "anvil is not on the PATH and this is no source tree");
        string binary = Path.Combine(peers, Binary);
        if (!File.Exists(binary))
        {
            if (OnPath("npm") is null) return (null, "neither anvil nor npm is on the PATH");
            await InstallAsync(peers, cancel);
        }

        return File.Exists(binary) ? (binary, "anvil (npm)") : (null, "npm could not install anvil");
    }

    private static async Task InstallAsync(string folder, CancellationToken cancel)
    {
        ProcessStartInfo start = new("npm", ["ci", "--no-audit", "--no-fund", "--silent"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process npm = Process.Start(start) ?? throw new IOException("npm does not start.");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(InstallWithin);
        npm.BeginOutputReadLine();
        npm.BeginErrorReadLine();
        try
        {
            await npm.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private static string? PeersFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string peers = Path.Combine(folder.FullName, Folder);
            if (File.Exists(Path.Combine(peers, "package-lock.json"))) return peers;
        }

        return null;
    }

    private static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
