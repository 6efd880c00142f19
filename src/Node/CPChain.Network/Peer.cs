using System.Collections.Concurrent;
using System.IO;
using System.Net;
using CPChain.Types;

namespace CPChain.Network;

/// <summary>
/// One authenticated connection. Sending never waits: a frame is queued or refused. Lives until either side closes it or breaks a bound;
/// a reconnected peer is a new object with the same identity. Safe to use from any thread.
/// </summary>
#pragma warning disable CA1001 // The source has no timer and outlives the connection, because anybody may still call Close: nothing to dispose.
public sealed class Peer : IPeer
#pragma warning restore CA1001
{
    private readonly PeerNetwork network;
    private readonly Stream stream;
    private readonly OutgoingQueue queue;
    private readonly PeerReader reader;
    private readonly PeerWriter writer;
    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<Reply>> pending = new();
    private readonly PenaltyCount penalties;
    private uint lastRequestId;
    private int closedBecause;

    internal Peer(PeerNetwork network, Authenticated authenticated, bool dialed, EndPoint? remoteEndPoint)
    {
        this.network = network;
        stream = authenticated.Stream;
        Identity = authenticated.Remote.Identity;
        Role = authenticated.Remote.Role;
        Endpoint = authenticated.Remote.Endpoint;
        Instance = authenticated.Remote.Instance;
        Dialed = dialed;
        RemoteEndPoint = remoteEndPoint;
        NetworkOptions options = network.Options;
        queue = new OutgoingQueue(options.Limits.FramesMaxPerLane, options.Limits.BytesMaxPerLane);
        reader = new PeerReader(this, network, stream);
        writer = new PeerWriter(this, stream, queue, options);
        penalties = new PenaltyCount(options.Time);
    }

    public Address Identity { get; }
    public PeerRole Role { get; }

    /// <summary>"host:port" where the peer says it listens; empty when it does not. Not verified.</summary>
    public string Endpoint { get; }
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>True when this side opened the connection.</summary>
    public bool Dialed { get; }

    public PeerFault ClosedBecause => (PeerFault)Volatile.Read(ref closedBecause);

    /// <summary>Completes, never with an error, once the connection is gone.</summary>
    public Task Completion => completion.Task;

    internal ulong Instance { get; }
    internal CancellationToken Closing => closing.Token;

    /// <summary>Queues a one-way message. False when it was dropped: the lane is full, or the link filter took it.</summary>
    public bool Send(ushort type, ReadOnlyMemory<byte> payload) => Enqueue(FrameKind.OneWay, type, 0, payload);

    /// <summary>Asks and waits for the answer; every way it can end is a <see cref="ReplyStatus"/>. Throws only on cancellation.</summary>
    public async Task<Reply> RequestAsync(ushort type, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken stopping = default)
    {
        uint id = Interlocked.Increment(ref lastRequestId);
        TaskCompletionSource<Reply> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[id] = answer;
        try
        {
            if (closing.IsCancellationRequested)
            {
                return new Reply(ReplyStatus.Disconnected, default);
            }
            if (!Enqueue(FrameKind.Request, type, id, payload))
            {
                return new Reply(ReplyStatus.QueueFull, default);
            }
            return await answer.Task.WaitAsync(timeout, network.Options.Time, stopping).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new Reply(ReplyStatus.TimedOut, default);
        }
        finally
        {
            pending.TryRemove(id, out _);
        }
    }

    /// <summary>Counts a fault of the peer against it; at the limit it is dropped and refused for a while (rule W7.3).</summary>
    public void Penalize(int points, string why)
    {
        if (penalties.Add(points) >= network.Options.Limits.PenaltyMax)
        {
            network.Ban(this, why);
            Close(PeerFault.Penalized);
        }
    }

    public void Close(PeerFault because)
    {
        if (Interlocked.CompareExchange(ref closedBecause, (int)because, (int)PeerFault.None) == (int)PeerFault.None)
        {
            closing.Cancel();
        }
    }

    /// <summary>Runs both directions until the first of them ends; then closes the stream and fails what is pending.</summary>
    internal async Task RunAsync()
    {
        Task reading = reader.RunAsync(closing.Token);
        Task writing = writer.RunAsync(closing.Token);
        await Task.WhenAny(reading, writing).ConfigureAwait(false);
        Close(PeerFault.ClosedByPeer);
        await stream.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(reading, writing).ConfigureAwait(false);
        await reader.DrainAsync().ConfigureAwait(false);
        foreach ((uint id, TaskCompletionSource<Reply> answer) in pending)
        {
            answer.TrySetResult(new Reply(ReplyStatus.Disconnected, default));
            pending.TryRemove(id, out _);
        }
    }

    internal void MarkGone() => completion.TrySetResult();

    internal bool Enqueue(FrameKind kind, ushort type, uint id, ReadOnlyMemory<byte> payload)
    {
        Lane lane = Lane.Consensus;
        if (type != 0)
        {
            if (!network.Options.Catalog.TryGet(type, out MessageSpec spec))
            {
                throw new ArgumentException($"Message type {type} is not in the catalog.", nameof(type));
            }
            int bytesMax = kind is FrameKind.OneWay or FrameKind.Request ? spec.PayloadBytesMax : spec.ReplyBytesMax;
            if (payload.Length > bytesMax)
            {
                throw new ArgumentException($"{spec.Name} of {payload.Length} bytes is over its cap of {bytesMax}.", nameof(payload));
            }
            lane = spec.Lane;
        }
        OutgoingFrame frame = new(kind, type, id, payload);
        if (network.Options.Filter is { } filter && type != 0)
        {
            LinkVerdict verdict = filter.Outgoing(Identity, type, payload.Span);
            if (verdict.Dropped)
            {
                return false;
            }
            if (verdict.Delay > TimeSpan.Zero)
            {
                network.Background.Run(() => EnqueueLaterAsync(lane, frame, verdict.Delay));
                return true;
            }
        }
        return EnqueueNow(lane, frame);
    }

    internal void Answered(uint id, ReplyStatus status, ReadOnlyMemory<byte> payload)
    {
        if (pending.TryRemove(id, out TaskCompletionSource<Reply>? answer))
        {
            answer.TrySetResult(new Reply(status, payload));
        }
    }

    /// <summary>Applies the deadlines that no read or write can watch itself; called about once a second.</summary>
    internal void Tend()
    {
        PeerFault fault = writer.IsSlow() ? PeerFault.SlowReader : reader.Overdue();
        if (fault != PeerFault.None)
        {
            Close(fault);
        }
        else if (reader.NeedsPing())
        {
            Enqueue(FrameKind.Ping, 0, 0, default);
        }
    }

    private bool EnqueueNow(Lane lane, in OutgoingFrame frame)
    {
        if (closing.IsCancellationRequested)
        {
            return false;
        }
        if (queue.TryEnqueue(lane, frame))
        {
            return true;
        }
        if (lane == Lane.Consensus)
        {
            // A peer this far behind is better served by catch-up after a reconnect.
            Close(PeerFault.QueueFull);
        }
        return false;
    }

    private async Task EnqueueLaterAsync(Lane lane, OutgoingFrame frame, TimeSpan delay)
    {
        await Task.Delay(delay, network.Options.Time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        EnqueueNow(lane, frame);
    }
}
