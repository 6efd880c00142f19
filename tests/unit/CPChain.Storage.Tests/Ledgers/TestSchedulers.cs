namespace CPChain.Storage.Tests.Ledgers;

/// <summary>Runs every task where it is begun.</summary>
internal sealed class AtOnce : TaskScheduler
{
    public static AtOnce Instance { get; } = new();

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    protected override void QueueTask(Task task) => TryExecuteTask(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);
}

/// <summary>Runs no task: what a machine had left to do when it stopped.</summary>
internal sealed class Never : TaskScheduler
{
    public static Never Instance { get; } = new();

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    protected override void QueueTask(Task task)
    {
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
}
