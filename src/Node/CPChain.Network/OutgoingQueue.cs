using System.Threading.Channels;

namespace CPChain.Network;

/// <summary>
/// Frames waiting for one peer, bounded per lane by count and bytes; the reader always takes the most urgent lane first (rule W5).
/// Any thread enqueues, one reader dequeues.
/// </summary>
internal sealed class OutgoingQueue(int framesMaxPerLane, long bytesMaxPerLane)
{
    private const int Lanes = 3;
    private readonly Lock gate = new();
    private readonly Queue<OutgoingFrame>[] lanes = [new(), new(), new()];
    private readonly long[] bytes = new long[Lanes];
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>False when the lane is full: the frame is dropped and the caller decides what that means. An empty lane takes any one frame.</summary>
    internal bool TryEnqueue(Lane lane, in OutgoingFrame frame)
    {
        lock (gate)
        {
            Queue<OutgoingFrame> queue = lanes[(int)lane];
            if (queue.Count > 0 && (queue.Count >= framesMaxPerLane || bytes[(int)lane] + frame.Bytes > bytesMaxPerLane))
            {
                return false;
            }
            queue.Enqueue(frame);
            bytes[(int)lane] += frame.Bytes;
        }
        signal.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Moves frames, most urgent first, into <paramref name="batch"/> until it holds <paramref name="bytesWanted"/> or the queue is empty.</summary>
    internal int DequeueInto(List<OutgoingFrame> batch, int bytesWanted)
    {
        int total = 0;
        lock (gate)
        {
            for (int lane = 0; lane < Lanes && total < bytesWanted; lane++)
            {
                while (total < bytesWanted && lanes[lane].TryDequeue(out OutgoingFrame frame))
                {
                    bytes[lane] -= frame.Bytes;
                    total += frame.Bytes;
                    batch.Add(frame);
                }
            }
        }
        return total;
    }

    internal ValueTask<bool> WaitAsync(CancellationToken stopping) => signal.Reader.WaitToReadAsync(stopping);

    internal void TakeSignal() => signal.Reader.TryRead(out _);
}
