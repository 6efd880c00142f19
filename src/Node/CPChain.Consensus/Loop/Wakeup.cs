namespace CPChain.Consensus.Loop;

/// <summary>
/// Lets one reader wait until somebody has signalled; signals in between count once. The reader goes on where the scheduler says, never
/// inside the signal. Safe to signal from any thread.
/// </summary>
internal sealed class Wakeup(TaskScheduler scheduler)
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiting;
    private bool isSignalled;

    internal void Signal()
    {
        TaskCompletionSource? reader;
        lock (gate)
        {
            reader = waiting;
            waiting = null;
            isSignalled |= reader is null;
        }
        if (reader is not null)
        {
            scheduler.Begin(() => reader.TrySetResult());
        }
    }

    /// <summary>Completes at the first signal since the last wait.</summary>
    internal Task WaitAsync(CancellationToken stopping)
    {
        lock (gate)
        {
            if (isSignalled)
            {
                isSignalled = false;
                return Task.CompletedTask;
            }
            waiting = new TaskCompletionSource();
            return waiting.Task.WaitAsync(stopping);
        }
    }
}
