using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>What may be done in the economy pool (D14.1).</summary>
public enum SeasonPhase
{
    /// <summary>Deposits and withdrawals.</summary>
    Raising,

    /// <summary>Nothing.</summary>
    Locked,

    /// <summary>Interest.</summary>
    Settlement,
}

/// <summary>Seasons by block time and their interest (D14).</summary>
/// <param name="times">The chain's numbers.</param>
/// <param name="originSeconds">Time of block 0, Unix seconds.</param>
public sealed class EconomySeason(SeasonTimes times, ulong originSeconds)
{
    /// <summary>Season and phase at a block time, Unix seconds; before block 0 there is none.</summary>
    public (ulong Season, SeasonPhase Phase) At(ulong seconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, originSeconds);
        ulong since = seconds - originSeconds;
        ulong offset = since % times.Length;
        SeasonPhase phase = offset < times.RaiseSeconds ? SeasonPhase.Raising
            : offset < times.RaiseSeconds + times.LockSeconds ? SeasonPhase.Locked : SeasonPhase.Settlement;
        return (since / times.Length, phase);
    }

    /// <summary>Interest of a season before the reserve is looked at, base units (D14.2).</summary>
    public UInt256 PoolOf(ulong season)
    {
        ulong dead = DeadBefore((season + 1) * times.Length) - DeadBefore(season * times.Length);
        return times.SeasonPool * (times.Length - dead) / times.Length;
    }

    /// <summary>A deposit's interest (D14.3), base units; nothing if nobody takes part.</summary>
    public static UInt256 Share(in UInt256 pool, in UInt256 deposit, in UInt256 total) =>
        total.IsZero ? UInt256.Zero : pool * deposit / total;

    // Seconds of the first `seconds` from the origin on in which no interest accrues.
    private ulong DeadBefore(ulong seconds)
    {
        ulong alive = AliveSeconds();
        if (alive >= times.YearSeconds)
            return 0;
        ulong dead = times.YearSeconds - alive;
        ulong rest = seconds % times.YearSeconds;
        return seconds / times.YearSeconds * dead + (rest > alive ? rest - alive : 0);
    }

    private ulong AliveSeconds() => times.SeasonPool.IsZero
        ? ulong.MaxValue : (times.YearPool * times.Length / times.SeasonPool).ToUlongSaturating();
}
