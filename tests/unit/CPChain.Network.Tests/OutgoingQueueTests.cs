using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Network.Tests;

public sealed class OutgoingQueueTests
{
    [Fact]
    public void W5_consensus_leaves_before_gossip_before_bulk_and_each_in_order() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        lanes =>
        {
            OutgoingQueue queue = new(1000, 1 << 20);
            for (uint i = 0; i < lanes.Length; i++)
            {
                queue.TryEnqueue((Lane)(lanes[i] % 3), new OutgoingFrame(FrameKind.OneWay, lanes[i], i, default));
            }
            List<OutgoingFrame> left = [];
            while (queue.DequeueInto(left, 40) > 0)
            {
            }
            List<OutgoingFrame> expected = [.. left.OrderBy(f => f.Type % 3).ThenBy(f => f.RequestId)];
            return left.Count == lanes.Length && left.SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void W5_a_full_lane_refuses_and_leaves_the_others_open()
    {
        OutgoingQueue queue = new(framesMaxPerLane: 2, bytesMaxPerLane: 1 << 20);
        OutgoingFrame frame = new(FrameKind.OneWay, 1, 0, default);
        Assert.True(queue.TryEnqueue(Lane.Bulk, frame));
        Assert.True(queue.TryEnqueue(Lane.Bulk, frame));
        Assert.False(queue.TryEnqueue(Lane.Bulk, frame));
        Assert.True(queue.TryEnqueue(Lane.Consensus, frame));
    }

    [Fact]
    public void W5_bytes_are_bounded_but_an_empty_lane_takes_one_frame_of_any_size()
    {
        OutgoingQueue queue = new(framesMaxPerLane: 100, bytesMaxPerLane: 50);
        Assert.True(queue.TryEnqueue(Lane.Gossip, new OutgoingFrame(FrameKind.OneWay, 1, 0, new byte[1000])));
        Assert.False(queue.TryEnqueue(Lane.Gossip, new OutgoingFrame(FrameKind.OneWay, 1, 0, new byte[1])));
        Assert.Equal(1000 + FrameHeader.Bytes, queue.DequeueInto([], int.MaxValue));
        Assert.True(queue.TryEnqueue(Lane.Gossip, new OutgoingFrame(FrameKind.OneWay, 1, 0, new byte[1])));
    }

    [Fact]
    public void W5_one_batch_gathers_many_small_frames()
    {
        OutgoingQueue queue = new(1000, 1 << 20);
        for (int i = 0; i < 100; i++)
        {
            queue.TryEnqueue(Lane.Gossip, new OutgoingFrame(FrameKind.OneWay, 1, 0, new byte[32]));
        }
        List<OutgoingFrame> batch = [];
        Assert.Equal(100 * (32 + FrameHeader.Bytes), queue.DequeueInto(batch, 32 * 1024));
        Assert.Equal(100, batch.Count);
    }
}
