using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Simulation.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Tests.Dpor;

/// <summary>Counters and block data agree on every committee, and the comparison notices when they should not.</summary>
public sealed class DporSimulationTests
{
    private static readonly DporSimulationRequest Small = new(Terms: 25, RNodes: 40, Seed: 3, Elections: 20_000, CoalitionPercent: 25);

    [Fact]
    public void Every_committee_is_the_same_from_counters_and_from_blocks()
    {
        DporReport report = DporSimulation.Run(Small, static _ => { }, CancellationToken.None);
        Assert.Null(report.Disagreement);
        Assert.True(report.Passed);
        Assert.True(report.SupplyConserved);
        Assert.Equal(25UL * 36, report.Blocks);
        Assert.InRange(report.ElectedSeats, 200, 25 * 12 - 36);
        Assert.True(report.Impeached > 0);
        Assert.True(report.InclusionWorst < 4);
        Assert.Equal(0.25, report.LowShare, 6);
        Assert.InRange(report.GrindingBias, 0.005, report.GrindingBound + 4 * report.GrindingError);
    }

    [Fact]
    public void Equal_seeds_give_equal_runs_and_others_do_not()
    {
        DporSimulationRequest few = Small with { Terms = 8, Elections = 1_000 };
        string Digest(ulong seed) => DporSimulation.Run(few with { Seed = seed }, static _ => { }, CancellationToken.None).Digest;
        Assert.Equal(Digest(5), Digest(5));
        Assert.NotEqual(Digest(5), Digest(6));
    }

    public static TheoryData<string, DporParameters> Wrong => new()
    {
        { "window", DporParameters.Main with { Window = 2 } },
        { "sends", DporParameters.Main with { SendsMax = 1 } },
        { "points", DporParameters.Main with { Points = new DeedPoints(30, 30, 70, 70, 100) } },
        { "penalty", DporParameters.Main with { PenaltyLimit = 4 } },
        { "fees", DporParameters.Main with { Fees = new FeeShares(500, 100, 300, 100) } },
        { "hand over", DporParameters.Main with { HandOverAfter = 1 } },
        { "low seats", DporParameters.Main with { LowSeats = 2 } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_verifier_with_another_rule_disagrees(string rule, DporParameters wrong)
    {
        SimulatedNetwork network = new(DporParameters.Main, 40, 3);
        BlockDataVerifier verifier = new(wrong, network.Genesis);
        bool differs = false;
        for (ulong n = 1; n <= 36 * 25 && !differs; n++)
        {
            verifier.Read(network.Next());
            ulong term = (n - 1) / 36;
            differs = verifier.Fault is not null
                || (n % 36 == 0 && !network.CommitteeOf(term + 2).Equals(verifier.CommitteeOf(term + 2)));
        }
        Assert.True(differs, rule);
    }

    [Fact]
    public void A_wrong_proposer_and_a_wrong_reveal_are_refused_by_number()
    {
        foreach (Func<RecordedBlock, RecordedBlock> forge in (Func<RecordedBlock, RecordedBlock>[])
            [
                static block => block with { Coinbase = SystemContracts.Reserve },
                static block => block with { Extra = Hash256.FromUInt256(1) },
            ])
        {
            SimulatedNetwork network = new(DporParameters.Main, 40, 3);
            BlockDataVerifier verifier = new(DporParameters.Main, network.Genesis);
            ImmutableArray<RecordedBlock> blocks = [.. Enumerable.Range(0, 36 * 7).Select(_ => network.Next())];
            RecordedBlock forged = blocks.Last(static block => !block.IsImpeach);
            foreach (RecordedBlock block in blocks)
                verifier.Read(block == forged ? forge(block) : block);
            Assert.StartsWith($"block {forged.Number} ", verifier.Fault, StringComparison.Ordinal);
        }
    }
}
