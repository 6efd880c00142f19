using System.Collections.Concurrent;

namespace CPChain.Consensus.Loop;

/// <summary>
/// The one queue before the loop. Peers wait for a place when it is full, which slows down their connections; the node's own inputs
/// (timers, results) always fit, because their number is bounded by what the loop has asked for.
/// </summary>
internal sealed class Inbox(TaskScheduler scheduler) : IDisposable
{
    private const int PlacesForPeers = 4096;

    private readonly ConcurrentQueue<(NodeInput Input, bool FromPeer)> queue = new();
    private readonly Wakeup posted = new(scheduler);
    private readonly SemaphoreSlim places = new(PlacesForPeers);

    internal async ValueTask PostFromPeerAsync(NodeInput input, CancellationToken stopping)
    {
        await places.WaitAsync(stopping).ConfigureAwait(false);
        queue.Enqueue((input, true));
        posted.Signal();
    }

    internal void Post(NodeInput input)
    {
        queue.Enqueue((input, false));
        posted.Signal();
    }

    /// <summary>Completes when there may be something to take.</summary>
    internal Task WaitAsync(CancellationToken stopping) => queue.IsEmpty ? posted.WaitAsync(stopping) : Task.CompletedTask;

    internal bool TryTake(out NodeInput input)
    {
        bool taken = queue.TryDequeue(out (NodeInput Input, bool FromPeer) next);
        input = next.Input;
        if (taken && next.FromPeer)
        {
            places.Release();
        }
        return taken;
    }

    public void Dispose() => places.Dispose();
}
