using CPChain.Execution.TxOrder;

namespace CPChain.TxPool;

/// <summary>Settings of a transaction pool.</summary>
public sealed record PoolOptions
{
    /// <summary>Bounds of the waiting transactions.</summary>
    public QueueLimits Limits { get; init; } = QueueLimits.Default;

    /// <summary>The journal is not rewritten while it is shorter than this.</summary>
    public long CompactionBytesMin { get; init; } = 4L << 20;

    /// <summary>Bytes that the journal may hold for each byte still waiting before it is rewritten.</summary>
    public int CompactionFactor { get; init; } = 4;

    /// <summary>Where the journal's writer runs; the thread pool by default.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;
}
