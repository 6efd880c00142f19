using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>Coins of an account in genesis.</summary>
/// <param name="Account">An account that is no system contract.</param>
/// <param name="Amount">Base units, more than 0.</param>
public sealed record Holding(Address Account, UInt256 Amount);

/// <summary>When a vested grant comes free: equal batches, the first one step after the origin (D15).</summary>
/// <param name="StepSeconds">From batch to batch, 1 to 10^9 seconds.</param>
/// <param name="Batches">How many, 1 to 100.</param>
public sealed record VestingPlan(ulong StepSeconds, int Batches)
{
    /// <summary>Four years (GOV-02).</summary>
    public static VestingPlan FourYears { get; } = new(365 * 86_400, 4);

    /// <summary>Three years: the profile `en` (GOV-03).</summary>
    public static VestingPlan ThreeYears { get; } = new(365 * 86_400, 3);
}

/// <summary>Who has the billion coins at block 0 (D15).</summary>
public sealed record EconomyDistribution
{
    /// <summary>Coins of the reserve, from which block rewards and interest are paid; base units.</summary>
    public required UInt256 Reserve { get; init; }

    /// <summary>When the grants of the team come free.</summary>
    public required VestingPlan Vesting { get; init; }

    /// <summary>Grants that the vesting contract holds, one for a beneficiary.</summary>
    public required ImmutableArray<Holding> Team { get; init; }

    /// <summary>Everybody else: accounts that have their coins from the first block on.</summary>
    public required ImmutableArray<Holding> Community { get; init; }

    /// <summary>
    /// 40 % to the reserve, 20 % to one vested beneficiary, and of the remaining 40 % what is listed to who is listed and
    /// all else to <paramref name="rest"/>, who may be listed too.
    /// </summary>
    public static EconomyDistribution Paper(Address team, ImmutableArray<Holding> community, Address rest)
    {
        UInt256 listed = SumOf(community), whole = Percent(40);
        Invariant.Check(listed <= whole, "the community has 40 % of all coins and no more");
        ImmutableArray<Holding> all = [.. community.Where(one => one.Account != rest)];
        UInt256 own = whole - SumOf(all);
        return new EconomyDistribution
        {
            Reserve = Percent(40),
            Vesting = VestingPlan.FourYears,
            Team = [new Holding(team, Percent(20))],
            Community = own.IsZero ? all : [.. all, new Holding(rest, own)],
        };
    }

    /// <summary>What is wrong, by field and reason; null when the holders are distinct and have 10^9 CPC together.</summary>
    public (string Field, string Reason)? Fault()
    {
        if (Vesting.StepSeconds is 0 or > 1_000_000_000)
            return ("vesting.stepSeconds", "must be from 1 to 1000000000");
        if (Vesting.Batches is < 1 or > 100)
            return ("vesting.batches", "must be from 1 to 100");
        if (Reserve > EconomyGenesis.Supply)
            return ("reserve", "more than all coins");
        if ((FaultOf("team", Team) ?? FaultOf("community", Community)) is { } fault)
            return fault;
        UInt256 sum = Reserve + SumOf(Team) + SumOf(Community);
        return sum == EconomyGenesis.Supply ? null : ("sum", $"{sum} base units together instead of {EconomyGenesis.Supply}");
    }

    internal static UInt256 SumOf(ImmutableArray<Holding> holdings) =>
        holdings.Aggregate(UInt256.Zero, static (sum, one) => sum + one.Amount);

    private static (string Field, string Reason)? FaultOf(string list, ImmutableArray<Holding> holdings)
    {
        if (holdings.IsDefault)
            return (list, "is missing");
        HashSet<Address> seen = [];
        for (int i = 0; i < holdings.Length; i++)
        {
            (Address account, UInt256 amount) = holdings[i];
            if (EconomyGenesis.FaultOf(account) is string reason)
                return ($"{list}[{i}]", reason);
            if (!seen.Add(account))
                return ($"{list}[{i}]", "listed twice");
            if (amount.IsZero || amount > EconomyGenesis.Supply)
                return ($"{list}[{i}]", "from 1 unit to all coins");
        }
        return null;
    }

    private static UInt256 Percent(ulong percent) => EconomyGenesis.Supply / 100UL * percent;
}
