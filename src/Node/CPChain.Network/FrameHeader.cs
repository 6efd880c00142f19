using System.Buffers.Binary;

namespace CPChain.Network;

internal enum FrameKind : byte
{
    OneWay = 0,
    Request = 1,
    Reply = 2,
    ReplyRefused = 3,
    ReplyBusy = 4,
    Ping = 5,
    Pong = 6,
}

/// <summary>Eleven bytes before every payload (rule W4.1): length(4) kind(1) type(2) request id(4), big-endian; length counts the payload alone.</summary>
internal readonly record struct FrameHeader(uint PayloadBytes, FrameKind Kind, ushort Type, uint RequestId)
{
    internal const int Bytes = 11;

    internal void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, PayloadBytes);
        to[4] = (byte)Kind;
        BinaryPrimitives.WriteUInt16BigEndian(to[5..], Type);
        BinaryPrimitives.WriteUInt32BigEndian(to[7..], RequestId);
    }

    internal static FrameHeader Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32BigEndian(from),
        (FrameKind)from[4],
        BinaryPrimitives.ReadUInt16BigEndian(from[5..]),
        BinaryPrimitives.ReadUInt32BigEndian(from[7..]));
}

/// <summary>One frame on its way out.</summary>
internal readonly record struct OutgoingFrame(FrameKind Kind, ushort Type, uint RequestId, ReadOnlyMemory<byte> Payload)
{
    internal int Bytes => FrameHeader.Bytes + Payload.Length;

    internal int Write(Span<byte> to)
    {
        new FrameHeader((uint)Payload.Length, Kind, Type, RequestId).Write(to);
        Payload.Span.CopyTo(to[FrameHeader.Bytes..]);
        return Bytes;
    }
}
