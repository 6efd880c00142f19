using System.Buffers;
using System.IO;
using System.IO.Pipelines;

namespace CPChain.Network;

/// <summary>
/// Reads frames of one peer, checks every bound before keeping a byte (rules W4, W6) and hands them to the handlers in order.
/// One-way handlers are awaited, which is the back-pressure; requests run beside, up to a limit.
/// </summary>
internal sealed class PeerReader
{
    private readonly Peer peer;
    private readonly PeerNetwork network;
    private readonly PipeReader pipe;
    private readonly TimeProvider time;
    private readonly NetworkLimits limits;
    private readonly TokenBucket bytesBudget;
    private readonly TokenBucket framesBudget;
    private readonly TaskSet serving;
    private int inFlight;
    private long waitingSince;
    private long frameStartedAt;
    private long heardAt;

    internal PeerReader(Peer peer, PeerNetwork network, Stream stream)
    {
        this.peer = peer;
        this.network = network;
        time = network.Options.Time;
        limits = network.Options.Limits;
        serving = new TaskSet(network.Report);
        heardAt = time.GetTimestamp();
        bytesBudget = new TokenBucket(time, limits.BytesPerSecond, limits.BytesBurst);
        framesBudget = new TokenBucket(time, limits.FramesPerSecond, limits.FramesBurst);
        pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, useZeroByteReads: true, leaveOpen: true));
    }

    internal async Task RunAsync(CancellationToken closing)
    {
        try
        {
            while (true)
            {
                Volatile.Write(ref waitingSince, Math.Max(1, time.GetTimestamp()));
                ReadResult read = await pipe.ReadAsync(closing).ConfigureAwait(false);
                Volatile.Write(ref waitingSince, 0);
                Volatile.Write(ref heardAt, time.GetTimestamp());
                ReadOnlySequence<byte> buffer = read.Buffer;
                while (TryTakeFrame(ref buffer, out FrameHeader header, out byte[] payload, out PeerFault fault))
                {
                    if (fault != PeerFault.None)
                    {
                        peer.Close(fault);
                        return;
                    }
                    Volatile.Write(ref frameStartedAt, 0);
                    await StayInBudgetAsync(payload.Length + FrameHeader.Bytes, closing).ConfigureAwait(false);
                    await DispatchAsync(header, payload, closing).ConfigureAwait(false);
                }
                bool partial = !buffer.IsEmpty;
                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    peer.Close(partial ? PeerFault.Malformed : PeerFault.ClosedByPeer);
                    return;
                }
                if (partial && frameStartedAt == 0)
                {
                    Volatile.Write(ref frameStartedAt, Math.Max(1, time.GetTimestamp()));
                }
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            peer.Close(PeerFault.ClosedByPeer);
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the requests still being served.</summary>
    internal Task DrainAsync() => serving.WhenAllAsync();

    internal PeerFault Overdue()
    {
        long started = Volatile.Read(ref frameStartedAt);
        if (started != 0 && Volatile.Read(ref waitingSince) != 0 && time.GetElapsedTime(started) > limits.FrameDeadline)
        {
            return PeerFault.SlowFrame;
        }
        return SilentFor() > 3 * limits.IdlePing ? PeerFault.Idle : PeerFault.None;
    }

    internal bool NeedsPing() => SilentFor() > limits.IdlePing;

    /// <summary>Silence counts only while we listen: a busy handler is not the peer's fault.</summary>
    private TimeSpan SilentFor()
    {
        long since = Volatile.Read(ref waitingSince);
        return since == 0 ? TimeSpan.Zero : time.GetElapsedTime(Math.Max(since, Volatile.Read(ref heardAt)));
    }

    /// <summary>True with a frame or a fault; false when more bytes are needed.</summary>
    private bool TryTakeFrame(ref ReadOnlySequence<byte> buffer, out FrameHeader header, out byte[] payload, out PeerFault fault)
    {
        header = default;
        payload = [];
        fault = PeerFault.None;
        if (buffer.Length < FrameHeader.Bytes)
        {
            return false;
        }
        Span<byte> head = stackalloc byte[FrameHeader.Bytes];
        buffer.Slice(0, FrameHeader.Bytes).CopyTo(head);
        header = FrameHeader.Read(head);
        fault = Judge(header);
        if (fault != PeerFault.None)
        {
            return true;
        }
        long total = FrameHeader.Bytes + (long)header.PayloadBytes;
        if (buffer.Length < total)
        {
            return false;
        }
        if (network.Options.Filter is { } filter)
        {
            filter.Plain(LinkDirection.Incoming, peer.Identity, buffer.Slice(0, total).ToArray());
        }
        payload = buffer.Slice(FrameHeader.Bytes, header.PayloadBytes).ToArray();
        buffer = buffer.Slice(total);
        return true;
    }

    private PeerFault Judge(in FrameHeader header)
    {
        if (header.Kind is FrameKind.Ping or FrameKind.Pong)
        {
            return header.Type != 0 || header.PayloadBytes != 0 ? PeerFault.Malformed : PeerFault.None;
        }
        if (header.Kind > FrameKind.Pong)
        {
            return PeerFault.Malformed;
        }
        if (!network.Options.Catalog.TryGet(header.Type, out MessageSpec spec))
        {
            return PeerFault.UnknownType;
        }
        int bytesMax = header.Kind switch
        {
            FrameKind.OneWay or FrameKind.Request => spec.PayloadBytesMax,
            FrameKind.Reply => spec.ReplyBytesMax,
            _ => 0,
        };
        return header.PayloadBytes > (uint)bytesMax ? PeerFault.TooLong : PeerFault.None;
    }

    private async ValueTask StayInBudgetAsync(int bytes, CancellationToken closing)
    {
        TimeSpan wait = bytesBudget.Spend(bytes);
        TimeSpan waitForFrames = framesBudget.Spend(1);
        wait = wait > waitForFrames ? wait : waitForFrames;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, closing).ConfigureAwait(false);
        }
    }

    private async ValueTask DispatchAsync(FrameHeader header, byte[] payload, CancellationToken closing)
    {
        switch (header.Kind)
        {
            case FrameKind.OneWay:
                await network.DeliverAsync(peer, header.Type, payload).ConfigureAwait(false);
                break;
            case FrameKind.Request when Volatile.Read(ref inFlight) >= limits.RequestsInFlightMax:
                peer.Enqueue(FrameKind.ReplyBusy, header.Type, header.RequestId, default);
                break;
            case FrameKind.Request:
                Serve(header, payload, closing);
                break;
            case FrameKind.Reply:
                peer.Answered(header.RequestId, ReplyStatus.Ok, payload);
                break;
            case FrameKind.ReplyRefused:
                peer.Answered(header.RequestId, ReplyStatus.Refused, default);
                break;
            case FrameKind.ReplyBusy:
                peer.Answered(header.RequestId, ReplyStatus.Busy, default);
                break;
            case FrameKind.Ping:
                peer.Enqueue(FrameKind.Pong, 0, 0, default);
                break;
            default:
                break;
        }
    }

    private void Serve(FrameHeader header, byte[] payload, CancellationToken closing)
    {
        Interlocked.Increment(ref inFlight);
        serving.Run(async () =>
        {
            byte[]? answer = await network.AnswerAsync(peer, header.Type, payload, closing).ConfigureAwait(false);
            Interlocked.Decrement(ref inFlight);
            peer.Enqueue(answer is null ? FrameKind.ReplyRefused : FrameKind.Reply, header.Type, header.RequestId, answer);
        });
    }
}
