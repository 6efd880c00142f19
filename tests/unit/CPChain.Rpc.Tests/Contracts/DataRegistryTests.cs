using CPChain.Crypto;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Contracts;

/// <summary>The rules of the data registry: DAT-05, DAT-08, DAT-12, DAT-19, ARC-01 and ARC-02.</summary>
public sealed class DataRegistryTests
{
    private static readonly Hash256 s_stream = Keccak256.Hash([1]);

    [Fact]
    public async Task DAT_19_the_first_registrant_owns_a_stream_and_a_manifest()
    {
        await using MarketWorld world = new();
        Assert.True(world.Registry(MarketWorld.Seller, "register", s_stream, Hash256.Zero).Success);
        Assert.StartsWith("StreamTaken", world.Registry(MarketWorld.Stranger, "register", s_stream, Hash256.Zero).Reason, StringComparison.Ordinal);
        Assert.StartsWith("NotStreamOwner", Anchor(world, MarketWorld.Stranger, s_stream, 0, 4, 1).Reason, StringComparison.Ordinal);
        Assert.True(Anchor(world, MarketWorld.Seller, s_stream, 0, 4, 1).Success);
        Assert.StartsWith("ManifestTaken", Anchor(world, MarketWorld.Seller, s_stream, 4, 4, 1).Reason, StringComparison.Ordinal);
        Assert.StartsWith("NotStreamOwner", Anchor(world, MarketWorld.Stranger, Keccak256.Hash([3]), 0, 1, 9).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DAT_19_who_anchors_anothers_manifest_in_a_stream_of_his_own_stands_in_nobodys_way()
    {
        await using MarketWorld world = new();
        Hash256 other = Keccak256.Hash([2]), manifest = ManifestOf(1);
        world.Registry(MarketWorld.Stranger, "register", other, Hash256.Zero);
        world.Registry(MarketWorld.Seller, "register", s_stream, Hash256.Zero);
        Assert.True(Anchor(world, MarketWorld.Stranger, other, 0, 9, 1, 77).Success);
        Assert.Equal(UInt256.Zero, CountOf(world, s_stream, manifest));
        Assert.True(Anchor(world, MarketWorld.Seller, s_stream, 0, 4, 1).Success);
        Assert.True(Anchor(world, MarketWorld.Seller, s_stream, 4, 1, 2).Success);
        Assert.Equal((UInt256)4UL, CountOf(world, s_stream, manifest));
        Assert.Equal((UInt256)9UL, CountOf(world, other, manifest));
        Assert.Equal((UInt256)2_000UL, (UInt256)world.RegistryView("coveredBytes", s_stream, 0UL, 4UL)[0]);
        Assert.Equal((UInt256)77UL, (UInt256)world.RegistryView("coveredBytes", other, 0UL, 8UL)[0]);
    }

    [Fact]
    public async Task DAT_08_sequence_numbers_have_no_gap_and_no_repetition()
    {
        await using MarketWorld world = new();
        world.Registry(MarketWorld.Seller, "register", s_stream, Hash256.Zero);
        Assert.Equal("WrongSequence(0, 1)", Anchor(world, MarketWorld.Seller, s_stream, 1, 4, 1).Reason);
        Assert.True(Anchor(world, MarketWorld.Seller, s_stream, 0, 4, 1).Success);
        Assert.Equal("WrongSequence(4, 0)", Anchor(world, MarketWorld.Seller, s_stream, 0, 4, 2).Reason);
        Assert.Equal("WrongSequence(4, 5)", Anchor(world, MarketWorld.Seller, s_stream, 5, 4, 2).Reason);
        Assert.Equal("EmptyRecord()", Anchor(world, MarketWorld.Seller, s_stream, 4, 0, 2).Reason);
        Assert.True(Anchor(world, MarketWorld.Seller, s_stream, 4, 1, 2).Success);
    }

    [Fact]
    public async Task DAT_12_one_record_vouches_for_all_its_blocks_and_is_found_by_each()
    {
        await using MarketWorld world = new();
        world.Registry(MarketWorld.Seller, "register", s_stream, Hash256.Zero);
        uint[] counts = [4, 1, 7, 2, 64, 3];
        ulong seq = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            Assert.True(Anchor(world, MarketWorld.Seller, s_stream, seq, counts[i], (byte)(i + 1), 100).Success);
            seq += counts[i];
        }
        ulong at = 0;
        for (uint i = 0; i < counts.Length; i++)
        {
            for (uint k = 0; k < counts[i]; k++, at++)
                Assert.Equal((UInt256)i, (UInt256)world.RegistryView("indexOf", s_stream, at)[0]);
        }
        Assert.Equal((UInt256)300UL, (UInt256)world.RegistryView("coveredBytes", s_stream, 4UL, 12UL)[0]);
        Assert.Equal((UInt256)100UL, (UInt256)world.RegistryView("coveredBytes", s_stream, 1UL, 2UL)[0]);
        object[] record = (object[])world.RegistryView("recordAt", s_stream, 2U)[1];
        Assert.Equal((UInt256)5UL, (UInt256)record[0]);
        Assert.Equal((UInt256)7UL, (UInt256)record[1]);
    }

    [Fact]
    public async Task ARC_02_a_record_costs_the_same_for_a_kilobyte_and_for_a_terabyte()
    {
        await using MarketWorld world = new();
        world.Registry(MarketWorld.Seller, "register", s_stream, Hash256.Zero);
        Anchor(world, MarketWorld.Seller, s_stream, 0, 1, 1);
        ulong small = Anchor(world, MarketWorld.Seller, s_stream, 1, 200, 2, 0x0101).GasUsed;
        ulong large = Anchor(world, MarketWorld.Seller, s_stream, 201, 200, 3, 0x0101_0101_0101).GasUsed;
        // Only the non-zero bytes of the number itself cost more.
        Assert.InRange(large, small, small + 300);
        Assert.True(small < 150_000, $"{small} gas");
    }

    [Fact]
    public async Task ARC_01_an_operation_leaves_a_record_of_actor_subject_and_digest()
    {
        await using MarketWorld world = new();
        Hash256 operation = DataRegistryContract.OperationId("data.store");
        Done one = world.Registry(MarketWorld.Buyer, "note", operation, s_stream, Keccak256.Hash([7]));
        ContractEvent recorded = one.Event("Recorded");
        Assert.Equal(MarketWorld.Buyer.Address, recorded.Value<Address>("actor"));
        Assert.Equal(operation.ToArray(), recorded.Value<byte[]>("operation"));
        object[] notes = [.. Enumerable.Range(0, 5).Select(i => (object)new object[] { operation, s_stream, Keccak256.Hash([(byte)i]) })];
        Assert.Equal(5, world.Registry(MarketWorld.Buyer, "noteAll", [notes]).Events.Count);
    }

    private static Done Anchor(
        MarketWorld world, PrivateKey who, Hash256 stream, ulong firstSeq, uint count, byte manifest, ulong bytes = 1_000) =>
        world.Registry(who, "anchor", stream, firstSeq, count, ManifestOf(manifest), bytes);

    private static Hash256 ManifestOf(byte number) => Keccak256.Hash([number, 0xaa]);

    private static UInt256 CountOf(MarketWorld world, Hash256 stream, Hash256 manifest) =>
        (UInt256)((object[])world.RegistryView("recordOf", stream, manifest)[0])[1];
}
