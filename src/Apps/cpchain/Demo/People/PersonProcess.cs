using System.Collections.Concurrent;
using System.Diagnostics;
using CPChain.App.Devnet;
using CPChain.Pdash.Progress;

namespace CPChain.App.Demo.People;

/// <summary>
/// The demo's end of somebody in a process of its own. The process ends when its standard input closes, so it cannot outlive the
/// program that started it, however that one ends.
/// </summary>
internal sealed class PersonProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly ChildProcess child;
    private readonly Action<StepReport> progress;
    private readonly PersonLines lines;
    private readonly TaskCompletionSource<PersonReady> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<PersonAnswer>> asked = new();
    private readonly Task listening;
    private long lastId;
    private volatile Exception? ended;

    private PersonProcess(ChildProcess child, Action<StepReport> progress)
    {
        this.child = child;
        this.progress = progress;
        lines = new PersonLines(child.Input);
        listening = Task.Run(ListenAsync);
    }

    /// <summary>Starts the process and waits until the person takes part.</summary>
    public static async Task<(PersonProcess Process, PersonReady Ready)> StartAsync(
        PersonConfig config, string folder, Action<StepReport> progress, CancellationToken cancel)
    {
        PersonProcess process = new(ChildProcess.Start(config.Name, folder, "person", "--dir", folder), progress);
        try
        {
            return (process, await process.ready.Task.WaitAsync(StartWithin, cancel));
        }
        catch (Exception failure)
        {
            await process.DisposeAsync();
            if (failure is not TimeoutException) throw;
            throw new CommandFault(
                $"{config.Name} did not start within {StartWithin.TotalSeconds} s.", $"read {Path.Combine(folder, "node.log")}.",
                CommandFault.EnvironmentExitCode);
        }
    }

    /// <summary>Asks for something and waits for the answer, however long it takes.</summary>
    /// <exception cref="CommandFault">What the person's process says went wrong, or that it has ended.</exception>
    public async Task<TAnswer> AskAsync<TAnswer>(PersonAsk ask, CancellationToken cancel)
        where TAnswer : PersonAnswer
    {
        long id = Interlocked.Increment(ref lastId);
        TaskCompletionSource<PersonAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        asked[id] = answer;
        try
        {
            if (ended is not null) throw ended;
            try
            {
                await lines.WriteAsync(new PersonRequest(PersonLines.Version, id, ask), PersonJson.Default.PersonRequest, cancel);
            }
            catch (IOException)
            {
                // The pipe is broken: the end of the process, which is about to be noticed, says why.
            }

            return await answer.Task.WaitAsync(cancel) as TAnswer
                ?? throw new CommandFault($"{child.Name} answered something else than {typeof(TAnswer).Name}.", "start it with the same program.");
        }
        finally
        {
            asked.TryRemove(id, out _);
        }
    }

    /// <summary>Ends the process in order.</summary>
    public async Task StopAsync()
    {
        await child.StopAsync();
        await listening;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        lines.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            await foreach (PersonReport report in PersonLines.ReadAsync(child.Output, PersonJson.Default.PersonReport, CancellationToken.None))
            {
                if (report.Version != PersonLines.Version)
                {
                    throw new InvalidDataException($"A report has version {report.Version}; this program knows {PersonLines.Version}.");
                }

                Take(report);
            }

            End(await child.FaultAsync());
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            End(new CommandFault($"{child.Name}: {failure.Message}", "start it with the same program.", CommandFault.EnvironmentExitCode));
        }
    }

    private void Take(PersonReport report)
    {
        if (report.Ready is not null) ready.TrySetResult(report.Ready);
        if (report.Step is not null) progress(report.Step);
        if (!asked.TryGetValue(report.Id, out TaskCompletionSource<PersonAnswer>? answer)) return;
        if (report.Answer is not null) answer.TrySetResult(report.Answer);
        if (report.Fault is { } fault) answer.TrySetException(new CommandFault(fault.Message, fault.Fix, fault.ExitCode));
    }

    private void End(CommandFault fault)
    {
        ended = fault;
        ready.TrySetException(fault);
        foreach (TaskCompletionSource<PersonAnswer> answer in asked.Values) answer.TrySetException(fault);
    }
}
