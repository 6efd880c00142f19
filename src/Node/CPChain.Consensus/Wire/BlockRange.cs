using System.Buffers;
using System.Buffers.Binary;

namespace CPChain.Consensus.Wire;

/// <summary>GET-BLOCKS (rule W8.4): version(1) first number(8) count(2).</summary>
internal readonly record struct BlockRangeQuery(ulong First, int Count)
{
    private const byte Version = 1;

    internal byte[] Encode()
    {
        byte[] bytes = new byte[11];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), First);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(9), checked((ushort)Count));
        return bytes;
    }

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out BlockRangeQuery query)
    {
        query = default;
        if (bytes.Length != 11 || bytes[0] != Version)
        {
            return false;
        }
        query = new BlockRangeQuery(BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[9..]));
        return query.Count is > 0 and <= ChainMessages.RangeBlocksMax;
    }
}

/// <summary>Its answer: version(1), then for each block in order: length(4) block, length(4) certificate.</summary>
internal static class BlockRangeAnswer
{
    private const byte Version = 1;

    internal static byte[] Encode(IEnumerable<(byte[] Block, byte[] Certificate)> blocks)
    {
        ArrayBufferWriter<byte> writer = new(1024);
        writer.Write([Version]);
        foreach ((byte[] block, byte[] certificate) in blocks)
        {
            WritePart(writer, block);
            WritePart(writer, certificate);
        }
        return writer.WrittenSpan.ToArray();
    }

    internal static bool TryDecode(ReadOnlyMemory<byte> bytes, out List<(ReadOnlyMemory<byte> Block, ReadOnlyMemory<byte> Certificate)> blocks)
    {
        blocks = [];
        if (bytes.IsEmpty || bytes.Span[0] != Version)
        {
            return false;
        }
        ReadOnlyMemory<byte> rest = bytes[1..];
        while (!rest.IsEmpty)
        {
            if (blocks.Count == ChainMessages.RangeBlocksMax
                || !TryTakePart(ref rest, out ReadOnlyMemory<byte> block) || !TryTakePart(ref rest, out ReadOnlyMemory<byte> certificate))
            {
                return false;
            }
            blocks.Add((block, certificate));
        }
        return true;
    }

    private static void WritePart(ArrayBufferWriter<byte> writer, byte[] part)
    {
        BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(4), part.Length);
        writer.Advance(4);
        writer.Write(part);
    }

    private static bool TryTakePart(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> part)
    {
        part = default;
        if (rest.Length < 4)
        {
            return false;
        }
        int length = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
        if (length < 0 || length > rest.Length - 4)
        {
            return false;
        }
        part = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }
}
