using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>What a coalition gained, in seats of a committee, and the bound of D9.5; averages over the tails that it really had.</summary>
/// <param name="CoalitionShare">Mean seats of the coalition without an attack.</param>
/// <param name="Gain">Mean seats more, by withholding, default proposers being honest.</param>
/// <param name="GainBound">The bound of that.</param>
/// <param name="GainWithDefaults">The same if the coalition has the default proposers too.</param>
/// <param name="GainWithDefaultsBound">The bound of that.</param>
/// <param name="Error">Standard error of the measured means.</param>
/// <param name="MeanTail">Numbers at the end of a term that the coalition holds, on average.</param>
public sealed record GrindingResult(
    double CoalitionShare, double Gain, double GainBound, double GainWithDefaults, double GainWithDefaultsBound, double Error, double MeanTail);

/// <summary>A coalition of candidates withholds blocks at the end of a term to have a better seed for a roll on which it stands (D9.4).</summary>
/// <param name="parameters">The chain's numbers.</param>
/// <param name="defaults">Its default proposers.</param>
/// <param name="roll">The roll that the seed is for.</param>
/// <param name="seed">Makes runs repeatable.</param>
public sealed class GrindingAttack(DporParameters parameters, ImmutableArray<Address> defaults, Roll roll, ulong seed)
{
    private const int TailMax = 12;
    private readonly Election _election = new(parameters, defaults);
    private readonly SeededRandom _random = new(seed);
    private int _drawn;

    /// <summary>Plays so many terms with a coalition of about <paramref name="percent"/> of all weight.</summary>
    public GrindingResult Run(int terms, int percent)
    {
        HashSet<Address> coalition = Coalition(percent);
        double[] honest = new double[terms];
        for (int i = 0; i < terms; i++)
            honest[i] = Seats(coalition);
        double mean = honest.Average();
        double deviation = Math.Sqrt(honest.Sum(seats => (seats - mean) * (seats - mean)) / terms);
        double[] values = Values(honest, mean);
        double gain = 0, squares = 0, bound = 0, gainAll = 0, boundAll = 0, tails = 0;
        for (int i = 0; i < terms; i++)
        {
            int tail = TailOf(coalition);
            tails += tail;
            double won = Play(coalition, tail, values) - mean;
            gain += won;
            squares += won * won;
            bound += deviation * Statistics.BestOf(tail + 1);
            gainAll += BestOf(coalition, 1 << tail) - mean;
            boundAll += deviation * Statistics.BestOf(1 << tail);
        }
        double error = Math.Sqrt((squares / terms - gain / terms * (gain / terms) + deviation * deviation) / terms);
        return new GrindingResult(mean, gain / terms, bound / terms, gainAll / terms, boundAll / terms, error, tails / terms);
    }

    // What a tail of k is worth, played best: the better of two known seeds, or a fresh one with a tail two shorter.
    private static double[] Values(double[] honest, double mean)
    {
        double[] chances = new double[(int)honest.Max() + 1];
        foreach (double seats in honest)
            chances[(int)seats] += 1.0 / honest.Length;
        double[] values = new double[TailMax + 1];
        values[0] = mean;
        for (int k = 1; k <= TailMax; k++)
        {
            double fresh = k >= 2 ? values[k - 2] : 0;
            for (int a = 0; a < chances.Length; a++)
            {
                for (int b = 0; b < chances.Length; b++)
                    values[k] += chances[a] * chances[b] * Math.Max(Math.Max(a, b), fresh);
            }
        }
        return values;
    }

    private double Play(HashSet<Address> coalition, int tail, double[] values)
    {
        if (tail == 0)
            return Seats(coalition);
        double known = Math.Max(Seats(coalition), Seats(coalition));
        return tail >= 2 && values[tail - 2] > known ? Play(coalition, tail - 2, values) : known;
    }

    private double BestOf(HashSet<Address> coalition, int seeds)
    {
        double best = 0;
        for (int i = 0; i < seeds; i++)
            best = Math.Max(best, Seats(coalition));
        return best;
    }

    // Every seed is looked at once, as hashes of different reveals have nothing to do with each other.
    private Committee Fresh() => _election.Draw(roll, ElectionCampaign.SeedOf(seed, "grind", _drawn++));

    private double Seats(HashSet<Address> coalition) =>
        Fresh().Seats.Count(seat => seat.Elected && coalition.Contains(seat.Account));

    private int TailOf(HashSet<Address> coalition) => Math.Min(
        TailMax, Fresh().Seats.Reverse().TakeWhile(seat => seat.Elected && coalition.Contains(seat.Account)).Count());

    private HashSet<Address> Coalition(int percent)
    {
        long all = roll.Entries.Sum(static entry => (long)entry.Weight);
        HashSet<Address> coalition = [];
        long weight = 0;
        while (weight * 100 < all * percent)
        {
            RollEntry entry = roll.Entries[_random.Below(roll.Entries.Length)];
            if (coalition.Add(entry.Account))
                weight += entry.Weight;
        }
        return coalition;
    }
}
