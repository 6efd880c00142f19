using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution.Tests.Chain;

/// <summary>Rule C10: who validates and who proposes a number.</summary>
public sealed class CommitteeScheduleTests
{
    private static readonly CommitteeEntry First = new(1, Addresses(1, 4), Addresses(100, 3));
    private static readonly CommitteeEntry Second = new(10, Addresses(11, 7), Addresses(200, 2));

    [Fact]
    public void C10_sets_hold_from_their_number_on()
    {
        CommitteeSchedule schedule = Create(First, Second);
        Assert.Equal(First.Validators.AsEnumerable(), schedule.ValidatorsOf(1));
        Assert.Equal(First.Validators.AsEnumerable(), schedule.ValidatorsOf(9));
        Assert.Equal(Second.Validators.AsEnumerable(), schedule.ValidatorsOf(10));
        Assert.Equal(Second.Validators.AsEnumerable(), schedule.ValidatorsOf(ulong.MaxValue));
        Assert.Equal(CommitteeSchedule.HashOf(Second.Validators.AsSpan()), schedule.ValidatorsHash(10));
        Assert.NotEqual(schedule.ValidatorsHash(9), schedule.ValidatorsHash(10));
    }

    [Fact]
    public void C10_proposers_take_turns_from_the_start_of_their_entry()
    {
        CommitteeSchedule schedule = Create(First, Second);
        for (ulong number = 1; number < 10; number++)
            Assert.Equal(First.Proposers[(int)((number - 1) % 3)], schedule.ProposerOf(number));
        Assert.Equal(Second.Proposers[0], schedule.ProposerOf(10));
        Assert.Equal(Second.Proposers[1], schedule.ProposerOf(11));
        Assert.Equal(Second.Proposers[0], schedule.ProposerOf(12));
    }

    [Fact]
    public void C10_the_hash_depends_on_order_and_members()
    {
        ImmutableArray<Address> reversed = [.. First.Validators.Reverse()];
        Assert.NotEqual(
            CommitteeSchedule.HashOf(First.Validators.AsSpan()), CommitteeSchedule.HashOf(reversed.AsSpan()));
    }

    [Fact]
    public void L21_no_key_is_validator_and_proposer_at_once() =>
        Refuses("L21", First with { Proposers = [First.Validators[2]] });

    [Fact]
    public void C10_bad_entries_are_refused()
    {
        Refuses("1 to", Array.Empty<CommitteeEntry>());
        Refuses("from number 1", First with { FromNumber = 2 });
        Refuses("rise", First, Second with { FromNumber = 1 });
        Refuses("3f+1", First with { Validators = Addresses(1, 3) });
        Refuses("3f+1", First with { Validators = [] });
        Refuses("twice", First with { Validators = [.. Addresses(1, 3), First.Validators[0]] });
        Refuses("twice", First with { Proposers = [First.Proposers[0], First.Proposers[0]] });
        Refuses("proposers", First with { Proposers = [] });
        Refuses("zero", First with { Proposers = [Address.Zero] });
    }

    private static ImmutableArray<Address> Addresses(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(number => Address.FromUInt256((ulong)number))];

    private static CommitteeSchedule Create(params CommitteeEntry[] entries)
    {
        Assert.True(CommitteeSchedule.TryCreate([.. entries], out CommitteeSchedule? schedule, out _));
        return schedule;
    }

    private static void Refuses(string reason, params CommitteeEntry[] entries)
    {
        Assert.False(CommitteeSchedule.TryCreate([.. entries], out _, out (int Entry, string Reason) fault));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }
}
