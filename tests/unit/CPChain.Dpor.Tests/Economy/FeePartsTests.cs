using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Economy;

/// <summary>D11.2 and D4.2.</summary>
public sealed class FeePartsTests
{
    [Fact]
    public void A_thousand_units_are_60_10_20_10_per_cent() =>
        Assert.Equal(new FeeParts(600, 25, 200, 100), FeeParts.Of(FeeShares.Default, 1_000, 4));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(999)]
    public void What_rounding_leaves_is_the_proposers(ulong fees)
    {
        FeeParts parts = FeeParts.Of(FeeShares.Default, fees, 7);
        Assert.Equal((UInt256)fees, parts.Proposer + parts.EachValidator * 7UL + parts.Foundation + parts.Reserve);
        Assert.Equal((UInt256)(fees * 200 / 1000), parts.Foundation);
        Assert.Equal((UInt256)(fees * 100 / 1000 / 7), parts.EachValidator);
    }

    [Fact]
    public void Parts_are_the_whole_for_any_shares_and_amount()
    {
        SeededRandom random = new(2);
        for (int i = 0; i < 2_000; i++)
        {
            int foundation = random.Below(400);
            int reserve = random.Below(400);
            int validators = random.Below(200);
            FeeShares shares = new(1000 - foundation - reserve - validators, validators, foundation, reserve);
            int members = 1 + random.Below(64);
            UInt256 fees = new(random.Next(), random.Next() & uint.MaxValue);
            FeeParts parts = FeeParts.Of(shares, fees, members);
            Assert.Equal(fees, parts.Proposer + parts.EachValidator * (ulong)members + parts.Foundation + parts.Reserve);
            Assert.True(FeeParts.Lost(shares, fees) <= parts.Foundation + parts.Reserve + UInt256.One);
        }
    }

    [Fact]
    public void The_lost_parts_of_single_fees_are_never_more_than_those_of_the_block()
    {
        UInt256 single = UInt256.Zero;
        for (ulong fee = 1; fee < 50; fee++)
            single += FeeParts.Lost(FeeShares.Default, fee);
        FeeParts block = FeeParts.Of(FeeShares.Default, 49 * 50 / 2, 4);
        Assert.True(single <= block.Foundation + block.Reserve);
    }
}
