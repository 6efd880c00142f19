using System.Numerics;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>D7.</summary>
public sealed class RollTests
{
    private static readonly DporParameters Main = DporParameters.Main;
    private static readonly RollMaker Maker = new(Main, Fixture.Defaults);

    [Fact]
    public void A_roll_serves_three_terms_later_by_the_list_of_its_own_term()
    {
        HandView view = new HandView().List(5, 3, Main).List(6, 4, Main);
        Roll roll = Maker.At(5, view);
        Assert.Equal(8UL, roll.Term);
        Assert.Equal(3, roll.Entries.Length);
        Assert.Empty(Maker.At(4, view).Entries);
    }

    [Fact]
    public void Who_may_not_stand_does_not_stand_nor_rank()
    {
        HandView view = new HandView().List(5, 6, Main);
        view.Deposits[Fixture.Of(5)] = Main.RNodeDeposit - UInt256.One;
        (view.Validators, view.ValidatorsTerm) = ([Fixture.Of(4)], 8);
        view.Candidates[5] =
        [
            .. view.Candidates[5], new Candidate(Fixture.Defaults[0], Fixture.Hash(1)), new Candidate(Fixture.Of(0), Fixture.Hash(999)),
        ];
        view.Deposits[Fixture.Defaults[0]] = Main.RNodeDeposit;
        Roll roll = Maker.At(5, view);
        Assert.Equal([0, 1, 2, 3], roll.Entries.Select(static entry => (int)(ulong)(entry.Account.ToUInt256() - 0x10_0000UL)));
        // The first entry of an account holds, and ranks are among four.
        Assert.Equal(Fixture.Hash(100), roll.Entries[0].Commitment);
        Assert.Equal([1_250, 2_500, 3_750, 5_000], roll.Entries.Select(static entry => entry.Weight));
        Assert.Equal([false, false, true, true], roll.Entries.Select(static entry => entry.High));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void Below_h_nobody_stands(int impeached, bool stands)
    {
        HandView view = new HandView().List(5, 2, Main);
        view.Balances[Fixture.Of(0)] = UInt256.Zero;
        PenaltyQueue queue = default;
        for (int i = 0; i < impeached; i++)
            queue = queue.With(5);
        view.Penalties[Fixture.Of(0)] = queue;
        Assert.Equal(stands ? 2 : 1, Maker.At(5, view).Entries.Length);
    }

    [Fact]
    public void Equals_stand_by_address_and_activity_moves_nobody_to_the_other_group()
    {
        HandView view = new HandView().List(5, 4, Main);
        view.Candidates[5] = [.. view.Candidates[5].Reverse()];
        for (int i = 0; i < 4; i++)
            view.Balances[Fixture.Of(i)] = Fixture.Cpc(7);
        view.Deeds[(Fixture.Of(0), 5)] = new Deeds(36, 0, 0, 20, 20, 20);
        view.Money[(Fixture.Of(0), 5)] = new Money(null, Fixture.Cpc(1_000_000));
        Roll roll = Maker.At(5, view);
        Assert.Equal([Fixture.Of(0), Fixture.Of(1), Fixture.Of(2), Fixture.Of(3)], roll.Entries.Select(static entry => entry.Account));
        Assert.Equal([false, false, true, true], roll.Entries.Select(static entry => entry.High));
        Assert.Equal(5_000 + 15 * 8 + 1_500 + 1_000, roll.Entries[0].Weight);
    }

    [Fact]
    public void Rolls_equal_the_text_in_big_integers()
    {
        SeededRandom random = new(8);
        for (int round = 0; round < 150; round++)
        {
            int count = 1 + random.Below(40);
            HandView view = new HandView().List(5, count, Main);
            // In every other round rewards and fees are of a few units, so that the rounding of prices shows.
            bool fine = round % 2 == 0;
            DporParameters parameters = fine ? Main with { Eras = [new Era(1_000, (ulong)random.Below(3_000))] } : Main;
            view.Totals[4] = new TermTotals(36, 0, fine ? (UInt256)(ulong)random.Below(5_000) : Fixture.Cpc((ulong)random.Below(1_000)));
            for (int i = 0; i < count; i++)
            {
                view.Balances[Fixture.Of(i)] = Fixture.Cpc((ulong)random.Below(20));
                view.Deeds[(Fixture.Of(i), 5)] = new Deeds((uint)random.Below(40), (ushort)random.Below(3), 0, (uint)random.Below(12), (uint)random.Below(16), (uint)random.Below(22));
                view.Money[(Fixture.Of(i), 3)] = new Money(
                    null, fine ? (UInt256)(ulong)random.Below(100_000) : Units.Gwei * (ulong)random.Below(2_000_000_000) * 100UL);
                view.Penalties[Fixture.Of(i)] = random.Chance(20) ? default(PenaltyQueue).With(3).With(5) : default;
            }
            RollMaker maker = new(parameters, Fixture.Defaults);
            Assert.Equal(Slow(parameters, view, count), maker.At(5, view).Entries.Select(static entry => (entry.Account, entry.Weight, entry.High)));
        }
    }

    /// <summary>D7.4: for candidates with bought activity, the exact gain in seats over all w rolls is below what was paid.</summary>
    [Fact]
    public void Washing_never_earns_what_it_costs()
    {
        // Twelve stand for four seats, one of them low; chances are exact, by enumeration.
        DporParameters small = Main with { Seats = 3, LowSeats = 1, Views = 12 };
        RollMaker maker = new(small, Fixture.Defaults);
        SeededRandom random = new(6);
        int bought = 0;
        for (int round = 0; round < 60; round++)
        {
            HandView view = new HandView().List(5, 9, small);
            for (int i = 0; i < 9; i++)
                view.Balances[Fixture.Of(i)] = Fixture.Cpc((ulong)random.Below(30));
            double before = Chance(small, maker.At(5, view), out _);
            view.Deeds[(Fixture.Of(0), 5)] = new Deeds(36, 0, 0, 100, 100, 100);
            UInt256 paid = Fixture.Cpc(1UL + (ulong)random.Below(600));
            view.Money[(Fixture.Of(0), 5)] = new Money(null, paid);
            Roll roll = maker.At(5, view);
            double after = Chance(small, roll, out int weight);
            bought += weight > 1_000 ? 1 : 0;
            double income = (double)maker.Income(5, 8, view).ToBigInteger() / small.Seats;
            Assert.True((after - before) * income * small.Window <= (double)paid.ToBigInteger() * (1 + 1e-9));
        }
        Assert.True(bought > 30, "the test must buy something");
    }

    private static double Chance(DporParameters parameters, Roll roll, out int weight)
    {
        RollEntry mine = roll.Entries.Single(static entry => entry.Account == Fixture.Of(0));
        weight = mine.Weight;
        GroupSeats seats = GroupSeats.Of(parameters, roll.LowCount, roll.Entries.Length - roll.LowCount);
        int[] group = [.. roll.Entries.Where(entry => entry.High == mine.High).Select(static entry => entry.Weight)];
        int at = roll.Entries.Where(entry => entry.High == mine.High).TakeWhile(static entry => entry.Account != Fixture.Of(0)).Count();
        return Seated(group, at, mine.High ? seats.High : seats.Low, []);
    }

    private static double Seated(int[] weights, int at, int seats, int[] gone)
    {
        if (seats == 0)
            return 0;
        double left = weights.Where((_, i) => !gone.Contains(i)).Sum();
        double chance = weights[at] / left;
        for (int i = 0; i < weights.Length; i++)
        {
            if (i != at && !gone.Contains(i))
                chance += weights[i] / left * Seated(weights, at, seats - 1, [.. gone, i]);
        }
        return chance;
    }

    private static IEnumerable<(Address Account, int Weight, bool High)> Slow(DporParameters parameters, HandView view, int count)
    {
        Address[] accounts = [.. Enumerable.Range(0, count).Select(Fixture.Of)];
        int Points(Func<Address, BigInteger> value, Address mine) => value(mine).IsZero
            ? 0 : 100 * (count - accounts.Count(other => value(other) > value(mine))) / count;
        Deeds DeedsOf(Address account) => view.Deeds[(account, 5)];

        var scores = accounts.Select(account =>
        {
            int ab = Points(a => view.Balances[a].ToBigInteger() / BigInteger.Pow(10, 18), account);
            int tx = 100 * (int)Math.Min(DeedsOf(account).Sends, 36) / (12 * 36);
            int bm = Points(a => DeedsOf(a).Blocks, account);
            int dc = (int)(Math.Min(30, 3 * DeedsOf(account).Uploads) + Math.Min(70, 5 * DeedsOf(account).Sales));
            int pr = (int)Math.Min(100, 5 * DeedsOf(account).Receipts);
            int left = 9 - (view.Penalties[account] == default ? 0 : 2);
            int lasting = 50 * ab + 10 * bm;
            return (Account: account, Lasting: lasting, Base: Math.Max(1000, lasting) * left / 9, Activity: 15 * tx + 15 * dc + 10 * pr, Left: left);
        }).Where(static score => score.Base >= 300).OrderBy(static score => score.Base).ThenBy(static score => score.Account).ToArray();
        int low = scores.Length * 50 / 100;
        int lowSeats = Math.Min(3, low);
        int highSeats = Math.Min(12 - lowSeats, scores.Length - low);
        lowSeats = Math.Min(12 - highSeats, low);
        BigInteger income = parameters.Eras[0].Reward.ToBigInteger() * 36 + view.Totals[4].ProposerFees.ToBigInteger();
        for (int i = 0; i < scores.Length; i++)
        {
            bool high = i >= low;
            int[] group = [.. scores.Where((_, k) => k >= low == high).Select(static score => score.Base).OrderDescending()];
            int seats = high ? highSeats : lowSeats;
            BigInteger allowed = scores[i].Activity;
            if (group.Length > seats && seats > 0)
            {
                BigInteger divisor = 12 * group.Skip(seats).Sum();
                BigInteger price = (12 * income * seats + divisor - 1) / divisor;
                allowed = price.IsZero ? allowed : BigInteger.Min(allowed, view.Money[(scores[i].Account, 3)].Spent.ToBigInteger() / price);
            }
            yield return (scores[i].Account, (int)(Math.Max(1000, scores[i].Lasting + (int)allowed) * scores[i].Left / 9), high);
        }
    }
}
