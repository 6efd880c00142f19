namespace CPChain.Lbft;

/// <summary>The times of L1 in milliseconds, and the round window W; fixed by the chain's genesis.</summary>
/// <param name="PeriodMs">Target time between blocks, at least 100.</param>
/// <param name="TimeoutMs">From the opening of a slot plus this, round 0 is over (T0).</param>
/// <param name="BlockDelayMs">How long after the slot opened a block without f+1 PREPAREs still counts as timely.</param>
/// <param name="DriftMs">Tolerance between honest clocks.</param>
/// <param name="DelayMs">Delta: one-way network delay including queueing.</param>
/// <param name="ExecuteMs">X: fetching and executing a full block.</param>
/// <param name="ResendMs">rho: interval of re-sending.</param>
/// <param name="RoundBaseMs">Tbase: length of round 1.</param>
/// <param name="RoundStepMs">Tstep: growth per round.</param>
/// <param name="RoundMaxMs">Tmax: longest round.</param>
/// <param name="RoundWindow">W: how many rounds ahead of the own one votes are collected.</param>
public sealed record LbftParameters(
    int PeriodMs,
    int TimeoutMs,
    int BlockDelayMs,
    int DriftMs,
    int DelayMs,
    int ExecuteMs,
    int ResendMs,
    int RoundBaseMs,
    int RoundStepMs,
    int RoundMaxMs,
    int RoundWindow = 64)
{
    public const int PeriodMsMin = 100;

    // A day; keeps every sum of times far from overflow.
    private const int TimeMsMax = 86_400_000;

    /// <summary>The defaults of L1.</summary>
    public static LbftParameters Default => ForPeriod(10_000);

    /// <summary>
    /// L1 scaled to a period. Delays stop shrinking below what a loopback network with a synchronised disk needs
    /// (Delta 50, X 100, rho 50), so with periods under 1 s the timeout is longer than the period.
    /// </summary>
    public static LbftParameters ForPeriod(int periodMs)
    {
        int delay = Math.Max(periodMs / 10, 50);
        int execute = Math.Max(periodMs / 5, 100);
        int resend = Math.Max(periodMs / 20, 50);
        int blockDelay = Math.Max(periodMs / 2, 100);
        int drift = Math.Min(Math.Max(periodMs / 20, 20), (periodMs / 4) - 1);
        int timeout = Math.Max(periodMs, blockDelay + execute + (3 * delay));
        int roundBase = 2 * ((5 * delay) + resend + execute);
        return new LbftParameters(
            periodMs, timeout, blockDelay, drift, delay, execute, resend,
            roundBase, RoundStepMs: Math.Max(periodMs / 2, 250), RoundMaxMs: Math.Max(6 * periodMs, 4 * roundBase));
    }

    /// <summary>The same delays with other times that a genesis may name itself.</summary>
    public static LbftParameters ForPeriod(int periodMs, int timeoutMs, int blockDelayMs, int driftMs) =>
        ForPeriod(periodMs) with { TimeoutMs = timeoutMs, BlockDelayMs = blockDelayMs, DriftMs = driftMs };

    /// <summary>T_r of L15 for r >= 1, milliseconds.</summary>
    public int RoundMs(int round) => (int)Math.Min(RoundBaseMs + ((long)(round - 1) * RoundStepMs), RoundMaxMs);

    /// <summary>The first constraint of L1 that does not hold; checked when a node starts.</summary>
    public ParameterFault Check() => this switch
    {
        _ when PeriodMs is < PeriodMsMin or > TimeMsMax => ParameterFault.PeriodOutOfRange,
        _ when TimeoutMs is < 1 or > TimeMsMax || BlockDelayMs is < 0 or > TimeMsMax || DriftMs is < 0 or > TimeMsMax
            || DelayMs is < 1 or > TimeMsMax || ExecuteMs is < 1 or > TimeMsMax || ResendMs is < 1 or > TimeMsMax
            || RoundBaseMs is < 1 or > TimeMsMax || RoundStepMs is < 0 or > TimeMsMax
            || RoundMaxMs is < 1 or > TimeMsMax => ParameterFault.TimeOutOfRange,
        _ when RoundWindow is < 1 or > 1024 => ParameterFault.RoundWindowOutOfRange,
        _ when TimeoutMs < (long)BlockDelayMs + ExecuteMs + (3L * DelayMs) => ParameterFault.TimeoutTooShort,
        _ when RoundBaseMs < 2 * ((5L * DelayMs) + ResendMs + ExecuteMs) => ParameterFault.RoundBaseTooShort,
        _ when RoundMaxMs < RoundBaseMs => ParameterFault.RoundMaxBelowBase,
        _ when 4L * DriftMs >= PeriodMs => ParameterFault.DriftTooLarge,
        _ => ParameterFault.None,
    };
}

/// <summary>The constraint of L1 that a configuration breaks.</summary>
public enum ParameterFault
{
    None,
    PeriodOutOfRange,
    TimeOutOfRange,
    RoundWindowOutOfRange,

    /// <summary>timeout >= blockDelay + X + 3 Delta does not hold.</summary>
    TimeoutTooShort,

    /// <summary>Tbase >= 2 (5 Delta + rho + X) does not hold.</summary>
    RoundBaseTooShort,

    /// <summary>Tmax >= Tbase does not hold.</summary>
    RoundMaxBelowBase,

    /// <summary>drift &lt; period / 4 does not hold.</summary>
    DriftTooLarge,
}
