using System.Collections.Concurrent;

namespace CPChain.Network;

/// <summary>Tasks that run beside their starter and are waited for at the end; an exception goes to <paramref name="failed"/>, cancellation to nobody.</summary>
public sealed class TaskSet(Action<Exception> failed)
{
    private readonly ConcurrentDictionary<long, Task> running = new();
    private long count;

    public void Run(Func<Task> work)
    {
        long id = Interlocked.Increment(ref count);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        running[id] = GuardAsync(id, work, started.Task);
        started.SetResult();
    }

    public async Task WhenAllAsync()
    {
        while (!running.IsEmpty)
        {
            await Task.WhenAll(running.Values).ConfigureAwait(false);
        }
    }

    private async Task GuardAsync(long id, Func<Task> work, Task started)
    {
        try
        {
            await started.ConfigureAwait(false);
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
#pragma warning disable CA1031 // The edge of the task: whatever failed is reported once, here.
        catch (Exception failure)
        {
            failed(failure);
        }
#pragma warning restore CA1031
        finally
        {
            running.TryRemove(id, out _);
        }
    }
}
