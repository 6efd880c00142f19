using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Times and sums of the economy pool (D14).</summary>
/// <param name="RaiseSeconds">Raising: deposits and withdrawals.</param>
/// <param name="LockSeconds">Locked: nothing.</param>
/// <param name="SettleSeconds">Settlement: interest.</param>
/// <param name="SeasonPool">Interest of a whole season, base units.</param>
/// <param name="YearSeconds">How long the bound of a year holds.</param>
/// <param name="YearPool">Interest in any such year, at most, base units.</param>
public sealed record SeasonTimes(
    ulong RaiseSeconds, ulong LockSeconds, ulong SettleSeconds, UInt256 SeasonPool, ulong YearSeconds, UInt256 YearPool)
{
    private const ulong Day = 86_400;

    /// <summary>3 + 84 + 3 days, 1,250,000 CPC a season, 5,000,000 CPC in 365 days (paper 5.1.3, A9).</summary>
    public static SeasonTimes Main { get; } = new(
        3 * Day, 84 * Day, 3 * Day, Units.Cpc * 1_250_000UL, 365 * Day, Units.Cpc * 5_000_000UL);

    /// <summary>Two minutes a season, for devnets.</summary>
    public static SeasonTimes Short { get; } = new(30, 60, 30, Units.Cpc * 1_250UL, 486, Units.Cpc * 5_000UL);

    /// <summary>Seconds of a season.</summary>
    public ulong Length => RaiseSeconds + LockSeconds + SettleSeconds;

    internal string? Fault()
    {
        if (((ulong[])[RaiseSeconds, LockSeconds, SettleSeconds]).Any(static part => part is 0 or > 100_000_000))
            return "raise, lock and settle from 1 to 10^8 seconds";
        if (YearSeconds is 0 or > 1_000_000_000)
            return "a year from 1 to 10^9 seconds";
        return SeasonPool > DporParameters.SupplyMax || YearPool > DporParameters.SupplyMax
            ? "pools of 10^10 CPC at most" : null;
    }
}
