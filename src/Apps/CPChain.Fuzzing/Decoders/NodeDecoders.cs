using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Network;
using CPChain.Storage;
using CPChain.Storage.Journals;
using CPChain.Storage.Sectors;
using CPChain.Types;

namespace CPChain.Fuzzing.Decoders;

/// <summary>What nodes send each other, and what they find in their own files.</summary>
internal static class NodeDecoders
{
    private const ulong Epoch = 7;
    private const int RecordBytesMax = 1 << 20;
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    internal static IEnumerable<DecoderEntry> All()
    {
        Hello hello = new(PeerRole.Validator, 41, SeedKeys.Hash(1), Address.FromUInt256(9UL), 5, SeedKeys.Hash(2), "127.0.0.1:30303");
        yield return new("hello", ["Hello.TryDecode", "Hello.TryReadVersion"], [hello.Encode(), .. SeedFiles.Read("wire/hello-v1.hex")],
            static bytes => Hello.TryDecode(bytes, out Hello? read) ? Decoded.As(read!.Encode()) : Decoded.Refused);
        yield return new("frame", ["FrameHeader.Read"], [Frame()], ReadFrame);
        yield return new("endpoint", ["Dialer.TryParseEndpoint"], ["127.0.0.1:30303"u8.ToArray(), "[::1]:1"u8.ToArray(), "example.org:80"u8.ToArray()],
            static bytes => Decoded.If(Dialer.TryParseEndpoint(System.Text.Encoding.Latin1.GetString(bytes), out _, out _)))
        { IsText = true };
        yield return new("chain status", ["ChainStatus.TryDecode"], [new ChainStatus(9, SeedKeys.Hash(1)).Encode()],
            static bytes => ChainStatus.TryDecode(bytes, out ChainStatus read) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("block range query", ["BlockRangeQuery.TryDecode"], [new BlockRangeQuery(9, 64).Encode()],
            static bytes => BlockRangeQuery.TryDecode(bytes, out BlockRangeQuery read) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("block range answer", ["BlockRangeAnswer.TryDecode"], [BlockRangeAnswer.Encode([([1, 2], [3]), ([], [4, 5])])],
            static bytes => BlockRangeAnswer.TryDecode(bytes, out List<(ReadOnlyMemory<byte> Block, ReadOnlyMemory<byte> Certificate)> read)
                ? Decoded.As(BlockRangeAnswer.Encode(read.Select(static one => (one.Block.ToArray(), one.Certificate.ToArray()))))
                : Decoded.Refused);
        yield return new("hash list", ["HashList.TryDecode"], [HashList.Encode([SeedKeys.Hash(1), SeedKeys.Hash(2)])],
            static bytes => HashList.TryDecode(bytes, out List<Hash256> read) ? Decoded.As(HashList.Encode(read)) : Decoded.Refused);
        yield return new("transaction list", ["TransactionList.TryDecode"], [TransactionList.Encode(Transactions())],
            static bytes => TransactionList.TryDecode(bytes, BlockLimits.Default, out List<Transaction> read)
                ? Decoded.As(TransactionList.Encode(read)) : Decoded.Refused);
        yield return new("node record", ["NodeRecord.TryDecode"], [NodeRecord.Encode(NodeRecordKind.Body, [1, 2, 3])],
            static bytes => NodeRecord.TryDecode(bytes, out NodeRecord? read)
                ? Decoded.As(NodeRecord.Encode(read.Value.Kind, read.Value.Content)) : Decoded.Refused);
        yield return new("sector frame", ["SectorFrame.TryRead", "SectorFrame.TryTakeRecord"], [SectorBytes()], ReadSector);
        yield return new("journal frame", ["JournalFrame.TryTakeRecord"], [JournalRecords()], ReadJournal);
        yield return new("commit record", ["CommitRecord.TryDecode"], [Commit([1, 2, 3, 4])],
            static bytes => Decoded.If(CommitRecord.TryDecode(bytes, Epoch, out _, out _)));
        yield return new("commit file header", ["CommitRecord.DecodeFileHeader"], [CommitRecord.EncodeFileHeader(Epoch, 9)], FileHeader);
        WriteBatch batch = new();
        batch.Put([1, 2], [3, 4, 5]);
        batch.Delete([6]);
        yield return new("write batch", ["WriteBatch.TryDecode"], [batch.Encoded.ToArray()],
            static bytes => WriteBatch.TryDecode(bytes, out WriteBatch? read) ? Decoded.As(read.Encoded.ToArray()) : Decoded.Refused);
    }

    private static byte[] Frame()
    {
        byte[] bytes = new byte[FrameHeader.Bytes];
        new FrameHeader(300, FrameKind.Request, 16, 7).Write(bytes);
        return bytes;
    }

    private static Decoded ReadFrame(byte[] bytes)
    {
        // The reader of a peer hands over exactly this many bytes.
        if (bytes.Length != FrameHeader.Bytes) return Decoded.Refused;
        byte[] again = new byte[FrameHeader.Bytes];
        FrameHeader.Read(bytes).Write(again);
        return Decoded.As(again);
    }

    private static Transaction[] Transactions()
    {
        using PrivateKey key = SeedKeys.Key(1);
        return [Transaction.Sign(UnsignedTransaction.Legacy(41, 0, 7UL, 21_000) with { To = Address.Zero }, key)];
    }

    private static byte[] SectorBytes()
    {
        byte[] frame = new byte[SectorFrame.HeaderBytes + 7];
        frame[SectorFrame.HeaderBytes] = 3;
        SectorFrame.Seal(frame, 9, Salt);
        return frame;
    }

    /// <summary>The bytes as they are, and as the body of a frame whose checksum is right.</summary>
    private static Decoded ReadSector(byte[] bytes)
    {
        bool isTaken = SectorFrame.TryRead(bytes, Salt, out _, out _);
        if (bytes.Length < SectorFrame.HeaderBytes) return Decoded.If(isTaken);
        byte[] frame = [.. bytes];
        SectorFrame.Seal(frame, 9, Salt);
        if (!SectorFrame.TryRead(frame, Salt, out _, out ReadOnlySpan<byte> body)) throw new InvalidOperationException("a sealed frame is read");
        while (!body.IsEmpty)
        {
            if (!SectorFrame.TryTakeRecord(ref body, out _)) break;
        }

        return Decoded.If(isTaken);
    }

    private static byte[] JournalRecords()
    {
        byte[] frame = new byte[JournalFrame.HeaderBytes + 7 + 4];
        frame[8] = 3;
        frame[15 - 3] = 9;
        JournalFrame.Seal(frame);
        return frame;
    }

    /// <summary>Takes the records of a frame whose checksum is right, whatever stands in it.</summary>
    private static Decoded ReadJournal(byte[] bytes)
    {
        if (bytes.Length < JournalFrame.HeaderBytes + JournalFrame.RecordHeaderBytes) return Decoded.If(JournalFrame.LengthAt(bytes) > bytes.Length);
        byte[] frame = [.. bytes];
        JournalFrame.Seal(frame);
        if (JournalFrame.LengthAt(frame) != frame.Length || !JournalFrame.IsIntact(frame)) throw new InvalidOperationException("a sealed frame is intact");
        ReadOnlySpan<byte> body = frame.AsSpan(JournalFrame.HeaderBytes);
        while (!body.IsEmpty)
        {
            if (!JournalFrame.TryTakeRecord(ref body, RecordBytesMax, out _)) return Decoded.Refused;
        }

        return Decoded.Taken;
    }

    private static byte[] Commit(byte[] body) => [.. CommitRecord.EncodeHeader(Epoch, 3, body), .. body];

    private static Decoded FileHeader(byte[] bytes)
    {
        if (bytes.Length != CommitRecord.EncodeFileHeader(0, 0).Length) return Decoded.Refused;
        try
        {
            CommitRecord.DecodeFileHeader("log", bytes);
            return Decoded.Taken;
        }
        catch (StorageFailure)
        {
            return Decoded.Refused;
        }
    }
}
