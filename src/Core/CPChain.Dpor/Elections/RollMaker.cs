using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Makes the roll of a term at the checkpoint three terms before (D7).</summary>
/// <param name="parameters">The chain's numbers.</param>
/// <param name="defaults">Its default proposers.</param>
public sealed class RollMaker(DporParameters parameters, ImmutableArray<Address> defaults)
{
    /// <summary>The roll made at the checkpoint of <paramref name="term"/>, for that term + 3.</summary>
    public Roll At(ulong term, IDporView view)
    {
        ulong served = term + Terms.RollLead;
        Dictionary<Address, Hash256> standing = WhoStands(term, view);
        (ReputationScore Score, int Standing)[] ordered =
        [
            .. Reputation.Of(parameters, view, term, [.. standing.Keys])
                .Select(score => (Score: score, Standing: score.Standing(parameters)))
                .Where(entry => entry.Standing >= parameters.RemovalBelow)
                .OrderBy(static entry => entry.Standing).ThenBy(static entry => entry.Score.Account),
        ];
        int lowCount = ordered.Length * parameters.LowPercent / 100;
        GroupSeats seats = GroupSeats.Of(parameters, lowCount, ordered.Length - lowCount);
        UInt256 income = Income(term, served, view);
        UInt256 lowPrice = Price(income, seats.Low, ordered.AsSpan(0, lowCount));
        UInt256 highPrice = Price(income, seats.High, ordered.AsSpan(lowCount));
        return new Roll(served,
        [
            .. ordered.Select((entry, i) => new RollEntry(
                entry.Score.Account,
                entry.Score.Weight(parameters, i < lowCount ? lowPrice : highPrice),
                i >= lowCount,
                standing[entry.Score.Account])),
        ]);
    }

    /// <summary>What a term's proposers together can expect at most (D7.4), base units.</summary>
    public UInt256 Income(ulong term, ulong served, IDporView view)
    {
        UInt256 fees = UInt256.Zero;
        for (ulong t = Reputation.WindowStart(parameters, term); t <= term; t++)
            fees = UInt256.Max(fees, view.TotalsOf(t).ProposerFees);
        return Eras.RewardOf(parameters, parameters.Terms.FirstOf(served)) * parameters.Terms.Length + fees;
    }

    /// <summary>
    /// Who stands on the list of a term, ranked (D7.1): at its checkpoint what the roll is made from, before it what a roll made now would be.
    /// </summary>
    public Ranking RankingAt(ulong term, IDporView view) => new(parameters, view, term, [.. WhoStands(term, view).Keys]);

    /// <summary>Who stands on the list of a term and with which commitment, each account once (D7.1).</summary>
    public Dictionary<Address, Hash256> WhoStands(ulong term, IDporView view)
    {
        HashSet<Address> barred = [.. defaults, .. view.ValidatorsOf(term + Terms.RollLead)];
        Dictionary<Address, Hash256> standing = [];
        foreach (Candidate candidate in view.CandidatesOf(term))
        {
            if (!barred.Contains(candidate.Account) && view.DepositOf(candidate.Account) >= parameters.RNodeDeposit)
                standing.TryAdd(candidate.Account, candidate.Commitment);
        }
        return standing;
    }

    // The group is in rising order, so the largest m are its last m.
    private UInt256 Price(in UInt256 income, int seats, ReadOnlySpan<(ReputationScore Score, int Standing)> group)
    {
        if (seats == 0 || group.Length <= seats)
            return UInt256.Zero;
        ulong rest = 0;
        foreach ((_, int standing) in group[..^seats])
            rest += (ulong)standing;
        UInt256 divisor = (ulong)parameters.Seats * rest;
        UInt256 dividend = income * (ulong)(parameters.Window * seats);
        return (dividend + divisor - UInt256.One) / divisor;
    }
}
