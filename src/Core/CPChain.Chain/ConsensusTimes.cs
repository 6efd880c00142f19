namespace CPChain.Chain;

/// <summary>The times of rule L1, in milliseconds, as the genesis fixes them.</summary>
public sealed record ConsensusTimes
{
    /// <summary>Least time from a block to the next; at least 100.</summary>
    public required ulong PeriodMs { get; init; }

    /// <summary>How long after the slot opened round 0 ends.</summary>
    public required ulong TimeoutMs { get; init; }

    /// <summary>How long after the slot opened a first proposal is still timely.</summary>
    public required ulong BlockDelayMs { get; init; }

    /// <summary>Clock tolerance.</summary>
    public required ulong DriftMs { get; init; }

    /// <summary>Delta: one-way delay with queueing.</summary>
    public required ulong DelayMs { get; init; }

    /// <summary>X: fetching and executing a full block.</summary>
    public required ulong ExecutionMs { get; init; }

    /// <summary>rho: interval of re-sending.</summary>
    public required ulong ResendMs { get; init; }

    /// <summary>Tbase: length of round 1.</summary>
    public required ulong RoundBaseMs { get; init; }

    /// <summary>Tstep: what each further round adds.</summary>
    public required ulong RoundStepMs { get; init; }

    /// <summary>Tmax: the longest round.</summary>
    public required ulong RoundMaxMs { get; init; }

    /// <summary>W: rounds ahead of the own one whose messages are kept.</summary>
    public uint RoundWindow { get; init; } = 64;

    /// <summary>The defaults of L1, for a period of 10 s.</summary>
    public static ConsensusTimes MainNet { get; } = new()
    {
        PeriodMs = 10_000,
        TimeoutMs = 10_000,
        BlockDelayMs = 5_000,
        DriftMs = 500,
        DelayMs = 1_000,
        ExecutionMs = 2_000,
        ResendMs = 500,
        RoundBaseMs = 15_000,
        RoundStepMs = 5_000,
        RoundMaxMs = 60_000,
    };

    /// <summary>For a network on one machine: a block a second.</summary>
    public static ConsensusTimes DevNet { get; } = new()
    {
        PeriodMs = 1_000,
        TimeoutMs = 2_000,
        BlockDelayMs = 800,
        DriftMs = 200,
        DelayMs = 100,
        ExecutionMs = 500,
        ResendMs = 200,
        RoundBaseMs = 2_400,
        RoundStepMs = 1_000,
        RoundMaxMs = 15_000,
    };

    /// <summary>The first constraint of L1 that does not hold, with its field; null when all do.</summary>
    public (string Field, string Reason)? Fault()
    {
        const ulong max = 24UL * 60 * 60 * 1000;
        (string Field, ulong Value)[] all =
        [
            ("periodMs", PeriodMs), ("timeoutMs", TimeoutMs), ("blockDelayMs", BlockDelayMs), ("driftMs", DriftMs),
            ("delayMs", DelayMs), ("executionMs", ExecutionMs), ("resendMs", ResendMs), ("roundBaseMs", RoundBaseMs),
            ("roundStepMs", RoundStepMs), ("roundMaxMs", RoundMaxMs),
        ];
        foreach ((string field, ulong value) in all)
        {
            if (value is 0 or > max)
                return (field, "must be from 1 ms to one day");
        }
        if (PeriodMs < 100)
            return ("periodMs", "must be 100 or more");
        if (TimeoutMs < BlockDelayMs + ExecutionMs + 3 * DelayMs)
            return ("timeoutMs", "must be at least blockDelayMs + executionMs + 3 * delayMs (L1)");
        if (RoundBaseMs < 2 * (5 * DelayMs + ResendMs + ExecutionMs))
            return ("roundBaseMs", "must be at least 2 * (5 * delayMs + resendMs + executionMs) (L1)");
        if (RoundMaxMs < RoundBaseMs)
            return ("roundMaxMs", "must be at least roundBaseMs (L1)");
        if (DriftMs * 4 >= PeriodMs)
            return ("driftMs", "must be less than a quarter of periodMs (L1)");
        if (RoundWindow is 0 or > 1024)
            return ("roundWindow", "must be from 1 to 1024");
        return null;
    }
}
