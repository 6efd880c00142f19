using System.Diagnostics;
using System.Text;

namespace CPChain.EndToEnd;

/// <summary>How a program ended on a small disk, and what it left there.</summary>
internal sealed record SmallDiskRun(int ExitCode, string Output, string Errors, string LeftBehind);

/// <summary>
/// A disk of a few hundred megabytes for one run: a tmpfs in a mount namespace of its own, gone with the run. An ordinary user makes it
/// in a user namespace.
/// </summary>
internal sealed class SmallDisk(TempFolder temp, int megabytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // The filler takes what is free again and again until the program has ended, so that nothing is left to reserve.
    private const string Script = """
        mount -t tmpfs -o size=$SIZE tmpfs "$DISK" || exit 99
        (
          while [ ! -e "$DISK.fill" ] && [ ! -e "$DISK.ended" ]; do sleep 0.1; done
          while [ ! -e "$DISK.ended" ]; do cat /dev/zero >>"$DISK/filler" 2>/dev/null; sleep 0.1; done
        ) &
        filler=$!
        "$@"
        code=$?
        touch "$DISK.ended"
        wait $filler
        rm -f "$DISK/filler"
        ls -A "$DISK" >"$DISK.left"
        exit $code
        """;

    private readonly string disk = temp["disk"];

    public string Folder(string name) => Path.Combine(disk, name);

    /// <summary>Runs the program; after the line that contains the words, the disk is filled to the last byte and the load begins.</summary>
    public async Task<SmallDiskRun> RunAsync(string? fillAfterReady, Func<CancellationToken, Task>? load, params string[] arguments)
    {
        Directory.CreateDirectory(disk);
        string[] namespaces = Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
        ProcessStartInfo start = new("unshare", [.. namespaces, "sh", "-c", Script, "sh", "dotnet", CpchainProcess.Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string marker = ProcessTable.NewMarker();
        start.Environment["DISK"] = disk;
        start.Environment["SIZE"] = $"{megabytes}m";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment[ProcessTable.MarkerName] = marker;
        using Process run = Process.Start(start) ?? throw new InvalidOperationException("unshare did not start.");
        StringBuilder output = new();
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource ended = new();
        Task filling = FillAsync(ready.Task, load, ended.Token);
        run.OutputDataReceived += (_, line) =>
        {
            lock (output) output.AppendLine(line.Data);
            if (fillAfterReady is not null && line.Data?.Contains(fillAfterReady, StringComparison.Ordinal) == true) ready.TrySetResult();
        };
        run.BeginOutputReadLine();
        Task<string> errors = run.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(Patience);
        try
        {
            await run.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await ProcessTable.KillAllAsync(marker);
            Assert.Fail($"The program did not end within {Patience.TotalSeconds} s.\n{output}\n{await errors}");
        }

        await ended.CancelAsync();
        await filling;
        Assert.True(run.ExitCode != 99, $"a small disk cannot be made: {await errors}");
        Assert.Empty(ProcessTable.With(marker));
        string text;
        lock (output) text = output.ToString().Trim();
        return new SmallDiskRun(run.ExitCode, text, await errors, File.ReadAllText(disk + ".left").Trim());
    }

    private async Task FillAsync(Task ready, Func<CancellationToken, Task>? load, CancellationToken ended)
    {
        await Task.WhenAny(ready, Task.Delay(Timeout.Infinite, ended));
        if (!ready.IsCompleted) return;
        await File.WriteAllTextAsync(disk + ".fill", "", CancellationToken.None);
        if (load is not null) await load(ended);
    }
}
