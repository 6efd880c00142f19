namespace CPChain.Types;

/// <summary>Amounts of the native coin; one CPC is 10^18 base units.</summary>
public static class Units
{
    public const int Decimals = 18;

    public static UInt256 Cpc { get; } = 1_000_000_000_000_000_000UL;

    public static UInt256 Gwei { get; } = 1_000_000_000UL;

    /// <summary>Decimal CPC without trailing zeros, such as "1.5 CPC".</summary>
    public static string FormatCpc(UInt256 baseUnits)
    {
        UInt256.DivRem(baseUnits, Cpc, out UInt256 whole, out UInt256 rest);
        if (rest.IsZero) return $"{whole} CPC";
        string fraction = rest.ToString().PadLeft(Decimals, '0').TrimEnd('0');
        return $"{whole}.{fraction} CPC";
    }

    /// <summary>Reads decimal CPC with at most 18 places, " CPC" behind it allowed.</summary>
    public static bool TryParseCpc(string text, out UInt256 baseUnits)
    {
        baseUnits = default;
        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        if (digits.EndsWith("CPC", StringComparison.OrdinalIgnoreCase)) digits = digits[..^3].TrimEnd();
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : digits[(point + 1)..];
        if (fraction.Length > Decimals || (point >= 0 && fraction.IsEmpty) || whole.Contains('x')) return false;
        string padded = fraction.ToString().PadRight(Decimals, '0');
        return UInt256.TryParse(whole, out UInt256 cpc)
            && padded.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
            && UInt256.TryParse(padded, out UInt256 rest)
            && UInt256.TryMultiply(cpc, Cpc, out UInt256 scaled)
            && UInt256.TryAdd(scaled, rest, out baseUnits);
    }
}
