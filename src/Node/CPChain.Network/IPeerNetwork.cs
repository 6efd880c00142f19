using System.Diagnostics.CodeAnalysis;
using CPChain.Types;

namespace CPChain.Network;

/// <summary>
/// The connections of one node, as the consensus uses them: sockets in production (<see cref="PeerNetwork"/>), virtual links in the simulator.
/// Register handlers and events before <see cref="Start"/>.
/// </summary>
public interface IPeerNetwork : IAsyncDisposable
{
    /// <summary>Raised once a peer is authenticated, before its first message is handled.</summary>
    event Action<IPeer>? Connected;

    event Action<IPeer>? Disconnected;

    /// <summary>Raised when a handler threw; the connection it served is closed.</summary>
    event Action<Exception>? Failed;

    Address Identity { get; }

    /// <summary>The connected peers in order of address.</summary>
    IReadOnlyList<IPeer> Peers { get; }

    void OnMessage(ushort type, MessageHandler handler);

    void OnRequest(ushort type, RequestHandler handler);

    void Start();

    bool TryGetPeer(Address identity, [NotNullWhen(true)] out IPeer? peer);

    /// <summary>False when the peer is not connected or the message was dropped.</summary>
    bool Send(Address to, ushort type, ReadOnlyMemory<byte> payload);

    /// <summary>Sends to every connected peer, or to those that <paramref name="which"/> picks; returns to how many it was queued.</summary>
    int Broadcast(ushort type, ReadOnlyMemory<byte> payload, Func<IPeer, bool>? which = null);

    Task<Reply> RequestAsync(Address to, ushort type, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken stopping = default);
}
