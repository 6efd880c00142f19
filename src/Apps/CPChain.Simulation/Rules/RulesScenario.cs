using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Simulation.Rules.Adversaries;

namespace CPChain.Simulation.Rules;

/// <summary>How one node's clocks differ from true time.</summary>
/// <param name="OffsetMs">Wall clock minus true time.</param>
/// <param name="DriftPpm">How much faster all its clocks run, parts per million.</param>
/// <param name="EarlyMs">Its round timers run out this much too early.</param>
/// <param name="StepAtMs">When the wall clock is set anew; 0 for never.</param>
/// <param name="StepMs">By how much.</param>
public sealed record NodeClock(long OffsetMs = 0, int DriftPpm = 0, int EarlyMs = 0, long StepAtMs = 0, long StepMs = 0)
{
    public static NodeClock True { get; } = new();

    public ulong WallMs(long trueMs)
    {
        long wall = trueMs + OffsetMs + (trueMs * DriftPpm / 1_000_000) + (StepAtMs > 0 && trueMs >= StepAtMs ? StepMs : 0);
        return (ulong)Math.Max(wall, 0);
    }

    /// <summary>True time until a timer of this kind and length runs out.</summary>
    public long TrueMs(long delayMs, bool isRound) =>
        Math.Max(0, (delayMs * 1_000_000 / (1_000_000 + DriftPpm)) - (isRound ? EarlyMs : 0));
}

/// <summary>A time during which messages from some nodes to some others are lost; both ways are two of these.</summary>
public sealed record LinkCut(long FromMs, long UntilMs, uint Senders, uint Receivers);

/// <summary>A time during which every honest node and proposer is down; they come back within the spread.</summary>
public sealed record Halt(long AtMs, long ForMs, int SpreadMs);

/// <summary>Everything that decides a run. Equal scenarios give equal runs, bit by bit.</summary>
public sealed record RulesScenario
{
    public required ulong Seed { get; init; }

    public required CommitteeSize Committee { get; init; }

    public LbftRules Rules { get; init; } = LbftRules.Certified;

    public LbftParameters Times { get; init; } = Brisk;

    /// <summary>Blocks that must be final at the end.</summary>
    public int Heights { get; init; } = 3;

    /// <summary>From here on messages arrive whole and in time, nobody crashes, and proposers behave.</summary>
    public long HealAtMs { get; init; }

    public int LossPercent { get; init; }

    public int DuplicatePercent { get; init; }

    /// <summary>Longest delay of a message while faults last, milliseconds; afterwards it is Delta.</summary>
    public int DelayMsMax { get; init; } = 100;

    /// <summary>Crashes in a thousand effects while faults last.</summary>
    public int CrashPerMille { get; init; }

    public IReadOnlyList<LinkCut> Cuts { get; init; } = [];

    public IReadOnlyList<Halt> Halts { get; init; } = [];

    /// <summary>By seat; the missing ones are true.</summary>
    public IReadOnlyList<NodeClock> Clocks { get; init; } = [];

    /// <summary>Honest seats whose messages take this long in either direction, and how long; even when healed.</summary>
    public (SeatSet Seats, int DelayMs) Slow { get; init; }

    /// <summary>VALIDATE and every first copy of a message are lost, even when healed.</summary>
    public bool LosesFirstCopies { get; init; }

    /// <summary>Seats that are not honest: down, or what the adversary makes of them.</summary>
    public SeatSet Byzantine { get; init; }

    /// <summary>The mind of the Byzantine seats; they are silent without one.</summary>
    public Func<RulesWorld, Adversary>? Adversary { get; init; }

    /// <summary>Who proposes a height; honest without one. Asked in the order of heights.</summary>
    public Func<RulesWorld, ulong, ProposerConduct>? ConductOf { get; init; }

    /// <summary>
    /// Honest seats that lose journal and signer's record in every crash (F12). With the Byzantine ones at most f:
    /// more mute members stop a chain, which L18 wants.
    /// </summary>
    public SeatSet Amnesiac { get; init; }

    /// <summary>Honest seats that come back from a crash with an old copy of their disk; they count likewise.</summary>
    public SeatSet Restored { get; init; }

    /// <summary>How much longer than the bound of L25 a run may take, for halts.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>Coarser re-sending and shorter rounds than a chain's own: cheaper runs and stranger schedules.</summary>
    public static LbftParameters Brisk { get; } = LbftParameters.ForPeriod(1000) with
    {
        ResendMs = 250,
        RoundBaseMs = 2000,
        RoundMaxMs = 6000,
    };

    /// <summary>
    /// When all must be final once faults have stopped: L25's bound for every height that is left, milliseconds.
    /// </summary>
    public long DeadlineMs => HealAtMs + (Heights * ((2L * Times.TimeoutMs) + Times.PeriodMs + Times.DriftMs
        + ((long)(Committee.Faulty + 3) * Times.RoundMaxMs))) + (long)Patience.TotalMilliseconds;

    /// <summary>A mixture of all faults at once, chosen by the seed, with up to f seats that contradict themselves.</summary>
    public static RulesScenario FromSeed(ulong seed, int validators, LbftRules? rules = null)
    {
        SeededRandom random = new(seed ^ ((ulong)validators << 56));
        CommitteeSize committee = CommitteeSize.Of(validators);
        SeatSet byzantine = SeatSet.Empty;
        int count = random.Below(committee.Faulty + 1);
        while (byzantine.Count < count) byzantine = byzantine.With(new Seat(random.Below(validators)));
        long healAtMs = 4000 + random.Below(16_000);
        return new RulesScenario
        {
            Seed = seed,
            Committee = committee,
            Rules = rules ?? LbftRules.Certified,
            Byzantine = byzantine,
            Adversary = byzantine.IsEmpty ? null : world => new Contradictor(world),
            ConductOf = AnyConduct,
            LossPercent = random.Below(45),
            DuplicatePercent = random.Below(20),
            DelayMsMax = random.Chance(50) ? 100 : 4000,
            CrashPerMille = random.Chance(50) ? 0 : random.Below(3),
            Restored = byzantine.Count == committee.Faulty ? SeatSet.Empty : AnyHonest(random, committee, byzantine),
            Clocks = random.Chance(50) ? [] : AnyClocks(random, validators),
            Cuts = random.Chance(50) ? [] : AnyCuts(random, validators, healAtMs),
            HealAtMs = healAtMs,
        };
    }

    /// <summary>While faults last, half of the proposers misbehave in some way.</summary>
    public static ProposerConduct AnyConduct(RulesWorld world, ulong height) =>
        !world.IsHealed && world.Random.Chance(50)
            ? (ProposerConduct)world.Random.Below((int)ProposerConduct.ShowsToFew + 1)
            : ProposerConduct.Honest;

    private static SeatSet AnyHonest(SeededRandom random, CommitteeSize committee, SeatSet byzantine)
    {
        Seat seat = new(random.Below(committee.Validators));
        return byzantine.Contains(seat) ? SeatSet.Empty : SeatSet.Of(seat);
    }

    // Within the tolerance of L1, so that honest clocks stay honest.
    private static NodeClock[] AnyClocks(SeededRandom random, int validators)
    {
        NodeClock[] clocks = new NodeClock[validators];
        for (int seat = 0; seat < validators; seat++)
            clocks[seat] = new NodeClock(random.Below(Brisk.DriftMs) - (Brisk.DriftMs / 2), random.Below(200) - 100);
        return clocks;
    }

    private static LinkCut[] AnyCuts(SeededRandom random, int validators, long healAtMs)
    {
        LinkCut[] cuts = new LinkCut[1 + random.Below(4)];
        for (int index = 0; index < cuts.Length; index++)
        {
            long from = random.Below((int)healAtMs);
            uint senders = (uint)random.Below(1 << validators);
            uint receivers = random.Chance(50) ? ~senders : (uint)random.Below(1 << validators);
            cuts[index] = new LinkCut(from, from + random.Below(8000), senders, receivers);
        }

        return cuts;
    }
}
