using System.Buffers;
using System.Buffers.Binary;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Consensus.Wire;

/// <summary>Hashes on the wire (rule W8.5): version(1), then 32 bytes each.</summary>
internal static class HashList
{
    private const byte Version = 1;
    private const int HashBytes = 32;

    internal static byte[] Encode(IReadOnlyList<Hash256> hashes)
    {
        byte[] bytes = new byte[1 + (HashBytes * hashes.Count)];
        bytes[0] = Version;
        for (int i = 0; i < hashes.Count; i++)
        {
            hashes[i].CopyTo(bytes.AsSpan(1 + (HashBytes * i), HashBytes));
        }
        return bytes;
    }

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out List<Hash256> hashes)
    {
        hashes = [];
        if (bytes.IsEmpty || bytes[0] != Version || (bytes.Length - 1) % HashBytes != 0)
        {
            return false;
        }
        for (int at = 1; at < bytes.Length; at += HashBytes)
        {
            hashes.Add(Hash256.FromBytes(bytes.Slice(at, HashBytes)));
        }
        return true;
    }
}

/// <summary>Transactions on the wire (rule W8.5): version(1), then length(4) and envelope each.</summary>
internal static class TransactionList
{
    private const byte Version = 1;

    internal static byte[] Encode(IReadOnlyList<Transaction> transactions)
    {
        ArrayBufferWriter<byte> writer = new(256);
        writer.Write([Version]);
        foreach (Transaction transaction in transactions)
        {
            BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(4), transaction.Encoded.Length);
            writer.Advance(4);
            writer.Write(transaction.Encoded.Span);
        }
        return writer.WrittenSpan.ToArray();
    }

    internal static bool TryDecode(ReadOnlyMemory<byte> bytes, BlockLimits limits, out List<Transaction> transactions)
    {
        transactions = [];
        if (bytes.IsEmpty || bytes.Span[0] != Version)
        {
            return false;
        }
        ReadOnlySpan<byte> rest = bytes.Span[1..];
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4)
            {
                return false;
            }
            int length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - 4 || transactions.Count == ChainMessages.HashesMax
                || !Transaction.TryDecode(rest.Slice(4, length), out Transaction? transaction, out _, limits.TransactionBytesMax))
            {
                return false;
            }
            transactions.Add(transaction);
            rest = rest[(4 + length)..];
        }
        return true;
    }
}
