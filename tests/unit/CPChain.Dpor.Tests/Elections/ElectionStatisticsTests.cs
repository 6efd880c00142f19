using CPChain.Simulation.Dpor;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>Frequencies at fixed seeds against exact chances, and the same test failing for a planted slip (issue 5).</summary>
public sealed class ElectionStatisticsTests
{
    private const int Elections = 20_000;

    // Small weights, so that one unit too much or too little shows.
    private static readonly int[] Weights = [1, 2, 2, 3, 4, 4, 5, 6];
    private static readonly DporParameters Parameters = Fixture.Short with { Seats = 4, LowSeats = 1 };
    private static readonly Roll Roll = Fixture.RollOf(4, Weights);

    [Fact]
    public void First_draws_follow_the_weights() => Assert.True(FirstDrawP(Election.FirstAbove) > 0.001);

    [Fact]
    public void The_same_test_fails_for_an_off_by_one() => Assert.True(FirstDrawP(FirstAtOrAbove) < 0.001);

    [Fact]
    public void Everybody_sits_as_often_as_an_enumeration_says_within_four_standard_errors() =>
        Assert.True(WorstDeviation(Election.FirstAbove) < 4);

    [Fact]
    public void That_test_fails_for_an_off_by_one_too() => Assert.True(WorstDeviation(FirstAtOrAbove) > 4);

    [Fact]
    public void The_least_has_the_chance_that_its_share_of_the_low_seats_gives()
    {
        int sat = 0;
        int lowSeats = 0;
        Election election = new(Parameters, Fixture.Defaults);
        for (int i = 0; i < Elections; i++)
        {
            Committee committee = election.Draw(Roll, Fixture.Hash(i));
            lowSeats += committee.Seats.Count(static seat => seat.Account < Fixture.Of(4));
            sat += committee.Seats.Any(static seat => seat.Account == Fixture.Of(0)) ? 1 : 0;
        }
        Assert.Equal(Elections, lowSeats);
        Assert.InRange(sat / (double)Elections, 1 / 8.0 - 0.01, 1 / 8.0 + 0.01);
    }

    [Fact]
    public void Every_seat_is_as_likely_for_who_was_drawn_first()
    {
        long[] seats = new long[4];
        Election election = new(Parameters, Fixture.Defaults);
        for (int i = 0; i < Elections; i++)
        {
            Committee committee = election.Draw(Roll, Fixture.Hash(i));
            for (int seat = 0; seat < 4; seat++)
                seats[seat] += committee.Seats[seat].Account < Fixture.Of(4) ? 1 : 0;
        }
        Assert.True(Statistics.ChiSquareP(Statistics.ChiSquare(seats, [1, 1, 1, 1]), 3) > 0.001);
    }

    // The original's `r <= running sum` (7.2): one unit too much for the first, one too little for the last.
    private static int FirstAtOrAbove(ReadOnlySpan<int> weights, ulong number)
    {
        ulong sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += (ulong)weights[i];
            if (number <= sum && weights[i] > 0)
                return i;
        }
        throw new InvariantViolation("a number beyond the sum of the weights");
    }

    private static double FirstDrawP(Election.Hit hit)
    {
        // One seat and no low group: the only draw is the first.
        DporParameters one = Parameters with { Seats = 1, LowSeats = 0 };
        Election election = new(one, Fixture.Defaults);
        Roll roll = Fixture.RollOf(0, Weights);
        long[] counts = new long[Weights.Length];
        for (int i = 0; i < Elections; i++)
        {
            Address first = election.Draw(roll, Fixture.Hash(i), hit).Seats[0].Account;
            counts[roll.Entries.IndexOf(roll.Entries.Single(entry => entry.Account == first))]++;
        }
        return Statistics.ChiSquareP(
            Statistics.ChiSquare(counts, [.. Weights.Select(static weight => (double)weight)]), Weights.Length - 1);
    }

    private static double WorstDeviation(Election.Hit hit)
    {
        Election election = new(Parameters, Fixture.Defaults);
        long[] counts = new long[Weights.Length];
        for (int i = 0; i < Elections; i++)
        {
            foreach (CommitteeSeat seat in election.Draw(Roll, Fixture.Hash(i), hit).Seats)
                counts[(int)(seat.Account.ToUInt256() - Fixture.Of(0).ToUInt256())]++;
        }
        double[] chance = [.. InclusionChances(Weights[..4], 1), .. InclusionChances(Weights[4..], 3)];
        return Enumerable.Range(0, Weights.Length).Max(i =>
            Math.Abs(counts[i] - Elections * chance[i]) / Math.Sqrt(Elections * chance[i] * (1 - chance[i])));
    }

    // Sums the chance of every order in which the seats can be filled.
    private static double[] InclusionChances(int[] weights, int seats)
    {
        double[] chances = new double[weights.Length];
        Walk([], 1);
        return chances;

        void Walk(int[] seated, double chance)
        {
            if (seated.Length == seats)
            {
                foreach (int i in seated)
                    chances[i] += chance;
                return;
            }
            double left = weights.Where((_, i) => !seated.Contains(i)).Sum();
            for (int i = 0; i < weights.Length; i++)
            {
                if (!seated.Contains(i))
                    Walk([.. seated, i], chance * weights[i] / left);
            }
        }
    }
}
