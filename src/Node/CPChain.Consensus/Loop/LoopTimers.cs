using CPChain.Lbft;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>The machine's timers, at most one of each kind, monotonic; when one fires it becomes an input. Stale ones are the machine's to ignore.</summary>
internal sealed class LoopTimers : IDisposable
{
    private readonly Slot[] slots;
    private readonly Slot proposer;
    private readonly Slot start;

    internal LoopTimers(TimeProvider time, Inbox inbox)
    {
        slots = [.. Enum.GetValues<TimerKind>().Select(kind => new Slot(
            time, (height, round) => inbox.Post(new NodeInput.TimerFired(kind, height, round))))];
        start = new Slot(time, (_, _) => inbox.Post(new NodeInput.StartWaitOver()));
        proposer = new Slot(time, (height, _) => inbox.Post(new NodeInput.ProposerTimerFired(height)));
    }

    internal void Start(LbftEffect.StartTimer timer) => slots[(int)timer.Kind].Start(timer.Height, timer.Round, timer.DelayMs);

    internal void StartWait(long delayMs) => start.Start(default, 0, delayMs);

    internal void StartProposer(BlockNumber height, long delayMs) => proposer.Start(height, 0, delayMs);

    public void Dispose()
    {
        Array.ForEach(slots, static slot => slot.Dispose());
        proposer.Dispose();
        start.Dispose();
    }

    private sealed class Slot : IDisposable
    {
        private readonly Lock gate = new();
        private readonly Action<BlockNumber, int> fired;
        private readonly ITimer timer;
        private BlockNumber height;
        private int round;
        private bool isArmed;

        internal Slot(TimeProvider time, Action<BlockNumber, int> fired)
        {
            this.fired = fired;
            timer = time.CreateTimer(static state => ((Slot)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        internal void Start(BlockNumber forHeight, int forRound, long delayMs)
        {
            lock (gate)
            {
                height = forHeight;
                round = forRound;
                isArmed = true;
                timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, delayMs)), Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose() => timer.Dispose();

        private void Fire()
        {
            BlockNumber atHeight;
            int atRound;
            lock (gate)
            {
                if (!isArmed)
                {
                    return;
                }
                isArmed = false;
                (atHeight, atRound) = (height, round);
            }
            fired(atHeight, atRound);
        }
    }
}
