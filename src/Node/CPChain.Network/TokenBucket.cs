namespace CPChain.Network;

/// <summary>
/// Budget of one peer: holds at most a burst of units and gains a number of them each second.
/// Spending may go below zero; the debt is the time to wait. Used by one reader.
/// </summary>
internal sealed class TokenBucket
{
    private readonly TimeProvider time;
    private readonly long perSecond;
    private readonly long burst;
    private long tokens;
    private long filledAt;

    internal TokenBucket(TimeProvider time, long perSecond, long burst)
    {
        this.time = time;
        this.perSecond = perSecond;
        this.burst = burst;
        tokens = burst;
        filledAt = time.GetTimestamp();
    }

    /// <summary>Time the caller must wait after this expense so that the peer stays inside its budget; zero while tokens last.</summary>
    internal TimeSpan Spend(long units)
    {
        long now = time.GetTimestamp();
        long elapsedMs = (long)time.GetElapsedTime(filledAt, now).TotalMilliseconds;
        if (elapsedMs > 0)
        {
            long gain = elapsedMs >= 60_000 ? burst : elapsedMs * perSecond / 1000;
            tokens = Math.Min(burst, tokens + gain);
            filledAt = now;
        }
        tokens -= units;
        return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Max(1, -tokens * 1000 / perSecond));
    }
}
