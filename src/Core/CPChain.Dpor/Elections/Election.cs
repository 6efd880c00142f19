using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>From a roll and a seed to a committee (D8): a weighted draw without replacement, group by group.</summary>
/// <param name="parameters">The chain's numbers.</param>
/// <param name="defaults">Its default proposers, at least one.</param>
public sealed class Election(DporParameters parameters, ImmutableArray<Address> defaults)
{
    /// <summary>Names the entry that a number below the sum of the weights hits.</summary>
    internal delegate int Hit(ReadOnlySpan<int> weights, ulong number);

    /// <summary>The committee of the roll's term, strikes included: what the checkpoint two terms before stores.</summary>
    public Committee At(Roll roll, Hash256 seed, IDporView view) => Strike(Draw(roll, seed), view);

    /// <summary>D8.2 to D8.4: elected seats have their commitments, those of default proposers none yet.</summary>
    public Committee Draw(Roll roll, Hash256 seed) => Draw(roll, seed, FirstAbove);

    /// <summary>Who serves a term without roll (D2.5).</summary>
    public Committee OfDefaults(ulong term, IDporView view) =>
        new(term, [.. Enumerable.Range(0, parameters.Seats).Select(seat => DefaultSeat(term, seat, view))]);

    /// <summary>D8.5: seats of accounts that may no longer serve go to default proposers, whose commitments are read.</summary>
    public Committee Strike(Committee drawn, IDporView view)
    {
        HashSet<Address> validators = [.. view.ValidatorsOf(drawn.Term)];
        ulong checkpointTerm = drawn.Term - Terms.DrawLead;
        bool Struck(Address account) => view.DepositOf(account) < parameters.RNodeDeposit || validators.Contains(account)
            || view.PenaltiesOf(account).CountIn(checkpointTerm, parameters.PenaltyWindow) >= parameters.PenaltyLimit;

        return drawn with
        {
            Seats =
            [
                .. drawn.Seats.Select((seat, i) => !seat.Elected
                    ? seat with { Commitment = view.DefaultCommitmentOf(seat.Account, drawn.Term) }
                    : Struck(seat.Account) ? DefaultSeat(drawn.Term, i, view) : seat),
            ],
        };
    }

    /// <summary>The draw with a planted way to hit, for tests of the tests.</summary>
    internal Committee Draw(Roll roll, Hash256 seed, Hit hit)
    {
        DrawDie die = new(seed);
        int lowCount = roll.LowCount;
        GroupSeats wanted = GroupSeats.Of(parameters, lowCount, roll.Entries.Length - lowCount);
        CommitteeSeat[] seats = new CommitteeSeat[parameters.Seats];
        int filled = Fill(seats, 0, roll.Entries.AsSpan()[..lowCount], wanted.Low, die, hit);
        filled = Fill(seats, filled, roll.Entries.AsSpan()[lowCount..], wanted.High, die, hit);
        for (int i = 0; filled < seats.Length; i++, filled++)
            seats[filled] = new CommitteeSeat(DefaultOf(roll.Term, i), false, Hash256.Zero);
        for (int i = seats.Length - 1; i > 0; i--)
        {
            int other = (int)die.Below((ulong)(i + 1));
            (seats[i], seats[other]) = (seats[other], seats[i]);
        }
        return new Committee(roll.Term, [.. seats]);
    }

    /// <summary>The first entry whose running sum exceeds the number (D8.2).</summary>
    internal static int FirstAbove(ReadOnlySpan<int> weights, ulong number)
    {
        ulong sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += (ulong)weights[i];
            if (number < sum)
                return i;
        }
        throw new InvariantViolation("a number beyond the sum of the weights (D8.2)");
    }

    private static int Fill(
        CommitteeSeat[] seats, int filled, ReadOnlySpan<RollEntry> group, int wanted, DrawDie die, Hit hit)
    {
        int[] weights = new int[group.Length];
        ulong sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = group[i].Weight;
            sum += (ulong)weights[i];
        }
        for (; wanted > 0; wanted--)
        {
            int at = hit(weights, die.Below(sum));
            seats[filled++] = new CommitteeSeat(group[at].Account, true, group[at].Commitment);
            // Weight 0 is never hit: the account has left.
            sum -= (ulong)weights[at];
            weights[at] = 0;
        }
        return filled;
    }

    private CommitteeSeat DefaultSeat(ulong term, int seat, IDporView view)
    {
        Address account = DefaultOf(term, seat);
        return new CommitteeSeat(account, false, view.DefaultCommitmentOf(account, term));
    }

    private Address DefaultOf(ulong term, int i) => defaults[(int)((term + (ulong)i) % (ulong)defaults.Length)];
}
