using CPChain.Types;

namespace CPChain.Simulation.Nodes.World;

/// <summary>
/// The one clock and the one queue of a simulated world. Whatever happens is an event at a microsecond; events of one microsecond happen in
/// the order in which they were planned. Belongs to the thread that made it: who touches it from another one has left the simulation.
/// </summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long At, long Order)> queue = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long planned;
    private volatile string? stray;

    /// <summary>Microseconds since the world began.</summary>
    internal long Now { get; private set; }

    /// <summary>Events that have happened.</summary>
    internal long Events { get; private set; }

    internal static long FromMs(long milliseconds) => milliseconds * 1000;

    /// <summary>Plans an event, not before now.</summary>
    internal void At(long time, Action happening)
    {
        Require("an event was planned");
        queue.Enqueue(happening, (Math.Max(time, Now), planned++));
    }

    internal void In(long microseconds, Action happening) => At(Now + Math.Max(0, microseconds), happening);

    /// <summary>Lets the next event happen; false when none is planned up to <paramref name="end"/>, which is then the time.</summary>
    internal bool TryStep(long end)
    {
        Require("time went on");
        if (!queue.TryPeek(out _, out (long At, long Order) next) || next.At > end)
        {
            Now = Math.Max(Now, end);
            return false;
        }
        Action happening = queue.Dequeue();
        Now = next.At;
        Events++;
        happening();
        Invariant.Check(stray is null, stray ?? "");
        return true;
    }

    /// <summary>Everything that a node does must be done on this thread, else two runs of one seed could differ.</summary>
    internal void Require(string what)
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            stray = $"{what} on another thread than the simulation's: {Environment.StackTrace}";
            throw new InvariantViolation(stray);
        }
    }
}
