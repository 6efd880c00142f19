using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Pools;

/// <summary>The RNode pool: ECO-04, ECO-08, ECO-10, ECO-11, D13, and the original's cases (20.9 RNode).</summary>
public sealed class RNodePoolTests
{
    private const ulong Stay = 100 * Minute;
    private static readonly Address s_node = Actor(1);
    private static readonly UInt256 s_deposit = Cpc(200_000);

    [Fact]
    public void RNode_20_9_one_unit_too_little_is_refused_and_the_exact_deposit_joins()
    {
        using EconomyWorld world = new();
        world.Fund(s_node, s_deposit);
        Assert.Equal($"DepositTooSmall({s_deposit})", world.Pay(s_node, s_deposit - UInt256.One, Sys.RNodePool, "join", 1U).Reason);
        Assert.False(IsRNode(world, s_node));
        Done joined = world.Pay(s_node, s_deposit, Sys.RNodePool, "join", 1U);
        Assert.True(joined.Success, joined.Reason);
        Assert.Equal(s_deposit, joined.Event("Joined").Value<UInt256>("deposit"));
        Assert.True(IsRNode(world, s_node));
        Assert.Equal(s_deposit, world.Uint(Sys.RNodePool, "totalDeposits"));
    }

    [Fact]
    public void RNode_20_9_joining_twice_is_refused()
    {
        using EconomyWorld world = new();
        Join(world, s_node);
        world.Fund(s_node, s_deposit);
        Assert.Equal("AlreadyJoined()", world.Pay(s_node, s_deposit, Sys.RNodePool, "join", 1U).Reason);
        Assert.Equal(UInt256.One, world.Uint(Sys.RNodePool, "count"));
    }

    [Fact]
    public void RNode_20_9_ECO_10_quitting_is_refused_until_the_hundredth_minute_is_over()
    {
        using EconomyWorld world = new();
        ulong joined = Join(world, s_node);
        world.At(joined + Stay - 1);
        Assert.Equal($"StayNotOver({joined + Stay})", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        world.At(joined + Stay);
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
        Assert.False(IsRNode(world, s_node));
        Assert.True(world.Send(s_node, Sys.RNodePool, "withdraw").Success);
        Assert.Equal(s_deposit, world.Balance(s_node));
        Assert.Equal(UInt256.Zero, world.Balance(Sys.RNodePool.Address));
    }

    [Fact]
    public void RNode_20_9_who_is_no_member_cannot_quit_and_nobody_quits_twice()
    {
        using EconomyWorld world = new();
        Assert.Equal("NotJoined()", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        ulong joined = Join(world, s_node);
        world.At(joined + Stay);
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
        Assert.Equal("NotJoined()", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        Assert.True(world.Send(s_node, Sys.RNodePool, "withdraw").Success);
        Assert.Equal("NothingOwed()", world.Send(s_node, Sys.RNodePool, "withdraw").Reason);
    }

    [Fact]
    public void RNode_20_9_only_governance_changes_the_stay_and_it_holds_for_the_next_call()
    {
        using EconomyWorld world = new();
        Assert.Equal("OnlyGovernance()", world.Send(s_node, Sys.Parameters, "change", Parameter.RNodeStay, 1UL).Reason);
        ulong joined = Join(world, s_node);
        Set(world, Parameter.RNodeStay, Day);
        world.At(joined + Stay);
        Assert.Equal($"StayNotOver({joined + Day})", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        Assert.StartsWith("OutOfRange", world.Send(Sys.Governance.Address, Sys.Parameters, "change", Parameter.RNodeStay, Day + 1).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void RNode_20_9_an_old_version_is_refused_and_a_new_one_accepted()
    {
        using EconomyWorld world = new();
        Set(world, Parameter.RNodeVersion, 2UL);
        world.Fund(s_node, s_deposit);
        Assert.Equal("VersionTooOld(2)", world.Pay(s_node, s_deposit, Sys.RNodePool, "join", 1U).Reason);
        Assert.True(world.Pay(s_node, s_deposit, Sys.RNodePool, "join", 2U).Success);
        world.Fund(Actor(2), s_deposit);
        Assert.True(world.Pay(Actor(2), s_deposit, Sys.RNodePool, "join", 3U).Success);
    }

    [Fact]
    public void RNode_20_9_a_closed_pool_refuses_who_comes_and_keeps_nobody()
    {
        using EconomyWorld world = new();
        ulong joined = Join(world, s_node);
        Set(world, Parameter.JoiningOpen, 0UL);
        world.Fund(Actor(2), s_deposit);
        Assert.Equal("JoiningClosed()", world.Pay(Actor(2), s_deposit, Sys.RNodePool, "join", 1U).Reason);
        world.At(joined + Stay);
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
    }

    [Fact]
    public void RNode_20_9_W22_nobody_refunds_another_or_all()
    {
        // What the original's owner could do, no function of the pool does for anybody.
        Assert.DoesNotContain(Sys.RNodePool.Abi.Functions, f => f.Name.Contains("refund", StringComparison.OrdinalIgnoreCase));
        using EconomyWorld world = new();
        ulong joined = Join(world, s_node);
        world.At(joined + Stay);
        foreach (Address who in new[] { Actor(2), Sys.Governance.Address, Sys.Step, Sys.Reserve.Address })
        {
            Assert.Equal("NotJoined()", world.Peek(who, Sys.RNodePool, "quit"));
            Assert.Equal("OnlyEvidence()", world.Peek(who, Sys.RNodePool, "slash", s_node, s_deposit));
            Assert.Equal("NothingOwed()", world.Peek(who, Sys.RNodePool, "withdraw"));
        }
    }

    [Fact]
    public void RNode_20_9_fifteen_nodes_join_and_all_of_them_leave()
    {
        using EconomyWorld world = new();
        Address[] nodes = [.. Enumerable.Range(1, 15).Select(Actor)];
        foreach (Address node in nodes) Join(world, node);
        Assert.Equal(nodes, Page(world, 0, 100));
        Assert.Equal(nodes[4..7], Page(world, 4, 3));
        Assert.Equal(nodes[14..], Page(world, 14, 100));
        Assert.Empty(Page(world, 15, 100));
        world.At(world.Now + Stay);
        List<Address> left = [.. nodes];
        foreach (int index in new[] { 7, 0, 12, 3, 3, 9, 0, 5, 2, 1, 4, 0, 1, 1, 0 })
        {
            Address who = left[index];
            left.RemoveAt(index);
            Assert.True(world.Send(who, Sys.RNodePool, "quit").Success);
            Assert.Equal(left.Order(), Page(world, 0, 100).Order());
            Assert.All(left, node => Assert.True(IsRNode(world, node)));
        }
        Assert.Equal(UInt256.Zero, world.Uint(Sys.RNodePool, "totalDeposits"));
        Assert.Equal(s_deposit * 15UL, world.Uint(Sys.RNodePool, "totalOwed"));
    }

    [Fact]
    public void RNode_20_9_another_threshold_holds_for_who_comes_and_not_for_who_is_there()
    {
        using EconomyWorld world = new();
        Join(world, s_node);
        Set(world, Parameter.JoiningDeposit, Cpc(300_000));
        world.Fund(Actor(2), Cpc(300_000));
        Assert.StartsWith("DepositTooSmall", world.Pay(Actor(2), Cpc(300_000) - UInt256.One, Sys.RNodePool, "join", 1U).Reason, StringComparison.Ordinal);
        Assert.True(world.Pay(Actor(2), Cpc(300_000), Sys.RNodePool, "join", 1U).Success);
        Assert.True(IsRNode(world, s_node));
        Assert.StartsWith("OutOfRange", world.Send(Sys.Governance.Address, Sys.Parameters, "change", Parameter.JoiningDeposit, s_deposit - UInt256.One).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Defect_6_2_rnode_W21_D13_ECO_11_who_is_elected_stays_through_the_last_term_and_one_more()
    {
        using EconomyWorld world = new();
        Join(world, s_node);
        world.Elect(s_node, 20);
        world.AtTerm(18);
        Assert.Equal("ElectedAhead(20)", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        world.AtBlock(21 * TermBlocks);
        Assert.Equal("ElectedAhead(20)", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        world.AtTerm(21);
        Assert.Equal("AtRiskForEvidence(21)", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        world.AtBlock(22 * TermBlocks);
        Assert.Equal("AtRiskForEvidence(21)", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        world.AtTerm(22);
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
    }

    [Fact]
    public void D13_term_zero_counts_as_elected()
    {
        using EconomyWorld world = new();
        ulong joined = Join(world, s_node);
        Set(world, Parameter.RNodeStay, 0UL);
        world.Elect(s_node, 0);
        Assert.Equal("ElectedAhead(0)", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        Assert.True(joined < world.Now);
        world.AtTerm(1);
        Assert.Equal("AtRiskForEvidence(1)", world.Send(s_node, Sys.RNodePool, "quit").Reason);
        world.AtTerm(2);
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
    }

    [Fact]
    public void L21_no_validator_joins()
    {
        using EconomyWorld world = new();
        world.Fund(Validators[2], s_deposit);
        Assert.Equal("ValidatorCannotJoin()", world.Pay(Validators[2], s_deposit, Sys.RNodePool, "join", 1U).Reason);
    }

    [Fact]
    public void A_member_without_a_way_to_receive_loses_nothing_and_a_reentrant_one_gets_no_more()
    {
        // Calls back into withdraw() with all its gas whenever coins come.
        byte[] greedy = Hex.Decode("0x633ccfd60b5f526004601c5f5f5f73" + Sys.RNodePool.Address.ToString()[2..] + "5af15000");
        using EconomyWorld world = new(w => w.SetCode(Actor(5), Verifiers.Refusing));
        ulong joined = Join(world, s_node);
        Join(world, Actor(2));
        world.At(joined + Stay + 60);
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
        Assert.Equal("PaymentRefused()", world.Send(s_node, Sys.RNodePool, "withdrawTo", Actor(5)).Reason);
        world.SetCode(s_node, greedy);
        Assert.True(world.Send(s_node, Sys.RNodePool, "withdraw").Success);
        Assert.Equal(s_deposit, world.Balance(s_node));
        Assert.Equal(s_deposit, world.Balance(Sys.RNodePool.Address));
    }

    [Fact]
    public void Specification_Contracts_the_word_that_elections_read_is_where_it_says()
    {
        using EconomyWorld world = new();
        ulong first = Join(world, Actor(1), Cpc(250_000));
        ulong second = Join(world, Actor(2), Cpc(200_000), version: 7);
        Assert.Equal(Slots.Pack((Cpc(250_000), 128), (first, 64), (1UL, 32), (1UL, 32)), world.Word(Sys.RNodePool.Address, Slots.Of(Actor(1), 0UL)));
        Assert.Equal(Slots.Pack((Cpc(200_000), 128), (second, 64), (7UL, 32), (2UL, 32)), world.Word(Sys.RNodePool.Address, Slots.Of(Actor(2), 0UL)));
        Assert.Equal(UInt256.Zero, world.Word(Sys.RNodePool.Address, Slots.Of(Actor(3), 0UL)));
    }

    /// <summary>Funds and joins; the time at which it did.</summary>
    internal static ulong Join(EconomyWorld world, Address node, UInt256? deposit = null, uint version = 1)
    {
        UInt256 amount = deposit ?? s_deposit;
        world.Fund(node, amount);
        ulong now = world.Now;
        Done joined = world.Pay(node, amount, Sys.RNodePool, "join", version);
        Assert.True(joined.Success, joined.Reason);
        return now;
    }

    internal static bool IsRNode(EconomyWorld world, Address node) => (bool)world.View(Sys.RNodePool, "isRNode", node)[0];

    internal static void Set(EconomyWorld world, int parameter, UInt256 value)
    {
        Done done = world.Send(Sys.Governance.Address, Sys.Parameters, "change", parameter, value);
        Assert.True(done.Success, done.Reason);
    }

    private static Address[] Page(EconomyWorld world, int from, int most) =>
        [.. ((object[])world.View(Sys.RNodePool, "page", from, most)[0]).Cast<Address>()];
}
