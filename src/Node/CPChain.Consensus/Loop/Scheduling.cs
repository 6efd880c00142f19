namespace CPChain.Consensus.Loop;

/// <summary>
/// Work beside the loop. The scheduler is the thread pool in production and virtual time in simulation; it stays hidden from the work, so that
/// what awaits the work goes on where the work ends.
/// </summary>
internal static class Scheduling
{
    private const TaskCreationOptions Options = TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler;

    internal static Task Begin(this TaskScheduler scheduler, Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, Options, scheduler);

    internal static Task<T> Begin<T>(this TaskScheduler scheduler, Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, Options, scheduler);
}
