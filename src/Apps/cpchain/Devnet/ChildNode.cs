using System.Diagnostics;

namespace CPChain.App.Devnet;

/// <summary>
/// One node as a process of its own. It ends when its standard input closes, so it cannot outlive the program that started
/// it, however that one ends.
/// </summary>
public sealed class ChildNode : INetworkNode
{
    /// <summary>What a node prints when it serves; the next thing on its standard output is for people.</summary>
    public const string ReadyLine = "ready";

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    private readonly string folder;
    private Process? process;

    public ChildNode(PlannedNode plan, string folder)
    {
        Plan = plan;
        this.folder = folder;
    }

    public PlannedNode Plan { get; }

    public Action<Exception>? Failed { get; set; }

    public bool IsRunning => process is { HasExited: false };

    /// <summary>The operating system's number of the process while it runs.</summary>
    public int? ProcessId => IsRunning ? process!.Id : null;

    public async Task StartAsync(CancellationToken cancel)
    {
        ProcessStartInfo start = new(Environment.ProcessPath ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildNode).Assembly.Location);
        }

        start.ArgumentList.Add("node");
        start.ArgumentList.Add("--dir");
        start.ArgumentList.Add(folder);
        // Eight runtimes share one machine here: give memory back rather than keep it for later.
        start.Environment["DOTNET_GCConserveMemory"] = "7";
        start.Environment["DOTNET_TieredPGO"] = "0";
        Process started = Process.Start(start) ?? throw new InvalidOperationException("the node's process did not start");
        process = started;

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartWithin);
        Task<string> complaints = started.StandardError.ReadToEndAsync(CancellationToken.None);
        string? line;
        do
        {
            try
            {
                line = await started.StandardOutput.ReadLineAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                await KillAsync();
                throw new CommandFault(
                    $"{Plan.Name} did not start within {StartWithin.TotalSeconds} s.",
                    $"read {Path.Combine(folder, "node.log")}.", CommandFault.EnvironmentExitCode);
            }
        }
        while (line is not null && line != ReadyLine);
        if (line is null)
        {
            process = null;
            throw await FaultOfAsync(started, complaints);
        }

        _ = WatchAsync(started, complaints);
    }

    private async Task WatchAsync(Process started, Task<string> complaints)
    {
        await started.WaitForExitAsync(CancellationToken.None);
        if (ReferenceEquals(process, started)) Failed?.Invoke(await FaultOfAsync(started, complaints));
    }

    // The node has said what is wrong in the form of every command; its own words are passed on.
    private async Task<CommandFault> FaultOfAsync(Process ended, Task<string> complaints)
    {
        await ended.WaitForExitAsync(CancellationToken.None);
        string[] said = (await complaints).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? what = Array.Find(said, line => line.StartsWith(CommandFault.WhatPrefix, StringComparison.Ordinal));
        string? fix = Array.Find(said, line => line.StartsWith(CommandFault.FixPrefix, StringComparison.Ordinal));
        return what is null || fix is null
            ? new CommandFault(
                $"{Plan.Name} ended by itself with exit code {ended.ExitCode}.",
                $"read {Path.Combine(folder, "node.log")}.", CommandFault.EnvironmentExitCode)
            : new CommandFault(
                $"{Plan.Name}: {what[CommandFault.WhatPrefix.Length..]}", fix[CommandFault.FixPrefix.Length..],
                CommandFault.EnvironmentExitCode);
    }

    public async Task StopAsync()
    {
        if (process is not { } running) return;
        process = null;
        running.StandardInput.Close();
        using CancellationTokenSource limit = new(StopWithin);
        try
        {
            await running.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            running.Kill();
            await running.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async Task KillAsync()
    {
        if (process is not { } running) return;
        process = null;
        running.Kill();
        await running.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
