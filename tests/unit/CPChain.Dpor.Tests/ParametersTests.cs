namespace CPChain.Dpor.Tests;

/// <summary>D3: the tables' numbers, and every bound at its edge.</summary>
public sealed class ParametersTests
{
    private static readonly DporParameters Main = DporParameters.Main;

    [Fact]
    public void Both_sets_of_numbers_are_within_the_bounds()
    {
        Assert.Null(DporParameters.Main.Fault());
        Assert.Null(DporParameters.Short.Fault());
        Assert.Equal(36UL, Main.Terms.Length);
        Assert.Equal(7_776_000UL, Main.Season.Length);
    }

    [Fact]
    public void Each_number_beyond_its_bound_is_refused_by_name()
    {
        (string Field, DporParameters Wrong)[] all =
        [
            ("seats", Main with { Seats = 0 }), ("seats", Main with { Seats = 65 }),
            ("views", Main with { Views = 0 }), ("views", Main with { Views = 17 }),
            ("candidatesMax", Main with { CandidatesMax = 0 }), ("candidatesMax", Main with { CandidatesMax = 8193 }),
            ("lowSeats", Main with { LowSeats = -1 }), ("lowSeats", Main with { LowSeats = 13 }),
            ("lowPercent", Main with { LowPercent = -1 }), ("lowPercent", Main with { LowPercent = 51 }),
            ("handOverAfter", Main with { HandOverAfter = 0 }), ("handOverAfter", Main with { HandOverAfter = 65 }),
            ("window", Main with { Window = 0 }), ("window", Main with { Window = 16 }),
            ("sendsMax", Main with { SendsMax = 0 }), ("weightFloor", Main with { WeightFloor = 10_001 }),
            ("removalBelow", Main with { RemovalBelow = 1_001 }), ("removalBelow", Main with { RemovalBelow = 0 }),
            ("penaltyWindow", Main with { PenaltyWindow = 0 }), ("penaltyLimit", Main with { PenaltyLimit = 11 }),
            ("weights", Main with { Weights = new ReputationWeights(50, 15, 10, 15, 11) }),
            ("weights", Main with { Weights = new ReputationWeights(-1, 51, 20, 20, 10) }),
            ("points", Main with { Points = new DeedPoints(3, 31, 5, 70, 5) }),
            ("fees", Main with { Fees = new FeeShares(600, 100, 200, 101) }),
            ("eras", Main with { Eras = [] }),
            ("eras[1]", Main with { Eras = [new Era(5, 1), new Era(5, 1)] }),
            ("eras[0]", Main with { Eras = [new Era(5, DporParameters.SupplyMax + 1)] }),
            ("rnodeDeposit", Main with { RNodeDeposit = 0 }),
            ("season", Main with { Season = Main.Season with { LockSeconds = 0 } }),
        ];
        Assert.All(all, static pair => Assert.Equal(pair.Field, pair.Wrong.Fault()?.Field));
    }

    [Fact]
    public void The_largest_numbers_that_are_allowed_do_not_overflow_a_roll()
    {
        DporParameters largest = Main with
        {
            Seats = 64,
            Views = 16,
            LowSeats = 10,
            Window = 15,
            Eras = [new Era(ulong.MaxValue, DporParameters.SupplyMax)],
            WeightFloor = 1,
            RemovalBelow = 1,
        };
        Assert.Null(largest.Fault());
        HandView view = new HandView().List(9, 300, largest);
        for (ulong t = 0; t <= 9; t++)
        {
            view.Totals[t] = new TermTotals(0, 0, Money.FieldMax);
            view.Money[(Fixture.Of(0), t)] = new Money(null, Money.FieldMax);
            view.Deeds[(Fixture.Of(0), t)] = new Deeds(uint.MaxValue, ushort.MaxValue, 0, uint.MaxValue, uint.MaxValue, uint.MaxValue);
        }
        Roll roll = new RollMaker(largest, Fixture.Defaults).At(9, view);
        Assert.Equal(300, roll.Entries.Length);
        Assert.All(roll.Entries, static entry => Assert.InRange(entry.Weight, 1, 10_000));
    }
}
