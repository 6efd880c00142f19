using CPChain.Contracts.Tests.World;
using CPChain.Crypto;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Election;

/// <summary>What the end-of-block step writes is what the views tell: D2, D5, D7.5, D8.6, D9.</summary>
public sealed class DporTests
{
    private static readonly Address s_dpor = Sys.Dpor.Address;

    [Fact]
    public void No_function_writes() => Assert.All(Sys.Dpor.Abi.Functions, f => Assert.True(f.IsView, f.Name));

    [Fact]
    public void D2_1_the_term_of_every_number_at_its_boundaries()
    {
        using EconomyWorld world = new();
        foreach ((ulong number, ulong term) in new[] { (1UL, 0UL), (36UL, 0UL), (37UL, 1UL), (72UL, 1UL), (73UL, 2UL), (36_000UL, 999UL), (36_001UL, 1_000UL) })
            Assert.Equal((UInt256)term, world.AtBlock(number).Uint(Sys.Dpor, "currentTerm"));
    }

    [Fact]
    public void D8_6_the_last_elected_term_of_who_was_never_elected_is_none()
    {
        using EconomyWorld world = new();
        Assert.Equal([false, UInt256.Zero], world.View(Sys.Dpor, "lastElectedTerm", Actor(1)));
        world.Elect(Actor(1), 0);
        Assert.Equal([true, UInt256.Zero], world.View(Sys.Dpor, "lastElectedTerm", Actor(1)));
        world.Elect(Actor(1), 77);
        Assert.Equal([true, (UInt256)77UL], world.View(Sys.Dpor, "lastElectedTerm", Actor(1)));
    }

    [Fact]
    public void D8_6_a_committee_is_told_from_its_draw_on_as_long_as_it_is_kept()
    {
        using EconomyWorld world = new();
        world.AtTerm(20);
        UInt256 length = Slots.Of(new UInt256(21UL % 16), 5UL), elements = Slots.Elements(length);
        world.Write(s_dpor, length, 4UL);
        world.Write(s_dpor, elements, Slots.Pack((Actor(1).ToUInt256(), 160), (1UL, 8)));
        world.Write(s_dpor, elements + UInt256.One, Commitment.ToUInt256());
        world.Write(s_dpor, elements + new UInt256(2UL), Slots.Pack((DefaultProposer.ToUInt256(), 160), (0UL, 8)));
        object[] seats = (object[])world.View(Sys.Dpor, "committeeOf", 21UL)[0];
        Assert.Equal(2, seats.Length);
        Assert.Equal([Actor(1), true, Commitment.ToArray()], (object[])seats[0]);
        Assert.Equal([DefaultProposer, false, new byte[32]], (object[])seats[1]);
        Assert.Equal("TermUnknown(22)", world.Peek(Actor(1), Sys.Dpor, "committeeOf", 22UL));
        Assert.Equal("TermUnknown(5)", world.Peek(Actor(1), Sys.Dpor, "committeeOf", 5UL));
        Assert.Equal("", world.Peek(Actor(1), Sys.Dpor, "committeeOf", 6UL));
    }

    [Fact]
    public void D7_5_a_roll_is_told_in_its_order()
    {
        using EconomyWorld world = new();
        world.AtTerm(30);
        UInt256 length = Slots.Of(new UInt256(32UL % 16), 4UL), elements = Slots.Elements(length);
        world.Write(s_dpor, length, 2UL);
        world.Write(s_dpor, elements, Slots.Pack((Actor(3).ToUInt256(), 160), (9_999UL, 32), (1UL, 8)));
        world.Write(s_dpor, elements + UInt256.One, Commitment.ToUInt256());
        object[] entries = (object[])world.View(Sys.Dpor, "rollOf", 32UL)[0];
        Assert.Equal([Actor(3), (UInt256)9_999UL, true, Commitment.ToArray()], (object[])Assert.Single(entries));
        Assert.Equal("TermUnknown(33)", world.Peek(Actor(1), Sys.Dpor, "rollOf", 33UL));
        Assert.Equal("TermUnknown(16)", world.Peek(Actor(1), Sys.Dpor, "rollOf", 16UL));
    }

    [Fact]
    public void D9_the_seed_of_a_term_is_told_when_the_term_is_over()
    {
        using EconomyWorld world = new();
        world.Write(s_dpor, Slots.Of(new UInt256(19UL % 16), 8UL), Commitment.ToUInt256());
        world.AtBlock(20 * TermBlocks);
        Assert.Equal("TermUnknown(19)", world.Peek(Actor(1), Sys.Dpor, "seedOf", 19UL));
        world.AtTerm(20);
        Assert.Equal(Commitment.ToArray(), (byte[])world.View(Sys.Dpor, "seedOf", 19UL)[0]);
    }

    [Fact]
    public void D5_deeds_of_another_term_in_the_same_place_are_none()
    {
        using EconomyWorld world = new();
        UInt256 slot = Slots.Of(new UInt256(40UL % 16), Slots.Of(Actor(1), 1UL));
        world.Write(s_dpor, slot, Slots.Pack((41UL, 32), (5UL, 32), (4UL, 16), (3UL, 16), (2UL, 32), (1UL, 32), (uint.MaxValue, 32)));
        object[] deeds = (object[])world.View(Sys.Dpor, "deedsOf", Actor(1), 40UL)[0];
        Assert.Equal([5UL, 4UL, 3UL, 2UL, 1UL, uint.MaxValue], deeds.Select(d => (ulong)(UInt256)d));
        foreach (ulong other in new[] { 24UL, 56UL, 39UL })
            Assert.All((object[])world.View(Sys.Dpor, "deedsOf", Actor(1), other)[0], d => Assert.Equal(UInt256.Zero, (UInt256)d));
    }

    private static Hash256 Commitment => Keccak256.Hash([0xc0]);
}
