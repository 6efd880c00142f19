using System.Collections.Immutable;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>D8.</summary>
public sealed class ElectionTests
{
    private static readonly Election Short = new(Fixture.Short, Fixture.Defaults);

    [Fact]
    public void Draws_equal_an_enumeration_of_all_tickets()
    {
        SeededRandom random = new(21);
        for (int round = 0; round < 400; round++)
        {
            int count = random.Below(20);
            int low = random.Below(count + 1);
            Roll roll = Fixture.RollOf(low, [.. Enumerable.Range(0, count).Select(_ => 1 + random.Below(60))]);
            DporParameters parameters = Fixture.Short with { Seats = 1 + random.Below(8), LowSeats = 0 };
            parameters = parameters with { LowSeats = random.Below(parameters.Seats + 1) };
            Committee drawn = new Election(parameters, Fixture.Defaults).Draw(roll, Fixture.Hash(round));
            Assert.Equal(
                SlowElection.Draw(parameters, Fixture.Defaults, roll, Fixture.Hash(round)),
                drawn.Seats.Select(static seat => (seat.Account, seat.Elected)));
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(0, 1, 0, 1)]
    [InlineData(3, 3, 3, 3)]
    [InlineData(3, 9, 3, 9)]
    [InlineData(2, 9, 2, 9)]
    [InlineData(6, 6, 6, 6)]
    [InlineData(5, 6, 5, 6)]
    [InlineData(250, 250, 3, 9)]
    [InlineData(2, 30, 2, 10)]
    [InlineData(30, 2, 10, 2)]
    public void Seats_of_the_groups(int lowCount, int highCount, int low, int high) =>
        Assert.Equal(new GroupSeats(low, high), GroupSeats.Of(DporParameters.Main, lowCount, highCount));

    [Fact]
    public void Missing_seats_go_to_default_proposers_and_a_short_list_repeats()
    {
        Committee none = Short.Draw(Roll.Empty(9), Fixture.Hash(1));
        Assert.Equal(4, none.Seats.Length);
        Assert.All(none.Seats, static seat => Assert.False(seat.Elected));
        Assert.Equal(4, none.Seats.Select(static seat => seat.Account).Distinct().Count());
        Committee alone = new Election(Fixture.Short, [Fixture.Defaults[0]]).Draw(Roll.Empty(9), Fixture.Hash(1));
        Assert.All(alone.Seats, static seat => Assert.Equal(Fixture.Defaults[0], seat.Account));
        Committee one = Short.Draw(Fixture.RollOf(0, 7), Fixture.Hash(1));
        Assert.Equal(Fixture.Of(0), Assert.Single(one.Seats, static seat => seat.Elected).Account);
    }

    [Fact]
    public void Nobody_sits_twice_and_an_elected_seat_has_its_own_commitment()
    {
        Roll roll = Fixture.RollOf(5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        for (int i = 0; i < 200; i++)
        {
            ImmutableArray<CommitteeSeat> seats = Short.Draw(roll, Fixture.Hash(i)).Seats;
            Assert.Equal(4, seats.Select(static seat => seat.Account).Distinct().Count());
            Assert.All(seats, seat => Assert.Equal(
                roll.Entries.Single(entry => entry.Account == seat.Account).Commitment, seat.Commitment));
            Assert.Equal(1, seats.Count(seat => roll.Entries.Any(entry => entry.Account == seat.Account && !entry.High)));
        }
    }

    [Fact]
    public void A_strike_takes_a_seat_and_changes_no_other()
    {
        HandView view = new HandView().List(6, 10, Fixture.Short);
        Roll roll = Fixture.RollOf(5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        Committee drawn = Short.Draw(roll, Fixture.Hash(3));
        Assert.Equal(drawn, Short.At(roll, Fixture.Hash(3), view));
        Address gone = drawn.Seats[0].Account;
        Address validator = drawn.Seats[1].Account;
        Address punished = drawn.Seats[2].Account;
        view.Deposits[gone] = Fixture.Short.RNodeDeposit - UInt256.One;
        (view.Validators, view.ValidatorsTerm) = ([validator], 9);
        view.Penalties[punished] = Penalty(7, 4);
        Committee struck = Short.At(roll, Fixture.Hash(3), view);
        Assert.Equal(drawn.Seats[3], struck.Seats[3]);
        for (int seat = 0; seat < 3; seat++)
        {
            Address expected = Fixture.Defaults[(9 + seat) % 4];
            Assert.Equal(new CommitteeSeat(expected, false, view.DefaultCommitmentOf(expected, 9)), struck.Seats[seat]);
        }
    }

    [Theory]
    [InlineData(3, 7, false)]
    [InlineData(4, 7, true)]
    public void Who_is_impeached_as_often_as_the_limit_is_struck(int impeached, ulong term, bool struck)
    {
        HandView view = new HandView().List(6, 1, Fixture.Short);
        view.Penalties[Fixture.Of(0)] = Penalty(term, impeached);
        Committee committee = Short.At(Fixture.RollOf(0, 5), Fixture.Hash(3), view);
        Assert.Equal(struck ? 0 : 1, committee.Seats.Count(static seat => seat.Elected));
    }

    [Fact]
    public void The_die_is_even_at_limits_that_do_not_divide_2_to_the_64()
    {
        // Limit 3 x 2^62: without refusal the first 2^62 numbers would come twice as often as the others.
        const ulong limit = 3UL << 62 >> 1;
        DrawDie die = new(Fixture.Hash(5));
        int firstThird = 0;
        for (int i = 0; i < 30_000; i++)
        {
            ulong number = die.Below(limit);
            Assert.True(number < limit);
            if (number < limit / 3)
                firstThird++;
        }
        Assert.InRange(firstThird, 9_600, 10_400);
        Assert.Equal(0UL, die.Below(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => die.Below(0));
    }

    [Fact]
    public void A_number_beyond_the_sum_is_a_fault_of_the_program() =>
        Assert.Throws<InvariantViolation>(() => Election.FirstAbove([1, 2], 3));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void A_number_hits_the_first_whose_running_sum_exceeds_it(ulong number, int at) =>
        Assert.Equal(at, Election.FirstAbove([1, 0, 2, 1], number));

    private static PenaltyQueue Penalty(ulong term, int count)
    {
        PenaltyQueue queue = default;
        for (int i = 0; i < count; i++)
            queue = queue.With(term);
        return queue;
    }
}
