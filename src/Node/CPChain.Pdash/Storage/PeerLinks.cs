using System.Collections.Concurrent;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Pdash.Storage;

/// <summary>Asks peers by identity and connects to them first where needed, one attempt at a time for each.</summary>
internal sealed class PeerLinks(PeerNetwork network)
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Address, SemaphoreSlim> _turns = new();

    /// <summary>Sends a request; a peer that cannot be reached gives <see cref="ReplyStatus.NotConnected"/>.</summary>
    public async Task<Reply> AskAsync(PeerAddress peer, ushort type, byte[] payload, TimeSpan patience, CancellationToken cancel)
    {
        if (!network.TryGetPeer(peer.Identity, out _) && !await TryConnectAsync(peer, cancel).ConfigureAwait(false))
            return new Reply(ReplyStatus.NotConnected, default);
        return await network.RequestAsync(peer.Identity, type, payload, patience, cancel).ConfigureAwait(false);
    }

    private async Task<bool> TryConnectAsync(PeerAddress peer, CancellationToken cancel)
    {
        SemaphoreSlim turn = _turns.GetOrAdd(peer.Identity, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(ConnectPatience);
        try
        {
            return network.TryGetPeer(peer.Identity, out _)
                || await network.ConnectAsync(peer, deadline.Token).ConfigureAwait(false) is null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            turn.Release();
        }
    }
}
