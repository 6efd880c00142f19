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

    private readonly string folder;
    private readonly bool isArchive;
    private ChildProcess? process;

    public ChildNode(PlannedNode plan, string folder, bool isArchive = false)
    {
        Plan = plan;
        this.folder = folder;
        this.isArchive = isArchive && plan.Role is NodeRole.Validator or NodeRole.Proposer;
    }

    public PlannedNode Plan { get; }

    public Action<Exception>? Failed { get; set; }

    public bool IsRunning => process is { HasExited: false };

    /// <summary>The operating system's number of the process while it runs.</summary>
    public int? ProcessId => IsRunning ? process!.Id : null;

    public async Task StartAsync(CancellationToken cancel)
    {
        ChildProcess started = ChildProcess.Start(Plan.Name, folder, [.. (string[])["node", "--dir", folder], .. isArchive ? (string[])["--archive"] : []]);
        process = started;

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartWithin);
        StreamReader output = new(started.Output);
        string? line;
        do
        {
            try
            {
                line = await output.ReadLineAsync(limit.Token);
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
            throw await started.FaultAsync();
        }

        _ = WatchAsync(started);
    }

    public async Task StopAsync()
    {
        if (process is not { } running) return;
        process = null;
        await running.StopAsync();
    }

    public async Task KillAsync()
    {
        if (process is not { } running) return;
        process = null;
        await running.KillAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task WatchAsync(ChildProcess started)
    {
        await started.WaitForExitAsync();
        if (ReferenceEquals(process, started)) Failed?.Invoke(await started.FaultAsync());
    }
}
