using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution.Tests.Harness;
using CPChain.Trie;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Execution.Tests.Chain;

/// <summary>
/// The chain of Ethereum's RPC tests, blocks from Frontier to Osaka that another client made: what our headers take from
/// Ethereum's must come out the same.
/// </summary>
public sealed class EthereumChainTests
{
    private const string Archive = "execution-apis/rpc-tests.tar.xz";

    private sealed record ForeignBlock(
        ulong Number, Hash256 TransactionsRoot, Hash256 ReceiptsRoot, byte[] Bloom, ulong GasLimit, ulong GasUsed,
        UInt256? BaseFee, ImmutableArray<byte[]> Envelopes);

    [Fact]
    public void C11_transaction_roots_are_those_of_the_other_client()
    {
        int decoded = 0;
        HashSet<TxType> types = [];
        foreach (ForeignBlock block in Blocks())
        {
            Assert.Equal(block.TransactionsRoot, TrieRoot.OfIndexed([.. block.Envelopes]));
            foreach (byte[] envelope in block.Envelopes)
            {
                if (!Transaction.TryDecode(envelope, out Transaction? read, out TransactionFault fault))
                {
                    // What this chain does not take: signatures without chain id, and blobs.
                    Assert.True(fault is TransactionFault.Unprotected or TransactionFault.BlobsRefused, fault.Text());
                    continue;
                }
                decoded++;
                types.Add(read.Type);
                Assert.Equal(envelope, read.Content.EncodeWith(read.Signature));
                Assert.True(read.TryRecoverSender(out _));
            }
        }
        Assert.True(decoded >= 20, $"{decoded} decoded");
        Assert.Superset(new HashSet<TxType> { TxType.Legacy, TxType.FeeMarket }, types);
    }

    [Fact]
    public void C9_base_fees_are_those_of_the_other_client()
    {
        List<ForeignBlock> blocks = [.. Blocks().Where(block => block.BaseFee is not null)];
        Assert.True(blocks.Count >= 20);
        foreach ((ForeignBlock parent, ForeignBlock child) in blocks.Zip(blocks.Skip(1)))
        {
            BlockHeader header = new()
            {
                GasLimit = parent.GasLimit,
                GasUsed = parent.GasUsed,
                BaseFeePerGas = parent.BaseFee!.Value,
            };
            Assert.Equal(child.BaseFee, BaseFee.After(header, UInt256.Zero));
        }
    }

    [Fact]
    public void C11_receipts_root_and_bloom_are_those_of_the_other_client()
    {
        byte[] exchange = PublicArchive.Read(Archive, name => name.EndsWith("get-block-receipts-latest.io", StringComparison.Ordinal))[0].Content;
        string answer = System.Text.Encoding.UTF8.GetString(exchange).Split('\n').First(line => line.StartsWith("<<", StringComparison.Ordinal))[3..];
        ImmutableArray<Receipt> receipts =
            [.. JsonDocument.Parse(answer).RootElement.GetProperty("result").EnumerateArray().Select(ReceiptOf)];
        ForeignBlock latest = Blocks().MaxBy(block => block.Number)!;
        Assert.Contains(receipts, receipt => receipt.Logs.Length > 0);
        Assert.Equal(latest.ReceiptsRoot, TrieRoot.OfIndexed([.. receipts.Select(one => one.EncodeConsensus())]));
        Assert.Equal(latest.Bloom, Bloom.Union(receipts.Select(one => one.Bloom)).Span.ToArray());
    }

    private static Receipt ReceiptOf(JsonElement json)
    {
        ImmutableArray<LogEntry> logs =
        [
            .. json.GetProperty("logs").EnumerateArray().Select(log => new LogEntry(
                Address.Parse(log.GetProperty("address").GetString()),
                [.. log.GetProperty("topics").EnumerateArray().Select(topic => Hash256.Parse(topic.GetString()))],
                Hex.Decode(log.GetProperty("data").GetString()))),
        ];
        return new Receipt(
            (TxType)Number(json, "type"), Number(json, "status") == 1, Number(json, "cumulativeGasUsed"),
            Number(json, "gasUsed"), Bloom.Of(logs), logs, null, UInt256.Zero);
    }

    private static ulong Number(JsonElement json, string name) => (ulong)UInt256.Parse(json.GetProperty(name).GetString());

    private static List<ForeignBlock> Blocks()
    {
        byte[] chain = PublicArchive.Read(Archive, name => name.EndsWith("chain.rlp", StringComparison.Ordinal))[0].Content;
        List<ForeignBlock> blocks = [];
        RlpReader file = new(chain);
        while (!file.AtEnd)
        {
            Assert.True(file.TryReadList(out RlpReader block));
            Assert.True(block.TryReadList(out RlpReader header));
            List<byte[]> fields = [];
            while (!header.AtEnd)
            {
                Assert.True(header.TryReadBytes(out ReadOnlySpan<byte> field));
                fields.Add(field.ToArray());
            }
            Assert.True(block.TryReadList(out RlpReader body));
            ImmutableArray<byte[]>.Builder envelopes = ImmutableArray.CreateBuilder<byte[]>();
            while (!body.AtEnd)
            {
                Assert.True(body.TryPeekIsList(out bool isLegacy));
                Assert.True(isLegacy ? body.TryReadRaw(out ReadOnlySpan<byte> item) : body.TryReadBytes(out item));
                envelopes.Add(item.ToArray());
            }
            blocks.Add(new ForeignBlock(
                (ulong)UInt256.FromBigEndian(fields[8]), Hash256.FromBytes(fields[4]), Hash256.FromBytes(fields[5]),
                fields[6], (ulong)UInt256.FromBigEndian(fields[9]), (ulong)UInt256.FromBigEndian(fields[10]),
                fields.Count > 15 ? UInt256.FromBigEndian(fields[15]) : null, envelopes.ToImmutable()));
        }
        return blocks;
    }
}
