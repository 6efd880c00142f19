using System.Threading.Channels;

namespace CPChain.Consensus.Loop;

/// <summary>
/// The one queue before the loop. Peers wait for a place when it is full, which slows down their connections; the node's own inputs
/// (timers, results) always fit, because their number is bounded by what the loop has asked for.
/// </summary>
internal sealed class Inbox : IDisposable
{
    private const int PlacesForPeers = 4096;

    private readonly Channel<(NodeInput Input, bool FromPeer)> channel =
        Channel.CreateUnbounded<(NodeInput, bool)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly SemaphoreSlim places = new(PlacesForPeers);

    internal async ValueTask PostFromPeerAsync(NodeInput input, CancellationToken stopping)
    {
        await places.WaitAsync(stopping).ConfigureAwait(false);
        channel.Writer.TryWrite((input, true));
    }

    internal void Post(NodeInput input) => channel.Writer.TryWrite((input, false));

    internal ValueTask<bool> WaitAsync(CancellationToken stopping) => channel.Reader.WaitToReadAsync(stopping);

    internal bool TryTake(out NodeInput input)
    {
        bool taken = channel.Reader.TryRead(out (NodeInput Input, bool FromPeer) next);
        input = next.Input;
        if (taken && next.FromPeer)
        {
            places.Release();
        }
        return taken;
    }

    public void Dispose() => places.Dispose();
}
