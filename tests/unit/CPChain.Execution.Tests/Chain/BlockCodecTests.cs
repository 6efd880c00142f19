using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;
using CPChain.Types.Rlp;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Execution.Tests.Chain;

/// <summary>Rules C2 to C4: the encodings of header and block.</summary>
public sealed class BlockCodecTests
{
    private static readonly BlockLimits Limits = BlockLimits.Default;

    [Fact]
    public void C3_a_header_that_stands_for_a_foreign_one_is_none_of_this_chain()
    {
        BlockHeader own = new() { Number = 7, GasLimit = 30_000_000 };
        BlockHeader standing = own.StandingFor(Hash256.FromUInt256(0xf0UL));
        Assert.Equal(Hash256.FromUInt256(0xf0UL), standing.Hash);
        Assert.NotEqual(own, standing);
        // Its bytes and every copy are those of this chain's header again.
        Assert.True(BlockHeader.TryDecode(standing.Encode(), out BlockHeader? read, out _));
        Assert.Equal(own, read);
        Assert.Equal(own, standing with { Number = 7 });
    }

    [Fact]
    public void C2_a_block_survives_the_round_trip_byte_for_byte()
    {
        Block block = Samples.FullBlock();
        byte[] encoded = block.Encode();
        Assert.True(Block.TryDecode(encoded, Limits, out Block? read, out BlockFault fault), fault.ToString());
        Assert.Equal(block, read);
        Assert.Equal(block.Hash, read.Hash);
        Assert.Equal(encoded, read.Encode());
        Assert.Equal(4, read.Transactions.Select(one => one.Type).Distinct().Count());
    }

    [Fact]
    public void C3_an_impeach_block_has_no_seal_and_survives_the_round_trip()
    {
        TestChain chain = new();
        Block block = ImpeachBlock.Create(chain.Head, chain.State, chain.Rules).Block;
        Assert.True(block.IsImpeach);
        Assert.True(Block.TryDecode(block.Encode(), Limits, out Block? read, out _));
        Assert.Null(read.Seal);
        Assert.Equal(block, read);
    }

    [Theory]
    [InlineData("wire/header-v1.hex")]
    public void C2_a_header_of_version_1_decodes_for_ever(string path)
    {
        byte[] encoded = Fixtures.Bytes(path);
        Assert.True(BlockHeader.TryDecode(encoded, out BlockHeader? header, out BlockFault fault), fault.ToString());
        Assert.Equal(encoded, header.Encode());
        Assert.Equal(Samples.FullBlock().Header, header);
    }

    [Fact]
    public void C2_a_block_of_version_1_decodes_for_ever()
    {
        byte[] encoded = Fixtures.Bytes("wire/block-v1.hex");
        Assert.True(Block.TryDecode(encoded, Limits, out Block? block, out BlockFault fault), fault.ToString());
        Assert.Equal(encoded, block.Encode());
        Assert.Equal(Samples.FullBlock(), block);
    }

    [Fact]
    public void C2_an_unknown_version_is_refused_by_name()
    {
        Block block = Samples.FullBlock();
        Assert.False(Block.TryDecode(BlockOfVersion(2, block), Limits, out _, out BlockFault ofBlock));
        Assert.Equal(BlockFaultKind.UnknownVersion, ofBlock.Kind);
        Assert.Contains("block version 2", ofBlock.ToString(), StringComparison.Ordinal);
        BlockHeader newer = block.Header with { Version = 3 };
        Assert.False(BlockHeader.TryDecode(newer.Encode(), out _, out BlockFault ofHeader));
        Assert.Equal(BlockFaultKind.UnknownVersion, ofHeader.Kind);
        Assert.Contains("header version 3", ofHeader.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void C4_bytes_and_transactions_are_bounded_before_they_are_read()
    {
        Block block = Samples.FullBlock();
        byte[] encoded = block.Encode();
        Refuses(encoded, Limits with { BytesMax = encoded.Length - 1 }, BlockFaultKind.TooLarge);
        Refuses(encoded, Limits with { TransactionsMax = 3 }, BlockFaultKind.TooManyTransactions);
        Refuses(encoded, Limits with { TransactionBytesMax = 100 }, BlockFaultKind.TransactionMalformed);
    }

    [Fact]
    public void C2_trailing_bytes_and_a_wrapped_legacy_transaction_are_refused()
    {
        Block block = Samples.FullBlock();
        Refuses([.. block.Encode(), 0], Limits, BlockFaultKind.Malformed);
        Assert.False(BlockHeader.TryDecode([.. block.Header.Encode(), 0], out _, out _));
        RlpWriter writer = new();
        writer.BeginList();
        writer.WriteUlong(1);
        writer.WriteRaw(block.Header.Encode());
        writer.WriteBytes(block.Seal!.Value.ToArray());
        writer.BeginList();
        writer.WriteBytes(block.Transactions.First(one => one.Type == TxType.Legacy).Encode());
        writer.EndList();
        writer.EndList();
        Refuses(writer.ToArray(), Limits, BlockFaultKind.TransactionMalformed);
    }

    [Fact]
    public void C2_damaged_bytes_give_a_fault_or_another_block_and_never_an_exception()
    {
        byte[] encoded = Samples.FullBlock().Encode();
        Prop.ForAll(
            Gen.Choose(0, encoded.Length - 1).Zip(Gen.Choose(1, 255)).ToArbitrary(),
            change =>
            {
                byte[] damaged = [.. encoded];
                damaged[change.Item1] ^= (byte)change.Item2;
                bool read = Block.TryDecode(damaged, Limits, out Block? block, out BlockFault fault);
                return read ? block!.Encode().AsSpan().SequenceEqual(damaged) : !fault.IsNone;
            }).QuickCheckThrowOnFailure();
        for (int length = 0; length < encoded.Length; length += 7)
            Assert.False(Block.TryDecode(encoded.AsSpan(0, length), Limits, out _, out _));
    }

    [Fact]
    public void C3_every_field_enters_the_hash_and_a_copy_hashes_anew()
    {
        BlockHeader header = Samples.FullBlock().Header;
        Hash256 one = Hash256.FromUInt256(1UL);
        BlockHeader[] changed =
        [
            header with { Version = 2 },
            header with { ParentHash = one },
            header with { Coinbase = Address.FromUInt256(1UL) },
            header with { StateRoot = one },
            header with { TransactionsRoot = one },
            header with { ReceiptsRoot = one },
            header with { LogsBloom = Bloom.Of([new LogEntry(default, [], default)]) },
            header with { Number = header.Number + 1 },
            header with { GasLimit = header.GasLimit + 1 },
            header with { GasUsed = header.GasUsed + 1 },
            header with { TimestampMs = header.TimestampMs + 1 },
            header with { BaseFeePerGas = header.BaseFeePerGas + 1UL },
            header with { NextValidatorsHash = one },
            header with { Extra = new byte[] { 1 } },
        ];
        Assert.Equal(changed.Length + 1, changed.Append(header).Select(one => one.Hash).Distinct().Count());
        Assert.Equal(Keccak256.Hash(header.Encode()), header.Hash);
    }

    [Fact]
    public void C11_stored_receipts_survive_the_round_trip()
    {
        Receipt receipt = new(
            TxType.FeeMarket, true, 90_000, 60_000, Bloom.Of([Samples.Log]), [Samples.Log],
            Address.FromUInt256(7UL), Units.Gwei);
        Assert.True(Receipt.TryDecodeStored(receipt.EncodeStored(), out Receipt? read));
        Assert.Equal(receipt, read);
        Assert.False(Receipt.TryDecodeStored(receipt.EncodeStored().AsSpan(1), out _));
    }

    private static void Refuses(byte[] encoded, BlockLimits limits, BlockFaultKind kind)
    {
        Assert.False(Block.TryDecode(encoded, limits, out Block? block, out BlockFault fault));
        Assert.Null(block);
        Assert.Equal(kind, fault.Kind);
    }

    private static byte[] BlockOfVersion(ulong version, Block block)
    {
        RlpWriter writer = new();
        writer.BeginList();
        writer.WriteUlong(version);
        writer.WriteRaw(block.Header.Encode());
        writer.WriteBytes(block.Seal!.Value.ToArray());
        writer.BeginList();
        writer.EndList();
        writer.EndList();
        return writer.ToArray();
    }
}
