using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Consensus.Tests;

public sealed class WireFormTests
{
    [Fact]
    public void W8_forms_survive_their_own_bytes()
    {
        ChainStatus status = new(7, Keccak256.Hash("x"u8));
        Assert.True(ChainStatus.TryDecode(status.Encode(), out ChainStatus readStatus));
        Assert.Equal(status, readStatus);

        BlockRangeQuery query = new(9, ChainMessages.RangeBlocksMax);
        Assert.True(BlockRangeQuery.TryDecode(query.Encode(), out BlockRangeQuery readQuery));
        Assert.Equal(query, readQuery);

        Hash256[] hashes = [Keccak256.Hash("a"u8), Keccak256.Hash("b"u8)];
        Assert.True(HashList.TryDecode(HashList.Encode(hashes), out List<Hash256> readHashes));
        Assert.Equal(hashes, readHashes);

        Assert.True(BlockRangeAnswer.TryDecode(BlockRangeAnswer.Encode([([1, 2], [3]), ([], [4, 5])]), out var blocks));
        Assert.Equal(2, blocks.Count);
        Assert.Equal([4, 5], blocks[1].Certificate.ToArray());
    }

    [Fact]
    public void W8_random_bytes_are_refused_or_read_and_never_throw() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        noise =>
        {
            byte[] versioned = [1, .. noise];
            foreach (byte[] bytes in (byte[][])[noise, versioned])
            {
                ChainStatus.TryDecode(bytes, out _);
                BlockRangeQuery.TryDecode(bytes, out _);
                BlockRangeAnswer.TryDecode(bytes, out _);
                HashList.TryDecode(bytes, out _);
                TransactionList.TryDecode(bytes, BlockLimits.Default, out _);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public void W8_a_range_out_of_bounds_is_refused(int count) =>
        Assert.False(BlockRangeQuery.TryDecode(new BlockRangeQuery(1, count).Encode(), out _));
}
