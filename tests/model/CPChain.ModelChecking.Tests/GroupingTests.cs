using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking.Tests;

/// <summary>Delivering messages in groups loses nothing that single messages can bring about.</summary>
public sealed class GroupingTests
{
    [Theory]
    [InlineData(VoteClass.Prepare)]
    [InlineData(VoteClass.Commit)]
    public void Single_deliveries_reach_what_groups_reach_and_nothing_else(VoteClass votes)
    {
        GroupingReport single = GroupingCheck.Run(Small, votes);
        TestContext.Current.TestOutputHelper?.WriteLine($"{votes}: {single}");

        Assert.Null(single.Missing);
        Assert.True(single.IsEqual, "Groups reach clusters that single messages do not.");
    }

    // The check notices a group that is not offered.
    [Theory]
    [InlineData(MoveKind.Prepares)]
    [InlineData(MoveKind.Wishes)]
    [InlineData(MoveKind.Body)]
    [InlineData(MoveKind.Timer)]
    public void A_group_that_is_left_out_is_missed(MoveKind kind) =>
        Assert.NotNull(GroupingCheck.Run(Small, VoteClass.Prepare, move => move.Kind != kind).Missing);

    private static Model Small { get; } =
        new(CommitteeSize.Of(4), Byzantine: 1, RoundMax: 1, Blocks: 1, RoundEntry.ByWishes, LbftRules.Certified);
}
