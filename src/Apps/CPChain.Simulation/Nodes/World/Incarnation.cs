using System.Diagnostics.CodeAnalysis;

namespace CPChain.Simulation.Nodes.World;

/// <summary>
/// One life of a node, from a start to a crash. What an earlier life has planned (timers, work, answers) never happens after its end:
/// that is all that a crash needs.
/// </summary>
internal sealed class Incarnation(VirtualTime time, SeededRandom chance)
{
    internal const int WorkDelayUsual = 500;

    internal VirtualTime Time => time;

    internal bool IsOver { get; private set; }

    /// <summary>Work beside the loop begins up to this many microseconds late.</summary>
    internal int WorkDelayMax { get; set; } = WorkDelayUsual;

    internal void End() => IsOver = true;

    internal void In(long microseconds, Action happening) => time.In(microseconds, () =>
    {
        if (!IsOver)
        {
            happening();
        }
    });

    internal int DrawWorkDelay() => WorkDelayMax == 0 ? 0 : chance.Below(WorkDelayMax);
}

/// <summary>The node's workers: one thread, the simulation's, a little later.</summary>
internal sealed class VirtualScheduler(Incarnation life) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    protected override void QueueTask(Task task)
    {
        if (!life.IsOver)
        {
            life.In(life.DrawWorkDelay(), () => TryExecuteTask(task));
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        life.Time.Require("work was run");
        return TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}

/// <summary>The node's clocks: a wall clock that is off by an offset, and both run fast or slow by a drift.</summary>
internal sealed class VirtualClock(Incarnation life, DateTimeOffset start, long offsetMicroseconds, int driftPpm) : TimeProvider
{
    private const long MonotonicStart = 1_000_000;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => MonotonicStart + Local(life.Time.Now);

    public override DateTimeOffset GetUtcNow() => start.AddMicroseconds(Local(life.Time.Now) + offsetMicroseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, life, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private long Local(long time) => time + (time * driftPpm / 1_000_000);

    /// <summary>True microseconds in which this clock goes on by <paramref name="local"/>; rounded up, so that a timer is never early.</summary>
    private long ToTrue(long local) => ((local * 1_000_000) / (1_000_000 + driftPpm)) + 1;

    [SuppressMessage("Design", "CA1001", Justification = "Holds nothing.")]
    private sealed class VirtualTimer(VirtualClock clock, Incarnation life, TimerCallback callback, object? state) : ITimer
    {
        private long version;
        private TimeSpan interval = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            life.Time.Require("a timer was set");
            version++;
            interval = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Plan(dueTime);
            }
            return true;
        }

        public void Dispose() => version++;

        public ValueTask DisposeAsync()
        {
            version++;
            return ValueTask.CompletedTask;
        }

        private void Plan(TimeSpan due)
        {
            long planned = version;
            life.In(due == TimeSpan.Zero ? 0 : clock.ToTrue((long)due.TotalMicroseconds), () =>
            {
                if (planned == version)
                {
                    if (interval != Timeout.InfiniteTimeSpan && interval > TimeSpan.Zero)
                    {
                        Plan(interval);
                    }
                    callback(state);
                }
            });
        }
    }
}
