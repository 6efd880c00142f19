using CPChain.Simulation.Nodes;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Tests.Nodes;

/// <summary>Whole nodes that elect their proposers and change their validators by contract (specs/dpor), under faults.</summary>
public sealed class ElectionWorldTests(ITestOutputHelper output)
{
    [Fact]
    public void D8_D17_worlds_with_elections_break_nothing_and_get_on_when_healed()
    {
        NodesTotals totals = NodesCampaign.Run(
            1, 12, new NodesSettings { HasElections = true }, jobs: Math.Min(2, Environment.ProcessorCount), progress: null,
            TestContext.Current.CancellationToken);

        output.WriteLine($"{totals.Heights} heights, {totals.ElectedBlocks} by elected proposers, {totals.ImpeachBlocks} impeached, {totals.Checkpoints}");
        Assert.True(totals.FirstFailingSeed is null, string.Join('\n', totals.Failures.SelectMany(bad => bad.Violations.Prepend(bad.ToString()))));
        Assert.True(totals.Heights >= 12 * 50);
        // Else nothing was put to the test: elections, and terms that end in each way there is.
        Assert.True(totals.ElectedBlocks > totals.Heights / 3);
        Assert.True(totals.Checkpoints is { Ordinary: > 0, Impeached: > 0 }, totals.Checkpoints.ToString());
    }

    [Theory]
    [InlineData(2_040)] // a claim three terms late: its maker did not find the secret again, and made no block
    [InlineData(2_059)] // the same
    public void Worlds_with_elections_that_found_a_defect_once_find_none_now(ulong seed)
    {
        NodesOutcome outcome = NodesRun.Play(seed, new NodesSettings { HasElections = true });
        Assert.True(outcome.IsGood, string.Join('\n', outcome.Violations.Prepend(outcome.ToString())));
    }

    [Fact]
    public void Equal_seeds_with_elections_are_equal_runs()
    {
        NodesSettings settings = new() { HasElections = true, Heights = 20 };
        Assert.Equal(NodesRun.Play(3, settings).TraceHash, NodesRun.Play(3, settings).TraceHash);
    }

    [Theory]
    [InlineData(BoundaryTrouble.None, false, 0)]
    [InlineData(BoundaryTrouble.ProposalIsLost, true, 1)]
    [InlineData(BoundaryTrouble.CommitsOfTwoRoundsAreLost, false, 2)]
    [InlineData(BoundaryTrouble.SetChangesWhileOneIsCutOff, false, 0)]
    public void D2_4_however_a_term_ends_all_nodes_and_a_light_verifier_have_the_same_committees(BoundaryTrouble trouble, bool isImpeached, int round)
    {
        TermBoundary boundary = ElectionRun.CrossBoundary(5, trouble);

        Assert.Empty(boundary.Violations);
        Assert.Equal((isImpeached, round), (boundary.IsImpeached, boundary.Round));
        Assert.Equal(trouble != BoundaryTrouble.SetChangesWhileOneIsCutOff, boundary.HasSameValidators);
        Assert.True(boundary.Compared > 4 * 8, $"{boundary.Compared} committees");
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

    [Fact]
    public void D16_validators_bring_two_seals_of_one_number_before_the_contract_and_half_the_deposit_is_gone()
    {
        (UInt256 deposit, UInt256 faults, IReadOnlyList<string> violations) = ElectionRun.PunishEquivocation(31);

        Assert.Empty(violations);
        Assert.Equal(ElectionPlan.Parameters.RNodeDeposit / 2UL, deposit);
        Assert.Equal(UInt256.One, faults);
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public void D10_4_early_seals_of_who_may_turn_out_to_propose_keep_no_room_from_who_does(ulong seed)
    {
        (IReadOnlyList<bool> impeached, int sent, IReadOnlyList<string> violations) = ElectionRun.SealEarly(seed, numbers: 50);

        Assert.Empty(violations);
        Assert.True(sent > 100, $"{sent} early blocks");
        Assert.Contains(true, impeached);
        for (int i = 1; i < impeached.Count; i++)
            Assert.False(impeached[i - 1] && impeached[i], $"blocks {i} and {i + 1} are impeached");
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
