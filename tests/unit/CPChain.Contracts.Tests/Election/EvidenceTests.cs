using CPChain.Contracts.Tests.Pools;
using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Election;

/// <summary>Evidence and slashing: D16, W18, W21.</summary>
public sealed class EvidenceTests
{
    private const ulong TwoVotes = 1, TwoSeals = 4;
    private static readonly Address s_node = Actor(1), s_reporter = Actor(2);

    [Fact]
    public void D16_two_seals_cost_half_the_deposit_a_twentieth_of_it_to_the_reporter_the_rest_to_the_reserve()
    {
        using EconomyWorld world = Ready(Cpc(500_000));
        Done proven = Report(world, s_node, world.Number - 1, TwoSeals);
        Assert.Equal(Cpc(250_000), (UInt256)proven.Values[0]);
        Assert.Equal(Cpc(250_000), world.Uint(Sys.RNodePool, "depositOf", s_node));
        Assert.True(RNodePoolTests.IsRNode(world, s_node));
        Assert.True(world.Send(s_reporter, Sys.Evidence, "withdraw").Success);
        Assert.Equal(Cpc(12_500), world.Balance(s_reporter));
        Assert.Equal(Cpc(400_000_000 + 237_500), world.Balance(Sys.Reserve.Address));
        Assert.Equal(UInt256.Zero, world.Balance(Sys.Evidence.Address));
        Assert.Equal(UInt256.One, world.Uint(Sys.Evidence, "faultsOf", s_node));
    }

    [Fact]
    public void D16_2_who_falls_below_the_deposit_is_no_RNode_and_gets_the_rest_by_the_rules_of_all()
    {
        using EconomyWorld world = Ready(Cpc(200_000));
        RNodePoolTests.Join(world, Actor(3));
        world.Elect(s_node, world.Term + 1);
        ulong last = world.Term + 1;
        Assert.True(Report(world, s_node, world.Number - 1, TwoSeals).Success);
        Assert.False(RNodePoolTests.IsRNode(world, s_node));
        Assert.True(RNodePoolTests.IsRNode(world, Actor(3)));
        Assert.Equal(UInt256.One, world.Uint(Sys.RNodePool, "count"));
        world.Fund(s_node, Cpc(200_000));
        Assert.Equal("AlreadyJoined()", world.Pay(s_node, Cpc(200_000), Sys.RNodePool, "join", 1U).Reason);
        world.AtTerm(last + 2);
        world.At(Math.Max(world.Now, Origin + 100 * Day));
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
        Assert.Equal(Cpc(100_000), world.Uint(Sys.RNodePool, "owed", s_node));
        Assert.Equal(UInt256.One, world.Uint(Sys.RNodePool, "count"));
        Assert.True(world.Pay(s_node, Cpc(200_000), Sys.RNodePool, "join", 1U).Success);
    }

    [Fact]
    public void D16_1_a_fault_of_one_number_is_punished_once_however_often_and_by_whomever_it_is_brought()
    {
        using EconomyWorld world = Ready(Cpc(800_000));
        ulong number = world.Number - 1;
        Assert.True(Report(world, s_node, number, TwoSeals).Success);
        Assert.Equal("PunishedAlready()", Report(world, s_node, number, TwoSeals).Reason);
        Assert.Equal("PunishedAlready()", Report(world, s_node, number, TwoVotes).Reason);
        Assert.Equal(Cpc(400_000), world.Uint(Sys.RNodePool, "depositOf", s_node));
        Assert.True(Report(world, s_node, number - 1, TwoSeals).Success);
        // What remains is the least deposit exactly: still an RNode, and one fault later none.
        Assert.Equal(Cpc(200_000), world.Uint(Sys.RNodePool, "depositOf", s_node));
        Assert.True(RNodePoolTests.IsRNode(world, s_node));
        Assert.True(Report(world, s_node, number - 2, TwoSeals).Success);
        Assert.False(RNodePoolTests.IsRNode(world, s_node));
    }

    [Fact]
    public void D16_1_evidence_counts_in_its_term_and_the_next_and_not_a_block_longer()
    {
        using EconomyWorld world = Ready(Cpc(800_000));
        ulong term = world.Term, first = term * TermBlocks + 1;
        world.AtBlock((term + 2) * TermBlocks);
        Assert.True(Report(world, s_node, first, TwoSeals).Success);
        world.AtTerm(term + 2);
        Assert.Equal($"TooOld({term})", Report(world, s_node, first + 1, TwoSeals).Reason);
        Assert.Equal($"TooOld({term})", Report(world, s_node, (term + 1) * TermBlocks, TwoSeals).Reason);
        Assert.True(Report(world, s_node, (term + 1) * TermBlocks + 1, TwoSeals).Success);
    }

    [Fact]
    public void D16_the_deposit_is_there_as_long_as_evidence_of_the_last_elected_term_counts()
    {
        using EconomyWorld world = Ready(Cpc(200_000));
        ulong last = world.Term + 1;
        world.Elect(s_node, last);
        world.AtBlock((last + 2) * TermBlocks - 1);
        world.At(world.Now + 100 * Minute);
        Assert.Equal($"AtRiskForEvidence({last + 1})", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        Assert.Equal(Cpc(100_000), (UInt256)Report(world, s_node, (last + 1) * TermBlocks, TwoSeals).Values[0]);
    }

    [Fact]
    public void A_number_that_has_not_come_yet_is_refused()
    {
        using EconomyWorld world = Ready(Cpc(200_000));
        Assert.Equal($"NumberAhead({world.Number + 1})", Report(world, s_node, world.Number + 1, TwoSeals).Reason);
        Assert.True(Report(world, s_node, world.Number, TwoSeals).Success);
    }

    [Fact]
    public void D16_2_a_validators_fault_is_recorded_and_takes_nobodys_deposit()
    {
        using EconomyWorld world = Ready(Cpc(200_000));
        Assert.Equal(UInt256.Zero, (UInt256)Report(world, Validators[1], world.Number - 1, TwoVotes).Values[0]);
        Assert.Equal(UInt256.One, world.Uint(Sys.Evidence, "faultsOf", Validators[1]));
        Assert.Equal(UInt256.Zero, (UInt256)Report(world, s_node, world.Number - 1, TwoVotes).Values[0]);
        Assert.Equal(Cpc(200_000), world.Uint(Sys.RNodePool, "depositOf", s_node));
        Assert.Equal(UInt256.Zero, (UInt256)Report(world, Actor(9), world.Number - 1, TwoSeals).Values[0]);
    }

    [Fact]
    public void A_proof_that_proves_nothing_or_is_malformed_is_refused()
    {
        using EconomyWorld world = Ready(Cpc(200_000));
        byte[] good = Verifiers.EvidenceProof(s_node, 3UL, TwoSeals);
        byte[] forged = [.. good];
        forged[31] ^= 1;
        foreach (byte[] proof in new[]
        {
            [], good[..^1], [.. good, (byte)0], forged, Verifiers.EvidenceProof(Address.Zero, 3UL, TwoSeals),
            Verifiers.EvidenceProof(s_node, 3UL, 0UL), Verifiers.EvidenceProof(s_node, 3UL, 6UL), Verifiers.EvidenceProof(s_node, 3UL, UInt256.MaxValue),
        })
            Assert.Equal("ProofWrong()", world.Send(s_reporter, Sys.Evidence, "report", proof).Reason);
        Assert.Equal("ProofTooLong(4096)", world.Send(s_reporter, Sys.Evidence, "report", new byte[4_097]).Reason);
        Assert.Equal($"NumberAhead({UInt256.MaxValue})", world.Send(s_reporter, Sys.Evidence, "report", Verifiers.EvidenceProof(s_node, UInt256.MaxValue, TwoSeals)).Reason);
        world.SetCode(Sys.EvidenceVerifier, []);
        Assert.Equal($"VerifierMissing({Sys.EvidenceVerifier})", world.Send(s_reporter, Sys.Evidence, "report", good).Reason);
    }

    [Fact]
    public void Nobody_slashes_or_pays_around_the_evidence()
    {
        using EconomyWorld world = Ready(Cpc(200_000));
        foreach (Address who in new[] { s_reporter, Sys.Governance.Address, Sys.Step })
        {
            Assert.Equal("OnlyEvidence()", world.Send(who, Sys.RNodePool, "slash", s_node, Cpc(1)).Reason);
            Assert.Equal("OnlyRNodePool()", world.Send(who, Sys.Evidence, "take").Reason);
        }
    }

    private static EconomyWorld Ready(UInt256 deposit)
    {
        EconomyWorld world = new();
        world.AtTerm(1);
        RNodePoolTests.Join(world, s_node, deposit);
        return world;
    }

    private static Done Report(EconomyWorld world, Address accused, ulong number, ulong offence) =>
        world.Send(s_reporter, Sys.Evidence, "report", Verifiers.EvidenceProof(accused, number, offence));
}
