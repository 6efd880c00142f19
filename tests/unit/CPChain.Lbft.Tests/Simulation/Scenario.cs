using CPChain.Lbft.Values;

namespace CPChain.Lbft.Tests.Simulation;

/// <summary>What a proposer does at a height.</summary>
public enum ProposerConduct
{
    Honest,
    Silent,
    Late,
    Equivocating,
    Illicit,
    ShowsToFew,
}

/// <summary>Everything that a seed decides about a run.</summary>
public sealed record Scenario(
    ulong Seed,
    CommitteeSize Committee,
    SeatSet Byzantine,
    int LossPercent,
    int DuplicatePercent,
    int DelayMsMax,
    int CrashPercent,
    long HealAtMs,
    int Heights,
    LbftRules Rules,
    int FastClockMs = 0)
{
    /// <summary>Coarser re-sending than the chain's own makes runs cheaper and schedules stranger.</summary>
    public static LbftParameters Times { get; } = LbftParameters.ForPeriod(1000) with
    {
        ResendMs = 250,
        RoundBaseMs = 2000,
        RoundMaxMs = 6000,
    };

    /// <summary>
    /// When all must be final once faults have stopped: L25's bound for every height that is left, milliseconds.
    /// </summary>
    public long DeadlineMs =>
        HealAtMs + (Heights * ((2L * Times.TimeoutMs) + Times.PeriodMs + Times.DriftMs
            + ((long)(Committee.Faulty + 3) * Times.RoundMaxMs)));

    /// <summary>A timely network and honest proposers; v0's clock runs ahead and the last f members say nothing (F1).</summary>
    public static Scenario EarlyClock(int validators, int fastClockMs, int heights, bool isRestHostile, LbftRules? rules = null)
    {
        CommitteeSize committee = CommitteeSize.Of(validators);
        SeatSet rest = SeatSet.Empty;
        for (int seat = committee.StrongQuorum; seat < validators; seat++) rest = rest.With(new Seat(seat));
        return new Scenario(
            1, committee, rest, 0, 0, Times.DelayMs, 0, HealAtMs: 0, heights, rules ?? LbftRules.Certified, fastClockMs)
        {
            IsByzantineSilent = !isRestHostile,
        };
    }

    /// <summary>All honest, many crashes, and v0 loses its journal and its signer's record in each of its own (F12).</summary>
    public static Scenario Amnesia(ulong seed, LbftRules? rules = null) => FromSeed(seed, 4, rules) with
    {
        Byzantine = SeatSet.Empty,
        CrashPercent = 4,
        Amnesiac = new Seat(0),
    };

    /// <summary>The member that loses its journal whenever it crashes.</summary>
    public Seat? Amnesiac { get; init; }

    /// <summary>The Byzantine members say nothing at all.</summary>
    public bool IsByzantineSilent { get; init; }

    public static Scenario FromSeed(ulong seed, int validators, LbftRules? rules = null)
    {
        SeededRandom random = new(seed ^ ((ulong)validators << 56));
        CommitteeSize committee = CommitteeSize.Of(validators);
        SeatSet byzantine = SeatSet.Empty;
        int count = random.Below(committee.Faulty + 1);
        while (byzantine.Count < count) byzantine = byzantine.With(new Seat(random.Below(validators)));
        return new Scenario(
            seed, committee, byzantine,
            LossPercent: random.Below(45),
            DuplicatePercent: random.Below(20),
            DelayMsMax: random.Chance(50) ? 100 : 4000,
            CrashPercent: random.Chance(50) ? 0 : random.Below(3),
            HealAtMs: 4000 + random.Below(16_000),
            Heights: 3,
            rules ?? LbftRules.Certified);
    }
}
