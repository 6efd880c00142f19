using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CPChain.Types;
using Microsoft.Extensions.Logging;

namespace CPChain.Network;

/// <summary>Takes a one-way message; the next one of the same peer waits until it returns. The payload is the handler's to keep.</summary>
public delegate ValueTask MessageHandler(IPeer peer, ReadOnlyMemory<byte> payload);

/// <summary>Answers a request, or refuses it with null. Runs beside the peer's other messages.</summary>
public delegate ValueTask<byte[]?> RequestHandler(IPeer peer, ReadOnlyMemory<byte> payload, CancellationToken stopping);

/// <summary>
/// All authenticated connections of one node: listens, dials and redials, checks who is there, frames messages and gives them to handlers.
/// Register handlers and events before <see cref="Start"/>. Safe to use from any thread.
/// </summary>
public sealed class PeerNetwork : IPeerNetwork
{
    private readonly TlsIdentity tls;
    private readonly PeerTable table;
    private readonly ConcurrentDictionary<ushort, MessageHandler> messageHandlers = new();
    private readonly ConcurrentDictionary<ushort, RequestHandler> requestHandlers = new();
    private readonly ConcurrentDictionary<Address, CancellationTokenSource> dialed = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly HandshakeSlots handshakes;
    private readonly ulong instance;
    private Socket? listener;
    private string endpoint = "";
    private int disposed;

    public PeerNetwork(NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Identity = options.Key.Address;
        tls = new TlsIdentity(options.Time);
        table = new PeerTable(Identity, options.Time);
        handshakes = new HandshakeSlots(options.Limits.HandshakesMax, options.Limits.HandshakesMaxPerAddress);
        instance = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8));
        Background = new TaskSet(Report);
    }

    /// <summary>Raised once a peer is authenticated, before its first message is handled.</summary>
    public event Action<Peer>? Connected;

    public event Action<Peer>? Disconnected;

    /// <summary>Raised for each handshake that ended in a typed refusal, in either direction.</summary>
    public event Action<Refusal>? Refused;

    /// <summary>Raised when a handler threw; the connection it served is closed.</summary>
    public event Action<Exception>? Failed;

    event Action<IPeer>? IPeerNetwork.Connected
    {
        // Wrapped, because delegates of different types do not combine; two wraps of one object are equal.
        add => Connected += value is null ? null : new Action<Peer>(value);
        remove => Connected -= value is null ? null : new Action<Peer>(value);
    }

    event Action<IPeer>? IPeerNetwork.Disconnected
    {
        add => Disconnected += value is null ? null : new Action<Peer>(value);
        remove => Disconnected -= value is null ? null : new Action<Peer>(value);
    }

    public Address Identity { get; }

    /// <summary>The bound endpoint, or null when this node only dials.</summary>
    public IPEndPoint? ListenEndPoint => listener?.LocalEndPoint as IPEndPoint;

    /// <summary>The connected peers in order of address.</summary>
    public IReadOnlyList<Peer> Peers => table.Snapshot();

    IReadOnlyList<IPeer> IPeerNetwork.Peers => table.Snapshot();

    internal NetworkOptions Options { get; }
    internal TaskSet Background { get; }

    public void OnMessage(ushort type, MessageHandler handler) => messageHandlers[type] = handler;

    public void OnRequest(ushort type, RequestHandler handler) => requestHandlers[type] = handler;

    /// <summary>Binds and begins to dial. Throws <see cref="ListenException"/> when the endpoint cannot be bound.</summary>
    public void Start()
    {
        if (Options.Listen is { } wanted)
        {
            listener = Bind(wanted);
            endpoint = Options.AdvertisedEndpoint ?? listener.LocalEndPoint!.ToString()!;
            Options.Logger.Listening(endpoint);
            Background.Run(AcceptAsync);
        }
        Background.Run(TendAsync);
        foreach (PeerAddress peer in Options.Peers)
        {
            AddPeer(peer);
        }
    }

    /// <summary>Keeps a connection to this peer from now on; an endpoint known before is replaced.</summary>
    public void AddPeer(PeerAddress peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (peer.Identity == Identity)
        {
            return;
        }
        RemovePeer(peer.Identity);
        CancellationTokenSource dialing = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        dialed[peer.Identity] = dialing;
        Background.Run(() => new Dialer(this, peer).RunAsync(dialing.Token));
    }

    /// <summary>Dials this peer no longer; a connection that exists stays.</summary>
    public void RemovePeer(Address identity)
    {
        if (dialed.TryRemove(identity, out CancellationTokenSource? dialing))
        {
            dialing.Cancel();
        }
    }

    public bool TryGetPeer(Address identity, [NotNullWhen(true)] out Peer? peer) => table.TryGet(identity, out peer);

    bool IPeerNetwork.TryGetPeer(Address identity, [NotNullWhen(true)] out IPeer? peer)
    {
        bool found = table.TryGet(identity, out Peer? known);
        peer = known;
        return found;
    }

    /// <summary>False when the peer is not connected or its lane is full.</summary>
    public bool Send(Address to, ushort type, ReadOnlyMemory<byte> payload) => TryGetPeer(to, out Peer? peer) && peer.Send(type, payload);

    /// <summary>Sends to every connected peer, or to those that <paramref name="which"/> picks; returns to how many it was queued.</summary>
    public int Broadcast(ushort type, ReadOnlyMemory<byte> payload, Func<IPeer, bool>? which = null)
    {
        int sent = 0;
        foreach (Peer peer in table.Snapshot())
        {
            if ((which is null || which(peer)) && peer.Send(type, payload))
            {
                sent++;
            }
        }
        return sent;
    }

    public async Task<Reply> RequestAsync(
        Address to, ushort type, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken stopping = default) =>
        TryGetPeer(to, out Peer? peer)
            ? await peer.RequestAsync(type, payload, timeout, stopping).ConfigureAwait(false)
            : new Reply(ReplyStatus.NotConnected, default);

    /// <summary>Dials once. Null when connected (or connected already), else why not.</summary>
    public async Task<Refusal?> ConnectAsync(PeerAddress target, CancellationToken stopping = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (table.TryGet(target.Identity, out _))
        {
            return null;
        }
        if (table.IsBanned(target.Identity))
        {
            return Refusal.Of(HandshakeFault.NotAllowed, byPeer: false);
        }
        using CancellationTokenSource timeout = new(Options.Limits.HandshakeDeadline, Options.Time);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping, this.stopping.Token);
        Socket? socket = await Dialer.OpenAsync(target.Endpoint, deadline.Token).ConfigureAwait(false);
        if (socket is null)
        {
            return Refusal.Of(HandshakeFault.Unreachable, byPeer: false);
        }
        Refusal? refusal = await AuthenticateAsync(socket, dialer: true, target.Identity, deadline.Token).ConfigureAwait(false);
        return table.TryGet(target.Identity, out _) ? null : refusal;
    }

    /// <summary>Completes with the peer as soon as it is connected.</summary>
    public async Task<Peer> WaitForPeerAsync(Address identity, CancellationToken stopping = default)
    {
        TaskCompletionSource<Peer> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(Peer peer)
        {
            if (peer.Identity == identity)
            {
                found.TrySetResult(peer);
            }
        }
        Connected += Look;
        try
        {
            return TryGetPeer(identity, out Peer? peer) ? peer : await found.Task.WaitAsync(stopping).ConfigureAwait(false);
        }
        finally
        {
            Connected -= Look;
        }
    }

    /// <summary>Stops listening and dialing, closes every connection and waits until all is quiet.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }
        await stopping.CancelAsync().ConfigureAwait(false);
        listener?.Dispose();
        foreach (Peer peer in table.Snapshot())
        {
            peer.Close(PeerFault.Stopped);
        }
        await Background.WhenAllAsync().ConfigureAwait(false);
        tls.Dispose();
        stopping.Dispose();
    }

    internal async ValueTask DeliverAsync(Peer peer, ushort type, byte[] payload)
    {
        if (messageHandlers.TryGetValue(type, out MessageHandler? handler))
        {
            await GuardedAsync(peer, async () =>
            {
                await handler(peer, payload).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
        }
    }

    internal async ValueTask<byte[]?> AnswerAsync(Peer peer, ushort type, byte[] payload, CancellationToken closing) =>
        requestHandlers.TryGetValue(type, out RequestHandler? handler)
            ? await GuardedAsync(peer, () => handler(peer, payload, closing)).ConfigureAwait(false)
            : null;

    internal void Ban(Peer peer, string why)
    {
        Options.Logger.PeerBanned(peer.Identity.ToString(), why);
        table.Ban(peer.Identity, Options.Limits.BanTime);
    }

    internal void Report(Exception failure)
    {
        Options.Logger.HandlerFailed(failure);
        Failed?.Invoke(failure);
    }

    private static Socket Bind(IPEndPoint wanted)
    {
        Socket socket = new(wanted.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(wanted);
            socket.Listen(128);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new ListenException(wanted, failure);
        }
    }

    private async ValueTask<byte[]?> GuardedAsync(Peer peer, Func<ValueTask<byte[]?>> handler)
    {
        try
        {
            return await handler().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
#pragma warning disable CA1031 // The edge of the handler: reported once, and the connection that fed it ends.
        catch (Exception failure)
        {
            Report(failure);
            peer.Close(PeerFault.HandlerFailed);
            return null;
        }
#pragma warning restore CA1031
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener!.AcceptAsync(stopping.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // One connection died before it was taken, or descriptors ran out: neither ends the listener.
                await Task.Delay(Options.Limits.BackoffMin, Options.Time, stopping.Token).ConfigureAwait(false);
                continue;
            }
            if (socket.RemoteEndPoint is not IPEndPoint { Address: var address } || !handshakes.TryTake(address))
            {
                socket.Dispose();
                continue;
            }
            socket.NoDelay = true;
            Background.Run(() => WelcomeAsync(socket, address));
        }
    }

    private async Task WelcomeAsync(Socket socket, IPAddress address)
    {
        try
        {
            using CancellationTokenSource timeout = new(Options.Limits.HandshakeDeadline, Options.Time);
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping.Token);
            Refusal? refusal = await AuthenticateAsync(socket, dialer: false, expected: null, deadline.Token).ConfigureAwait(false);
            if (refusal is not null)
            {
                Options.Logger.AcceptRefused(refusal.Message);
            }
        }
        finally
        {
            handshakes.Release(address);
        }
    }

    private async Task<Refusal?> AuthenticateAsync(Socket socket, bool dialer, Address? expected, CancellationToken deadline)
    {
        EndPoint? remote = socket.RemoteEndPoint;
        Stream transport = new NetworkStream(socket, ownsSocket: true);
        if (Options.Filter is { } filter)
        {
            transport = new TapStream(transport, filter);
        }
        Hello template = new(Options.Role, Options.ChainId, Options.Genesis, Identity, instance, Hash256.Zero, endpoint);
        Handshake handshake = new(tls, Options.Key, template, hello => Admit(hello, dialer));
        (Authenticated? authenticated, Refusal? refusal) =
            await handshake.RunAsync(transport, dialer, expected, deadline).ConfigureAwait(false);
        if (authenticated is null)
        {
            Refused?.Invoke(refusal!);
            return refusal;
        }
        Peer peer = new(this, authenticated, dialer, remote);
        if (!table.TryAdd(peer, out Peer? displaced))
        {
            await authenticated.Stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        displaced?.Close(PeerFault.Replaced);
        MakeRoomFor(peer);
        Background.Run(() => LiveAsync(peer));
        return null;
    }

    private HandshakeFault Admit(Hello hello, bool dialer) =>
        table.IsBanned(hello.Identity) ? HandshakeFault.NotAllowed
        : dialer || dialed.ContainsKey(hello.Identity) ? HandshakeFault.None
        : !Options.Accept(hello.Identity, hello.Role) ? HandshakeFault.NotAllowed
        : table.Count >= Options.Limits.PeersMax && !Options.HoldsPlace(hello.Identity, hello.Role) ? HandshakeFault.TooManyPeers
        : HandshakeFault.None;

    // Only when the newcomer has proven who it is. Where all others hold their places too, they are more than the limit for once.
    private void MakeRoomFor(Peer newcomer)
    {
        Peer[] peers = table.Snapshot();
        if (peers.Count(static peer => peer.ClosedBecause == PeerFault.None) > Options.Limits.PeersMax && Options.HoldsPlace(newcomer.Identity, newcomer.Role))
        {
            Array.Find(peers, peer => peer.ClosedBecause == PeerFault.None && !peer.Dialed && !dialed.ContainsKey(peer.Identity)
                && !Options.HoldsPlace(peer.Identity, peer.Role))?.Close(PeerFault.MadeRoom);
        }
    }

    private async Task LiveAsync(Peer peer)
    {
        Options.Logger.PeerConnected(peer.Role, peer.Identity.ToString());
        if (stopping.IsCancellationRequested)
        {
            peer.Close(PeerFault.Stopped);
        }
        Connected?.Invoke(peer);
        await peer.RunAsync().ConfigureAwait(false);
        table.Remove(peer);
        peer.MarkGone();
        Options.Logger.PeerDisconnected(peer.Role, peer.Identity.ToString(), peer.ClosedBecause);
        Disconnected?.Invoke(peer);
    }

    private async Task TendAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), Options.Time);
        while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false))
        {
            foreach (Peer peer in table.Snapshot())
            {
                peer.Tend();
            }
        }
    }
}
