using System.Globalization;
using CPChain.Types;

namespace CPChain.App.Proposing;

/// <summary>Block time for people.</summary>
internal static class ChainTime
{
    /// <summary>Such as 2026-01-31 12:00:05 UTC; far in the future it is "no time soon".</summary>
    public static string Show(UInt256 unixSeconds) => Show(unixSeconds.ToUlongSaturating());

    /// <inheritdoc cref="Show(UInt256)"/>
    public static string Show(ulong unixSeconds) => unixSeconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds((long)unixSeconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : "no time soon";
}
