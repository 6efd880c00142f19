using System.Collections.Concurrent;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.EndToEnd.Leaks;

/// <summary>Every frame before TLS and every byte on the wire, as all nodes and participants of a run sent and got them.</summary>
internal sealed class Captured : LinkFilter
{
    private readonly ConcurrentQueue<byte[]> frames = new();
    private readonly ConcurrentQueue<byte[]> wire = new();

    public override void Plain(LinkDirection direction, Address peer, ReadOnlySpan<byte> frame) => frames.Enqueue(frame.ToArray());

    public override void Wire(LinkDirection direction, ReadOnlySpan<byte> bytes) => wire.Enqueue(bytes.ToArray());

    public long Bytes => frames.Sum(frame => (long)frame.Length) + wire.Sum(bytes => (long)bytes.Length);

    public void Search(LeakDetector detector, ISet<Leak> found)
    {
        foreach (byte[] frame in frames) detector.Search("a frame between nodes", frame, found);
        foreach (byte[] bytes in wire) detector.Search("bytes on the wire", bytes, found);
    }
}
