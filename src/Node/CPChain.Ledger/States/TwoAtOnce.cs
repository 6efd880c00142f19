using System.Runtime.ExceptionServices;
using CPChain.Trie;

namespace CPChain.Ledger.States;

/// <summary>Runs parts on this thread and, when it comes to it, on one other; more would take the processors from consensus.</summary>
internal sealed class TwoAtOnce(TaskScheduler scheduler) : IWorkers
{
    private readonly ParallelOptions _where = new() { TaskScheduler = scheduler, MaxDegreeOfParallelism = 2 };

    /// <inheritdoc/>
    public void Run(int parts, Action<int> work)
    {
        try
        {
            Parallel.For(0, parts, _where, work);
        }
        catch (AggregateException failures)
        {
            // Callers know the failures of the parts, a damaged store above all, not the bundle.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
