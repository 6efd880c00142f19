using CPChain.Contracts.Tests.Pools;
using CPChain.Contracts.Tests.World;
using CPChain.Crypto;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests;

/// <summary>
/// One RNode from its deposit to the last coin back, and what every call may cost. A transaction has 2^24 gas (EIP-7825), a claim
/// in the original had 2,300,000.
/// </summary>
public sealed class LifeTests
{
    private const ulong Terms = 8;

    [Fact]
    public void An_RNode_of_a_chain_with_short_terms_joins_claims_is_elected_earns_and_leaves()
    {
        using EconomyWorld world = new(genesis: Short);
        Address node = Actor(1);
        world.Fund(node, Cpc(20));
        Assert.Equal($"DepositTooSmall({Cpc(20)})", world.Pay(node, Cpc(20) - UInt256.One, Sys.RNodePool, "join", 1U).Reason);
        Assert.True(world.Pay(node, Cpc(20), Sys.RNodePool, "join", 1U).Success);

        ulong block = world.Number - 1, term = (world.Number - 1) / Terms;
        Hash256 hash = world.HashOf(block);
        object[] commitments = [Keccak256.Hash([1]), Keccak256.Hash([2]), Keccak256.Hash([3])];
        Assert.True(world.Send(node, Sys.Campaign, "claim", (byte)3, commitments,
            Verifiers.CpuNonce(node, hash, 4), block, Verifiers.MemoryNonce(node, hash, 2), block, 1U).Success);
        for (ulong list = term + 1; list <= term + 3; list++) Assert.Equal(UInt256.One, world.Uint(Sys.Campaign, "countOf", list));

        // As the end-of-block step does: the account has a seat in the first term that its lists serve, and proposes there.
        ulong served = term + 4;
        world.Elect(node, served);
        world.AtBlock(served * Terms + 3);
        Assert.Equal(Cpc(12), (UInt256)world.Send(Sys.Step, Sys.Reserve, "payBlockReward", node, Cpc(12)).Values[0]);
        Assert.Equal($"ElectedAhead({served})", world.Send(node, Sys.RNodePool, "quit").Reason);
        world.AtBlock((served + 2) * Terms);
        Assert.Equal($"AtRiskForEvidence({served + 1})", world.Send(node, Sys.RNodePool, "quit").Reason);
        Assert.True(world.Send(node, Sys.RNodePool, "quit").Success);
        Assert.True(world.Send(node, Sys.RNodePool, "withdraw").Success);
        Assert.Equal(Cpc(32), world.Balance(node));
    }

    [Fact]
    public void Seasons_of_a_chain_with_short_phases_are_the_same_rules()
    {
        using EconomyWorld world = new(genesis: Short);
        world.Fund(Actor(1), Cpc(2));
        Assert.True(world.Pay(Actor(1), Cpc(2), Sys.EconomyPool, "deposit").Success);
        world.At(Origin + 30);
        Assert.StartsWith("WrongPhase(1", world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Reason, StringComparison.Ordinal);
        world.At(Origin + 90);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Success);
        Assert.Equal(Cpc(1_250), world.Balance(Actor(1)));
        world.At(Origin + 120);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "withdraw", Cpc(2), Actor(1)).Success);
        // Season 4 lies over the end of the first year of 486 seconds; the last 6 of them accrue nothing.
        Assert.Equal(Cpc(1_250) * 114UL / 120UL, world.Uint(Sys.EconomyPool, "poolOf", 4UL));
    }

    [Fact]
    public void ARC_06_no_call_costs_more_than_its_bound_when_everything_is_as_large_as_it_may_be()
    {
        using EconomyWorld world = new();
        Address[] first = [.. Enumerable.Range(1_000, 64).Select(Actor)], second = [.. Enumerable.Range(2_000, 64).Select(Actor)];
        Assert.True(Election.ValidatorSetTests.Schedule(world, 3, first).Success);
        world.AtTerm(3);
        Cheap(Election.ValidatorSetTests.Schedule(world, 6, second), 10_000_000);
        world.AtTerm(6);
        Cheap(Election.ValidatorSetTests.Schedule(world, 9, first), 6_000_000);
        for (int i = 1; i <= 110; i++) RNodePoolTests.Join(world, Actor(i));
        world.Fund(Actor(111), Cpc(200_000));
        Cheap(world.Pay(Actor(111), Cpc(200_000), Sys.RNodePool, "join", 1U), 500_000);
        Cheap(world.Send(Actor(9), Sys.RNodePool, "page", 0, 1_000_000), 400_000);
        ulong block = world.Number - 1;
        object[] commitments = [Keccak256.Hash([1]), Keccak256.Hash([2]), Keccak256.Hash([3])];
        Cheap(world.Send(Actor(1), Sys.Campaign, "claim", (byte)3, commitments,
            Verifiers.CpuNonce(Actor(1), world.HashOf(block), 12), block, Verifiers.MemoryNonce(Actor(1), world.HashOf(block), 6), block, 1U), 500_000);
        Cheap(world.Send(Actor(9), Sys.Evidence, "report", Verifiers.EvidenceProof(Actor(1), block, 4UL)), 350_000);
        Cheap(world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(30_000), Cpc(12)), 100_000);
        EconomyPoolTests.Deposit(world, Actor(1), Cpc(20_000));
        world.At(Origin + 50 * Season);
        Cheap(world.Send(Actor(9), Sys.EconomyPool, "catchUp", Actor(1)), 6_000_000);
        world.At(Origin + 50 * Season + Raising + Locked);
        Cheap(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)), 2_000_000);
    }

    [Fact]
    public void Without_the_words_of_genesis_the_pools_take_no_deposit()
    {
        using EconomyWorld world = new(w =>
        {
            for (int id = 0; id < Parameter.Count; id++) w.Write(Sys.Parameters.Address, (ulong)id, UInt256.Zero);
            for (ulong slot = 0; slot < 3; slot++) w.Write(Sys.EconomyPool.Address, slot, UInt256.Zero);
        });
        world.Fund(Actor(1), Cpc(300_000));
        Assert.Equal("JoiningClosed()", world.Pay(Actor(1), Cpc(300_000), Sys.RNodePool, "join", 1U).Reason);
        Assert.False(world.Pay(Actor(1), Cpc(300_000), Sys.EconomyPool, "deposit").Success);
        Assert.Equal(Cpc(300_000), world.Balance(Actor(1)));
    }

    private static void Cheap(Done done, ulong most)
    {
        Assert.True(done.Success, done.Reason);
        Assert.InRange(done.GasUsed, 1UL, most);
    }
}
