using System.Diagnostics;

namespace CPChain.App.Devnet;

/// <summary>This program once more, as a child. It is told to end by closing its standard input.</summary>
internal sealed class ChildProcess
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    private readonly string folder;
    private readonly Process process;
    private readonly Task<string> complaints;

    private ChildProcess(string name, string folder, Process process)
    {
        Name = name;
        this.folder = folder;
        this.process = process;
        complaints = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Who it is, in messages.</summary>
    public string Name { get; }

    /// <summary>The operating system's number of it.</summary>
    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>What it reads.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    /// <summary>What it writes.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    public static ChildProcess Start(string name, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        // Many runtimes share one machine here: give memory back rather than keep it for later.
        start.Environment["DOTNET_GCConserveMemory"] = "7";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new ChildProcess(
            name, folder, Process.Start(start) ?? throw new InvalidOperationException($"the process of {name} did not start"));
    }

    public Task WaitForExitAsync() => process.WaitForExitAsync(CancellationToken.None);

    public async Task StopAsync()
    {
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(StopWithin);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async Task KillAsync()
    {
        process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Why it ended; it has said so in the form of every command, and its own words are passed on.</summary>
    public async Task<CommandFault> FaultAsync()
    {
        await WaitForExitAsync();
        string[] said = (await complaints).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? what = Array.Find(said, line => line.StartsWith(CommandFault.WhatPrefix, StringComparison.Ordinal));
        string? fix = Array.Find(said, line => line.StartsWith(CommandFault.FixPrefix, StringComparison.Ordinal));
        return what is null || fix is null
            ? new CommandFault(
                $"{Name} ended by itself with exit code {process.ExitCode}.",
                $"read {Path.Combine(folder, "node.log")}.", CommandFault.EnvironmentExitCode)
            : new CommandFault(
                $"{Name}: {what[CommandFault.WhatPrefix.Length..]}", fix[CommandFault.FixPrefix.Length..],
                CommandFault.EnvironmentExitCode);
    }
}
