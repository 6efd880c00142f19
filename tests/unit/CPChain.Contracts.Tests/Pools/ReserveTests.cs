using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Pools;

/// <summary>The reserve: ECO-20, ECO-26, ECO-29, D11.</summary>
public sealed class ReserveTests
{
    private static readonly UInt256 s_reward = Cpc(12) + Cpc(65) / 100UL;

    [Fact]
    public void ECO_20_the_end_of_block_step_alone_releases_a_reward_and_once_a_block()
    {
        using EconomyWorld world = new();
        foreach (Address who in new[] { Actor(1), Sys.Governance.Address, Sys.EconomyPool.Address, DefaultProposer })
            Assert.Equal("OnlySystem()", world.Send(who, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Reason);
        ulong number = world.Number;
        Done paid = world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward);
        Assert.Equal(s_reward, (UInt256)paid.Values[0]);
        Assert.Equal((UInt256)number, paid.Event("BlockReward").Value<UInt256>("number"));
        Assert.Equal(s_reward, world.Balance(Actor(1)));
        Assert.Equal(Cpc(400_000_000) - s_reward, world.Balance(Sys.Reserve.Address));
        Assert.Equal((UInt256)number, world.Uint(Sys.Reserve, "lastNumber"));
        Assert.True(world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Success);
    }

    [Fact]
    public void ECO_20_a_second_reward_of_one_block_is_refused()
    {
        using EconomyWorld world = new(w => w.Write(Sys.Reserve.Address, 2UL, 5UL));
        for (ulong number = 1; number <= 5; number++)
            Assert.Equal($"BlockPaid({number})", world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Reason);
        Assert.True(world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Success);
    }

    [Fact]
    public void ECO_29_the_last_reward_is_what_is_left_and_the_next_one_nothing()
    {
        using EconomyWorld world = new(w => w.Endow(Sys.Reserve.Address, Cpc(20)));
        Assert.Equal(s_reward, (UInt256)world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Values[0]);
        Assert.Equal(Cpc(20) - s_reward, (UInt256)world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Values[0]);
        Done none = world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward);
        Assert.Equal(UInt256.Zero, (UInt256)none.Values[0]);
        Assert.Empty(none.Events);
        Assert.Equal(Cpc(20), world.Balance(Actor(1)));
    }

    [Fact]
    public void A_fees_part_that_comes_without_a_call_is_released_as_any_other_coin()
    {
        using EconomyWorld world = new(w => w.Endow(Sys.Reserve.Address, UInt256.Zero));
        Assert.Equal(UInt256.Zero, (UInt256)world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Values[0]);
        world.Endow(Bank, world.Balance(Bank) - Cpc(1));
        world.Endow(Sys.Reserve.Address, Cpc(1));
        Assert.Equal(Cpc(1), (UInt256)world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward).Values[0]);
    }

    [Fact]
    public void A_proposers_code_cannot_stop_the_step_and_loses_no_reward()
    {
        // Burns all gas it gets.
        byte[] endless = Hex.Decode("0x5b5f56");
        foreach (byte[] code in new[] { Verifiers.Refusing, endless })
        {
            using EconomyWorld world = new(w => w.SetCode(Actor(1), code));
            Done paid = world.Send(Sys.Step, Sys.Reserve, "payBlockReward", Actor(1), s_reward);
            Assert.True(paid.Success, paid.Reason);
            Assert.InRange(paid.GasUsed, 1UL, 100_000UL);
            Assert.Equal(s_reward, world.Uint(Sys.Reserve, "owed", Actor(1)));
            Assert.Equal(Cpc(400_000_000) - s_reward, world.Uint(Sys.Reserve, "available"));
            Assert.True(world.Send(Actor(1), Sys.Reserve, "withdrawTo", Actor(2)).Success);
            Assert.Equal(s_reward, world.Balance(Actor(2)));
        }
    }

    [Fact]
    public void The_economy_pool_alone_releases_seasons_each_once_and_in_their_order()
    {
        using EconomyWorld world = new();
        foreach (Address who in new[] { Actor(1), Sys.Governance.Address, Sys.Step })
            Assert.Equal("OnlyEconomyPool()", world.Send(who, Sys.Reserve, "releaseSeason", 0UL, Cpc(1)).Reason);
        Assert.Equal(Cpc(1), (UInt256)world.Send(Sys.EconomyPool.Address, Sys.Reserve, "releaseSeason", 3UL, Cpc(1)).Values[0]);
        for (ulong season = 0; season <= 3; season++)
            Assert.Equal($"SeasonPaid({season})", world.Send(Sys.EconomyPool.Address, Sys.Reserve, "releaseSeason", season, Cpc(1)).Reason);
        Assert.True(world.Send(Sys.EconomyPool.Address, Sys.Reserve, "releaseSeason", 4UL, Cpc(1)).Success);
        Assert.Equal(Cpc(2), world.Balance(Sys.EconomyPool.Address));
    }

    [Fact]
    public void Anybody_may_refill_and_nobody_takes()
    {
        using EconomyWorld world = new();
        world.Fund(Actor(1), Cpc(7));
        Assert.True(world.Pay(Actor(1), Cpc(7), Sys.Reserve, "refill").Success);
        Assert.Equal(Cpc(400_000_007), world.Uint(Sys.Reserve, "available"));
        foreach (Address who in new[] { Actor(1), Sys.Governance.Address, Sys.Step, Team })
            Assert.Equal("NothingOwed()", world.Send(who, Sys.Reserve, "withdraw").Reason);
    }
}
