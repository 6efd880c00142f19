using CPChain.Chain;
using CPChain.Contracts.Tests.Pools;
using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Election;

/// <summary>The validator set: DPR-21, DPR-23, D17.</summary>
public sealed class ValidatorSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(67)]
    public void DPR_23_a_set_that_is_not_3f_plus_1_or_not_4_to_64_is_refused(int count)
    {
        using EconomyWorld world = new();
        Assert.Equal($"WrongSize({count})", Schedule(world, 10, Members(count)).Reason);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(64)]
    public void D17_a_change_holds_from_the_first_block_of_its_term_and_not_before(int count)
    {
        using EconomyWorld world = new();
        world.AtTerm(5);
        Address[] members = Members(count);
        Assert.Equal("TermTooNear(8)", Schedule(world, 7, members).Reason);
        Done scheduled = Schedule(world, 8, members);
        Assert.True(scheduled.Success, scheduled.Reason);
        Assert.Equal(Validators, SetOf(world, 7));
        Assert.Equal(members, SetOf(world, 8));
        Assert.Equal(members, SetOf(world, 800));
        world.AtTerm(8);
        Assert.Equal(members, SetOf(world, 8));
        Assert.Equal("ChangePending(12)", ScheduleTwice(world, 12, Members(7)).Reason);
    }

    [Fact]
    public void D17_a_second_change_waits_until_the_first_holds_and_then_moves_it_on()
    {
        using EconomyWorld world = new();
        Address[] first = Members(7), second = Members(4, from: 600);
        Assert.True(Schedule(world, 3, first).Success);
        world.AtBlock(3 * TermBlocks);
        Assert.Equal("ChangePending(3)", Schedule(world, 6, second).Reason);
        world.AtTerm(3);
        Assert.True(Schedule(world, 6, second).Success);
        Assert.Equal(first, SetOf(world, 5));
        Assert.Equal(second, SetOf(world, 6));
        Assert.Equal((UInt256)6UL, world.Uint(Sys.ValidatorSet, "nextTerm"));
    }

    [Fact]
    public void D17_the_hash_of_a_set_is_the_one_that_headers_carry()
    {
        using EconomyWorld world = new();
        Address[] members = Members(7);
        Done scheduled = Schedule(world, 9, members);
        Assert.Equal(CommitteeSchedule.HashOf(members).ToArray(), scheduled.Event("SetScheduled").Value<byte[]>("setHash"));
        Assert.Equal(CommitteeSchedule.HashOf(Validators).ToArray(), (byte[])world.View(Sys.ValidatorSet, "setHashOf", 8UL)[0]);
        Assert.Equal(CommitteeSchedule.HashOf(members).ToArray(), (byte[])world.View(Sys.ValidatorSet, "setHashOf", 9UL)[0]);
    }

    [Fact]
    public void DPR_21_every_member_has_a_nominator_is_named_once_and_never_proposes()
    {
        using EconomyWorld world = new();
        Address[] members = Members(4);
        object[] three = [1, 2, 3], none = [1, 2, 3, 0];
        Assert.Equal("NominatorMissing(3)", world.Send(Sys.Governance.Address, Sys.ValidatorSet, "schedule", 9UL, Objects(members), three).Reason);
        Assert.Equal("NominatorMissing(3)", world.Send(Sys.Governance.Address, Sys.ValidatorSet, "schedule", 9UL, Objects(members), none).Reason);
        Assert.Equal($"MemberTwice({members[0]})", Schedule(world, 9, [.. members[..3], members[0]]).Reason);
        Assert.Equal("NoAccount(1)", Schedule(world, 9, [members[0], Address.Zero, .. members[2..]]).Reason);
        RNodePoolTests.Join(world, members[1]);
        Assert.Equal($"RNodeCannotValidate({members[1]})", Schedule(world, 9, members).Reason);
        Assert.Equal($"DefaultProposerCannotValidate({DefaultProposer})", Schedule(world, 9, [DefaultProposer, .. Members(3, from: 700)]).Reason);
        Assert.Equal(Validators, SetOf(world, 9));
    }

    [Fact]
    public void W18_W22_nobody_but_governance_changes_the_set()
    {
        using EconomyWorld world = new();
        foreach (Address who in new[] { Validators[0], Actor(1), Sys.Step, Bank })
            Assert.Equal("OnlyGovernance()", Schedule(world, 9, Members(4), who).Reason);
    }

    [Fact]
    public void L21_who_will_validate_cannot_join_the_RNodes_and_who_has_retired_can()
    {
        using EconomyWorld world = new();
        Address[] members = Members(4);
        Assert.True(Schedule(world, 3, members).Success);
        Assert.True(IsNamed(world, members[0]) && IsNamed(world, Validators[0]));
        world.AtBlock(3 * TermBlocks);
        Assert.True(IsNamed(world, Validators[0]));
        world.AtTerm(3);
        Assert.True(IsNamed(world, members[0]));
        Assert.False(IsNamed(world, Validators[0]));
        RNodePoolTests.Join(world, Validators[0]);
    }

    [Fact]
    public void Specification_Contracts_the_words_that_elections_read_are_where_it_says()
    {
        using EconomyWorld world = new();
        Address set = Sys.ValidatorSet.Address;
        Address[] members = Members(7);
        Assert.True(Schedule(world, 4, members).Success);
        Assert.Equal((UInt256)4UL, world.Word(set, 0UL));
        Assert.Equal((UInt256)7UL, world.Word(set, 1UL));
        Assert.Equal((UInt256)4UL, world.Word(set, 2UL));
        for (ulong i = 0; i < 7; i++) Assert.Equal(members[i].ToUInt256(), world.Word(set, Slots.Elements(1UL) + new UInt256(i)));
    }

    internal static Done Schedule(EconomyWorld world, ulong term, Address[] members, Address? from = null) =>
        world.Send(from ?? Sys.Governance.Address, Sys.ValidatorSet, "schedule", term, Objects(members), Objects(members.Select(_ => 1)));

    internal static Address[] Members(int count, int from = 500) => [.. Enumerable.Range(from, count).Select(Actor)];

    internal static Address[] SetOf(EconomyWorld world, ulong term) =>
        [.. ((object[])world.View(Sys.ValidatorSet, "setOf", term)[0]).Cast<Address>()];

    private static Done ScheduleTwice(EconomyWorld world, ulong term, Address[] members)
    {
        Assert.True(Schedule(world, term, members).Success);
        return Schedule(world, term + 1, members);
    }

    private static bool IsNamed(EconomyWorld world, Address account) => (bool)world.View(Sys.ValidatorSet, "isNamed", account)[0];

    private static object[] Objects<T>(IEnumerable<T> items) => [.. items.Select(i => (object)i!)];
}
