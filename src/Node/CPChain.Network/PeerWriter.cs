using System.Buffers;
using System.IO;

namespace CPChain.Network;

/// <summary>Moves queued frames into the stream, many small ones in one TLS write (rule W5.3). Holds no buffer while idle.</summary>
internal sealed class PeerWriter(Peer peer, Stream stream, OutgoingQueue queue, NetworkOptions options)
{
    /// <summary>Two full TLS records: large enough to make the cost of a write vanish, small enough for an urgent frame to wait little.</summary>
    private const int CoalesceBytes = 32 * 1024;

    private readonly List<OutgoingFrame> batch = [];
    private long writeStartedAt;

    internal async Task RunAsync(CancellationToken closing)
    {
        try
        {
            while (await queue.WaitAsync(closing).ConfigureAwait(false))
            {
                queue.TakeSignal();
                while (queue.DequeueInto(batch, CoalesceBytes) is int total and > 0)
                {
                    await WriteBatchAsync(total, closing).ConfigureAwait(false);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            peer.Close(PeerFault.ClosedByPeer);
        }
    }

    internal bool IsSlow()
    {
        long started = Volatile.Read(ref writeStartedAt);
        return started != 0 && options.Time.GetElapsedTime(started) > options.Limits.WriteDeadline;
    }

    private async Task WriteBatchAsync(int total, CancellationToken closing)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(total);
        int at = 0;
        foreach (OutgoingFrame frame in batch)
        {
            int bytes = frame.Write(buffer.AsSpan(at));
            options.Filter?.Plain(LinkDirection.Outgoing, peer.Identity, buffer.AsSpan(at, bytes));
            at += bytes;
        }
        batch.Clear();
        Volatile.Write(ref writeStartedAt, Math.Max(1, options.Time.GetTimestamp()));
        await stream.WriteAsync(buffer.AsMemory(0, total), closing).ConfigureAwait(false);
        Volatile.Write(ref writeStartedAt, 0);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
