using System.Collections.Concurrent;

namespace CPChain.Network;

/// <summary>Tasks that run beside their starter and are waited for at the end; an exception goes to <paramref name="failed"/>, cancellation to nobody.</summary>
/// <param name="failed">Told of every exception.</param>
/// <param name="scheduler">Where they begin; the thread pool by default.</param>
public sealed class TaskSet(Action<Exception> failed, TaskScheduler? scheduler = null)
{
    private readonly ConcurrentDictionary<long, Task> running = new();
    private long count;

    public void Run(Func<Task> work)
    {
        long id = Interlocked.Increment(ref count);
        // Hidden, so that what the work awaits continues where that completes.
        Task<Task> beginning = new(() => GuardAsync(id, work), TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler);
        running[id] = beginning.Unwrap();
        beginning.Start(scheduler ?? TaskScheduler.Default);
    }

    public async Task WhenAllAsync()
    {
        while (!running.IsEmpty)
        {
            await Task.WhenAll(running.Values).ConfigureAwait(false);
        }
    }

    private async Task GuardAsync(long id, Func<Task> work)
    {
        try
        {
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
