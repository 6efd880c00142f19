using System.Buffers.Binary;
using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>Many elections of one roll at fixed seeds, against what the weights say.</summary>
/// <param name="parameters">The chain's numbers.</param>
/// <param name="defaults">Its default proposers.</param>
/// <param name="roll">The roll.</param>
/// <param name="seed">What the seeds of the elections are made from.</param>
public sealed class ElectionCampaign(DporParameters parameters, ImmutableArray<Address> defaults, Roll roll, ulong seed)
{
    /// <summary>The seed of election <paramref name="index"/> of a series.</summary>
    public static Hash256 SeedOf(ulong seed, string series, int index)
    {
        byte[] input = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(input, seed);
        BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(8), index);
        return Keccak256.Hash([.. System.Text.Encoding.UTF8.GetBytes(series), .. input]);
    }

    /// <summary>How likely first draws at least as uneven as these are, if they follow the weights.</summary>
    public double FirstDrawP(int elections)
    {
        // One seat and one group: the only draw is the first.
        DporParameters one = parameters with { Seats = 1, LowSeats = 0 };
        Election election = new(one, defaults);
        Roll all = roll with { Entries = [.. roll.Entries.Select(static entry => entry with { High = true })] };
        Dictionary<Address, int> places = Places();
        long[] counts = new long[places.Count];
        for (int i = 0; i < elections; i++)
            counts[places[election.Draw(all, SeedOf(seed, "first", i)).Seats[0].Account]]++;
        double[] weights = [.. roll.Entries.Select(static entry => (double)entry.Weight)];
        return Statistics.ChiSquareP(Statistics.ChiSquare(counts, weights), Math.Max(1, counts.Length - 1));
    }

    /// <summary>The largest distance of anybody's frequency of sitting from its exact chance, in standard errors, and the low group's share of seats.</summary>
    public (double WorstError, double LowShare) Inclusion(int elections)
    {
        Election election = new(parameters, defaults);
        Dictionary<Address, int> places = Places();
        long[] counts = new long[places.Count];
        for (int i = 0; i < elections; i++)
        {
            foreach (CommitteeSeat seat in election.Draw(roll, SeedOf(seed, "seats", i)).Seats)
            {
                if (seat.Elected)
                    counts[places[seat.Account]]++;
            }
        }
        int low = roll.LowCount;
        GroupSeats seats = GroupSeats.Of(parameters, low, roll.Entries.Length - low);
        double[] chances =
        [
            .. InclusionReference.Chances([.. roll.Entries[..low].Select(static entry => entry.Weight)], seats.Low),
            .. InclusionReference.Chances([.. roll.Entries[low..].Select(static entry => entry.Weight)], seats.High),
        ];
        double worst = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double error = Math.Sqrt(elections * chances[i] * (1 - chances[i]));
            if (error > 0)
                worst = Math.Max(worst, Math.Abs(counts[i] - elections * chances[i]) / error);
        }
        return (worst, counts.Take(low).Sum() / (double)elections / parameters.Seats);
    }

    private Dictionary<Address, int> Places() =>
        roll.Entries.Select(static (entry, i) => (entry.Account, i)).ToDictionary(static pair => pair.Account, static pair => pair.i);
}
