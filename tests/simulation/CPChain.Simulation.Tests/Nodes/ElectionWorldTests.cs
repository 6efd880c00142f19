using CPChain.Simulation.Nodes;
using CPChain.Simulation.Nodes.World;

namespace CPChain.Simulation.Tests.Nodes;

/// <summary>Whole nodes that elect their proposers and change their validators by contract (specs/dpor), under faults.</summary>
public sealed class ElectionWorldTests(ITestOutputHelper output)
{
    [Fact]
    public void D8_D17_worlds_with_elections_break_nothing_and_get_on_when_healed()
    {
        NodesTotals totals = NodesCampaign.Run(
            1, 24, new NodesSettings { HasElections = true }, jobs: Math.Min(2, Environment.ProcessorCount), progress: null,
            TestContext.Current.CancellationToken);

        output.WriteLine($"{totals.Heights} heights, {totals.ElectedBlocks} by elected proposers, {totals.ImpeachBlocks} impeached, {totals.Checkpoints}");
        Assert.True(totals.FirstFailingSeed is null, string.Join('\n', totals.Failures.SelectMany(bad => bad.Violations.Prepend(bad.ToString()))));
        Assert.True(totals.Heights >= 24 * 50);
        // Else nothing was put to the test: elections, and terms that end in each way there is.
        Assert.True(totals.ElectedBlocks > totals.Heights / 3);
        Assert.True(totals.Checkpoints is { Ordinary: > 0, Late: > 0, Impeached: > 0 }, totals.Checkpoints.ToString());
    }

    [Fact]
    public void Equal_seeds_with_elections_are_equal_runs()
    {
        NodesSettings settings = new() { HasElections = true, Heights = 20 };
        Assert.Equal(NodesRun.Play(3, settings).TraceHash, NodesRun.Play(3, settings).TraceHash);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void L6_D6_5_a_killed_elected_proposer_is_impeached_three_delays_after_T0_and_loses_reputation(ulong seed)
    {
        DeadProposers dead = ElectionRun.KillElected(seed, dying: 1, numbers: 24);

        Assert.Empty(dead.Violations);
        Assert.Contains(dead.Numbers, static number => number.IsImpeach);
        long delays = 3 * VirtualTime.FromMs((long)WorldPlan.Times.DelayMs);
        foreach ((ulong number, bool isElected, bool isImpeach, long afterT0) in dead.Numbers)
        {
            Assert.True(isElected || !isImpeach, $"default proposer's block {number} is impeached");
            Assert.True(!isImpeach || afterT0 <= delays, $"impeach block {number} came {afterT0} us after T0");
        }
        Assert.Equal(dead.Numbers.Count(static number => number.IsImpeach), dead.Penalties[0]);
        Assert.Equal(0, dead.Penalties[1]);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void D10_4_with_every_elected_proposer_dead_every_second_block_is_ordinary_and_payments_get_in(ulong seed)
    {
        DeadProposers dead = ElectionRun.KillElected(seed, dying: 2, numbers: 30);

        Assert.Empty(dead.Violations);
        Assert.Contains(dead.Numbers, static number => number.IsImpeach);
        for (int i = 1; i < dead.Numbers.Count; i++)
            Assert.False(dead.Numbers[i - 1].IsImpeach && dead.Numbers[i].IsImpeach, $"{dead.Numbers[i].Number} and the number before are impeached");
        long bound = 2 * VirtualTime.FromMs((long)(WorldPlan.Times.PeriodMs + WorldPlan.Times.TimeoutMs));
        Assert.NotEmpty(dead.Waits);
        Assert.All(dead.Waits, wait => Assert.InRange(wait, 0, bound));
    }
}
