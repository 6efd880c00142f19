using CPChain.Types;

namespace CPChain.Network;

/// <summary>Which way bytes go, seen from the node that owns the filter.</summary>
public enum LinkDirection : byte
{
    Outgoing = 0,
    Incoming = 1,
}

/// <summary>Fate of an outgoing frame: delivered at once by default, dropped, or delivered later.</summary>
public readonly record struct LinkVerdict(bool Dropped, TimeSpan Delay)
{
    public static LinkVerdict Deliver => default;
    public static LinkVerdict Drop => new(true, TimeSpan.Zero);
    public static LinkVerdict After(TimeSpan delay) => new(false, delay);
}

/// <summary>
/// Hook at both edges of TLS: sees every plaintext frame and every byte on the wire, and may drop or delay frames.
/// Called from many threads at once; spans are valid during the call only.
/// </summary>
public abstract class LinkFilter
{
    /// <summary>Called for each outgoing frame before it is queued.</summary>
    public virtual LinkVerdict Outgoing(Address peer, ushort type, ReadOnlySpan<byte> payload) => LinkVerdict.Deliver;

    /// <summary>Header and payload of each frame as they enter or leave TLS.</summary>
    public virtual void Plain(LinkDirection direction, Address peer, ReadOnlySpan<byte> frame)
    {
    }

    /// <summary>Bytes as they enter or leave the socket, handshakes included.</summary>
    public virtual void Wire(LinkDirection direction, ReadOnlySpan<byte> bytes)
    {
    }
}

/// <summary>Passes a stream through unchanged and shows each byte to the filter.</summary>
internal sealed class TapStream(Stream inner, LinkFilter filter) : Stream
{
    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Seen(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Seen(buffer, inner.Read(buffer));

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await ReadAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Seen(buffer, await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        filter.Wire(LinkDirection.Outgoing, buffer);
        inner.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        filter.Wire(LinkDirection.Outgoing, buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Seen(Memory<byte> buffer, int count) => Seen(buffer.Span, count);

    private int Seen(ReadOnlySpan<byte> buffer, int count)
    {
        filter.Wire(LinkDirection.Incoming, buffer[..count]);
        return count;
    }
}
