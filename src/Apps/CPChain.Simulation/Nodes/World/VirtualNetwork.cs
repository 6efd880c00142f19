using System.Diagnostics.CodeAnalysis;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.World;

/// <summary>Sees what a node says to one peer and may say something else instead: the place of an adversary.</summary>
internal delegate bool Mouth(VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload);

/// <summary>Sees what a node answers and may answer something else.</summary>
internal delegate byte[]? Lips(VirtualPeer to, ushort type, ReadOnlyMemory<byte> question, byte[]? answer);

/// <summary>The connections of one node in one of its lives.</summary>
internal sealed class VirtualNetwork(int index, NetworkOptions options, Wires wires, Incarnation life) : IPeerNetwork
{
    private readonly SortedDictionary<Address, VirtualPeer> table = [];
    private readonly Dictionary<ushort, MessageHandler> messageHandlers = [];
    private readonly Dictionary<ushort, RequestHandler> requestHandlers = [];
    private readonly Dictionary<Address, long> bans = [];
    private VirtualPeer[] snapshot = [];

    public event Action<IPeer>? Connected;

    public event Action<IPeer>? Disconnected;

    public event Action<Exception>? Failed;

    public Address Identity { get; } = options.Key.Address;

    public IReadOnlyList<IPeer> Peers => snapshot;

    internal int Index => index;

    internal PeerRole Role => options.Role;

    internal NetworkOptions Options => options;

    internal Wires Wires => wires;

    internal Incarnation Life => life;

    internal IReadOnlyList<VirtualPeer> Table => snapshot;

    internal Mouth? Mouth { get; init; }

    internal Lips? Lips { get; init; }

    /// <summary>Sees every statement and block that leaves, after the mouth.</summary>
    internal Action<ushort, ReadOnlyMemory<byte>>? Said { get; init; }

    public void OnMessage(ushort type, MessageHandler handler) => messageHandlers[type] = handler;

    public void OnRequest(ushort type, RequestHandler handler) => requestHandlers[type] = handler;

    public void Start() => wires.Attach(this);

    public bool TryGetPeer(Address identity, [NotNullWhen(true)] out IPeer? peer)
    {
        bool found = table.TryGetValue(identity, out VirtualPeer? known);
        peer = known;
        return found;
    }

    public bool Send(Address to, ushort type, ReadOnlyMemory<byte> payload) => table.TryGetValue(to, out VirtualPeer? peer) && peer.Send(type, payload);

    public int Broadcast(ushort type, ReadOnlyMemory<byte> payload, Func<IPeer, bool>? which = null)
    {
        int sent = 0;
        foreach (VirtualPeer peer in snapshot)
        {
            sent += (which is null || which(peer)) && peer.Send(type, payload) ? 1 : 0;
        }
        return sent;
    }

    public async Task<Reply> RequestAsync(
        Address to, ushort type, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken stopping = default) =>
        table.TryGetValue(to, out VirtualPeer? peer)
            ? await peer.RequestAsync(type, payload, timeout, stopping).ConfigureAwait(false)
            : new Reply(ReplyStatus.NotConnected, default);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal VirtualPeer? PeerAt(int remote) => Array.Find(snapshot, peer => peer.Other.Network.Index == remote);

    /// <summary>Whether this side takes a connection with the other; one connection an identity.</summary>
    internal bool MayConnect(VirtualNetwork other) =>
        (!table.TryGetValue(other.Identity, out VirtualPeer? known) || known.IsStale || !known.IsOpen)
        && other.Identity != Identity
        && !(bans.TryGetValue(other.Identity, out long until) && wires.Time.Now < until)
        && options.Accept(other.Identity, other.Role);

    internal void Welcome(VirtualPeer peer)
    {
        table[peer.Identity] = peer;
        snapshot = [.. table.Values];
        Connected?.Invoke(peer);
    }

    internal void Forget(VirtualPeer peer)
    {
        if (table.TryGetValue(peer.Identity, out VirtualPeer? known) && ReferenceEquals(known, peer))
        {
            table.Remove(peer.Identity);
            snapshot = [.. table.Values];
            Disconnected?.Invoke(peer);
        }
    }

    internal void Ban(VirtualPeer peer, string why)
    {
        bans[peer.Identity] = wires.Time.Now + (long)options.Limits.BanTime.TotalMicroseconds;
        wires.Banned?.Invoke(index, peer.Other.Network.Index, why);
    }

    internal void Say(VirtualPeer to, ushort type, ReadOnlyMemory<byte> payload)
    {
        if (Mouth is null || Mouth(to, type, ref payload))
        {
            Said?.Invoke(type, payload);
            to.Transmit(new Frame(FrameType.Say, type, 0, payload));
        }
    }

    /// <summary>The catalog's bounds, as on a real connection.</summary>
    internal void RequireAllowed(ushort type, int bytes, bool isReply)
    {
        if (!options.Catalog.TryGet(type, out MessageSpec spec) || bytes > (isReply ? spec.ReplyBytesMax : spec.PayloadBytesMax))
        {
            throw new ArgumentException($"Message type {type} of {bytes} bytes is not in the catalog.", nameof(type));
        }
    }

    internal async Task HandleAsync(VirtualPeer from, Frame frame)
    {
        try
        {
            if (frame.Kind == FrameType.Say)
            {
                if (messageHandlers.TryGetValue(frame.Type, out MessageHandler? handler))
                {
                    await handler(from, frame.Payload).ConfigureAwait(false);
                }
                return;
            }
            byte[]? answer = requestHandlers.TryGetValue(frame.Type, out RequestHandler? asked)
                ? await asked(from, frame.Payload, CancellationToken.None).ConfigureAwait(false)
                : null;
            answer = Lips is null ? answer : Lips(from, frame.Type, frame.Payload, answer);
            if (answer is not null)
            {
                RequireAllowed(frame.Type, answer.Length, isReply: true);
            }
            from.Transmit(new Frame(answer is null ? FrameType.Refuse : FrameType.Answer, frame.Type, frame.Id, answer));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // The edge of the handler, as in the network of sockets: reported once, and the connection ends.
        catch (Exception failure)
        {
            Failed?.Invoke(failure);
            from.Close();
        }
#pragma warning restore CA1031
    }
}
