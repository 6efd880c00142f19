using CPChain.Types;

namespace CPChain.Dpor.Tests.Economy;

/// <summary>D11.1: table 1.1 of the paper, to the unit.</summary>
public sealed class ErasTests
{
    private static readonly DporParameters Main = DporParameters.Main;

    [Theory]
    [InlineData(0UL, "0")]
    [InlineData(1UL, "12.65")]
    [InlineData(3_162_239UL, "12.65")]
    [InlineData(3_162_240UL, "12.65")]
    [InlineData(3_162_241UL, "9.51")]
    [InlineData(6_315_840UL, "9.51")]
    [InlineData(6_315_841UL, "7.13")]
    [InlineData(9_469_440UL, "7.13")]
    [InlineData(9_469_441UL, "5.39")]
    [InlineData(12_623_040UL, "5.39")]
    [InlineData(12_623_041UL, "4.03")]
    [InlineData(15_785_280UL, "4.03")]
    [InlineData(15_785_281UL, "0")]
    [InlineData(ulong.MaxValue, "0")]
    public void The_reward_changes_with_the_first_number_of_an_era(ulong number, string cpc) =>
        Assert.Equal(Amount(cpc), Eras.RewardOf(Main, number));

    [Theory]
    [InlineData(3_162_240UL, "40002336")]
    [InlineData(6_315_840UL, "69993072")]
    [InlineData(9_469_440UL, "92478240")]
    [InlineData(12_623_040UL, "109476144")]
    [InlineData(15_785_280UL, "122219971.2")]
    [InlineData(18_938_880UL, "122219971.2")]
    public void Six_years_reproduce_the_table_to_the_unit(ulong number, string cpc) =>
        Assert.Equal(Amount(cpc), Eras.SupplyThrough(Main, number));

    [Fact]
    public void Supply_is_the_sum_of_rewards_block_by_block_over_scaled_eras()
    {
        UInt256 sum = UInt256.Zero;
        for (ulong number = 0; number <= 400; number++)
        {
            sum += Eras.RewardOf(Fixture.Short, number);
            Assert.Equal(sum, Eras.SupplyThrough(Fixture.Short, number));
        }
    }

    [Fact]
    public void Six_years_term_by_term_are_the_sum_too()
    {
        // Each era of the paper ends with a term, so a term has one reward.
        UInt256 sum = UInt256.Zero;
        for (ulong term = 0; term < 18_938_880 / 36; term++)
        {
            UInt256 reward = Eras.RewardOf(Main, Main.Terms.FirstOf(term));
            Assert.Equal(reward, Eras.RewardOf(Main, Main.Terms.CheckpointOf(term)));
            sum += reward * 36UL;
        }
        Assert.Equal(Amount("122219971.2"), sum);
    }

    private static UInt256 Amount(string cpc)
    {
        Assert.True(Units.TryParseCpc(cpc, out UInt256 units));
        return units;
    }
}
