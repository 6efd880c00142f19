using System.Collections.Immutable;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>D10.</summary>
public sealed class ProposerScheduleTests
{
    private static readonly DporParameters Main = DporParameters.Main;
    private static readonly ProposerSchedule Schedule = new(Main, Fixture.Defaults);

    [Fact]
    public void Without_impeach_blocks_each_seat_has_its_turn_in_order()
    {
        for (ulong n = 1; n <= 108; n++)
            Assert.Equal(new Slot(Fixture.Of((int)((n - 1) % 12)), true), SlotOf(n, []));
    }

    [Fact]
    public void The_number_after_an_impeach_block_is_a_default_proposers_then_the_schedule_goes_on()
    {
        Assert.Equal(new Slot(Fixture.Of(4), true), SlotOf(5, [5]));
        Assert.Equal(new Slot(Default(6), false), SlotOf(6, [5]));
        Assert.Equal(new Slot(Fixture.Of(6), true), SlotOf(7, [5]));
    }

    [Fact]
    public void A_default_proposer_that_fails_too_is_followed_by_the_next()
    {
        Assert.Equal(new Slot(Default(7), false), SlotOf(7, [5, 6]));
        Assert.NotEqual(Default(6), Default(7));
        Assert.Equal(new Slot(Fixture.Of(7), true), SlotOf(8, [5, 6]));
    }

    [Fact]
    public void Two_elected_in_a_row_hand_over_the_view_and_no_more()
    {
        // 1 and 3 are impeached, 2 is a default proposer's: in a row as far as elected seats go.
        for (ulong n = 4; n <= 12; n++)
            Assert.Equal(new Slot(Default(n), false), SlotOf(n, [1, 3]));
        Assert.Equal(new Slot(Fixture.Of(0), true), SlotOf(13, [1, 3]));
    }

    [Fact]
    public void An_elected_block_between_begins_the_count_anew()
    {
        Assert.Equal(new Slot(Fixture.Of(6), true), SlotOf(7, [1, 5]));
        Assert.Equal(new Slot(Default(8), false), SlotOf(8, [1, 5, 7]));
    }

    [Fact]
    public void Falling_carries_on_into_the_next_view_and_term_the_count_does_not()
    {
        Assert.Equal(new Slot(Default(13), false), SlotOf(13, [12]));
        Assert.Equal(new Slot(Default(37), false), SlotOf(37, [36]));
        Assert.Equal(new Slot(Fixture.Of(1), true), SlotOf(38, [36]));
        // 12 is the first in a row; 14 in the next view is a first again.
        Assert.Equal(new Slot(Fixture.Of(3), true), SlotOf(16, [12, 14]));
    }

    [Fact]
    public void A_seat_of_a_default_proposer_neither_counts_nor_begins_anew()
    {
        Committee mixed = CommitteeOf(0, static seat => seat is 2 or 3);
        Assert.Equal(new Slot(Default(6), false), Schedule.SlotOf(6, mixed, Among(1, 5)));
        Assert.Equal(new Slot(Default(8), false), Schedule.SlotOf(8, mixed, Among(1, 5)));
        Assert.Equal(new Slot(mixed.Seats[4].Account, true), Schedule.SlotOf(5, mixed, Among(3)));
        Assert.Equal(new Slot(mixed.Seats[6].Account, true), Schedule.SlotOf(7, mixed, Among(3, 5)));
    }

    [Fact]
    public void With_every_elected_proposer_dead_at_least_every_second_block_is_ordinary()
    {
        int ordinary = 0;
        List<ulong> impeached = [];
        for (ulong n = 1; n <= 360; n++)
        {
            bool dead = SlotOf(n, [.. impeached]).Elected;
            if (dead)
                impeached.Add(n);
            Assert.False(dead && impeached.Contains(n - 1));
            ordinary += dead ? 0 : 1;
        }
        Assert.True(ordinary >= 180);
        // Two of each view's twelve numbers are tried in vain.
        Assert.Equal(2 * 30, impeached.Count);
    }

    [Fact]
    public void With_one_default_proposer_alive_of_four_every_fifth_block_at_least_is_ordinary()
    {
        List<ulong> impeached = [];
        int since = 0;
        for (ulong n = 1; n <= 720; n++)
        {
            Slot slot = SlotOf(n, [.. impeached]);
            bool dead = slot.Account != Fixture.Defaults[2];
            if (dead)
                impeached.Add(n);
            since = dead ? since + 1 : 0;
            Assert.True(since <= 4);
        }
    }

    [Fact]
    public void Step_by_step_and_from_history_agree()
    {
        SeededRandom random = new(17);
        for (int round = 0; round < 40; round++)
        {
            HashSet<ulong> impeached = [];
            ScheduleState state = default;
            int bad = random.Below(90);
            for (ulong n = 1; n <= 200; n++)
            {
                Committee committee = CommitteeOf(Main.Terms.TermOf(n), static seat => seat is 5 or 6 or 11);
                Slot slot = Schedule.SlotOf(n, state, committee);
                Assert.Equal(Schedule.SlotOf(n, committee, impeached.Contains), slot);
                Assert.Equal(ByTheText(n, committee, impeached), slot);
                bool fails = random.Chance(bad);
                if (fails)
                    impeached.Add(n);
                state = Schedule.After(n, state, slot, fails);
            }
        }
    }

    [Fact]
    public void A_committee_of_another_term_is_a_fault_of_the_program() =>
        Assert.Throws<InvariantViolation>(() => Schedule.SlotOf(37, default(ScheduleState), CommitteeOf(0, static _ => false)));

    // D10 once more, looking back from n instead of forward.
    private static Slot ByTheText(ulong n, Committee committee, HashSet<ulong> impeached)
    {
        Slot fallback = new(Default(n), false);
        if (n > 1 && impeached.Contains(n - 1))
            return fallback;
        int run = 0;
        ulong first = n - (n - 1) % 12;
        for (ulong m = first; m < n; m++)
        {
            bool elected = !(m > 1 && impeached.Contains(m - 1)) && committee.Seats[(int)((m - 1) % 12)].Elected;
            if (elected)
                run = impeached.Contains(m) ? run + 1 : 0;
            if (run >= 2)
                return fallback;
        }
        CommitteeSeat seat = committee.Seats[(int)((n - 1) % 12)];
        return new Slot(seat.Account, seat.Elected);
    }

    private static Slot SlotOf(ulong n, ImmutableArray<ulong> impeached) =>
        Schedule.SlotOf(n, CommitteeOf(Main.Terms.TermOf(n), static _ => false), impeached.Contains);

    private static Func<ulong, bool> Among(params ulong[] impeached) => impeached.Contains;

    private static Address Default(ulong n) => Fixture.Defaults[(int)(n % 4)];

    private static Committee CommitteeOf(ulong term, Func<int, bool> isDefault) => new(term,
        [.. Enumerable.Range(0, 12).Select(seat => isDefault(seat)
            ? new CommitteeSeat(Fixture.Defaults[seat % 4], false, Hash256.Zero) : new CommitteeSeat(Fixture.Of(seat), true, Hash256.Zero))]);
}
