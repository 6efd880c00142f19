using System.Globalization;
using System.Numerics;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>Amounts that people read and the base units that the chain counts.</summary>
public static class Coins
{
    /// <summary>Base units of a decimal number of CPC, such as <c>1.5m</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or has more than 18 places.</exception>
    public static UInt256 Cpc(decimal cpc) => Of(cpc, Units.Decimals);

    /// <summary>Base units of a text such as <c>1.5</c> or <c>1.5 CPC</c>.</summary>
    /// <exception cref="FormatException">The text is no such amount.</exception>
    public static UInt256 ParseCpc(string text) => Units.TryParseCpc(text, out UInt256 amount)
        ? amount
        : throw new FormatException($"'{text}' is no amount of CPC: digits, a point and at most 18 places are expected.");

    /// <summary>Such as <c>1.5 CPC</c>.</summary>
    public static string Show(UInt256 baseUnits) => Units.FormatCpc(baseUnits);

    /// <summary>Base units of a decimal number of a token with so many places.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or has more places than the token.</exception>
    public static UInt256 Of(decimal amount, int decimals)
    {
        CheckDecimals(decimals);
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        int[] bits = decimal.GetBits(amount);
        int places = (bits[3] >> 16) & 0xff;
        BigInteger digits = ((BigInteger)unchecked((uint)bits[2]) << 64) + ((BigInteger)unchecked((uint)bits[1]) << 32)
            + unchecked((uint)bits[0]);
        if (places <= decimals) return UInt256.FromBigInteger(digits * BigInteger.Pow(10, decimals - places));
        BigInteger whole = BigInteger.DivRem(digits, BigInteger.Pow(10, places - decimals), out BigInteger rest);
        return rest.IsZero
            ? UInt256.FromBigInteger(whole)
            : throw new ArgumentOutOfRangeException(nameof(amount), amount, $"The coin has {decimals} decimal places.");
    }

    /// <summary>The decimal text of base units of a token with so many places.</summary>
    public static string Show(UInt256 baseUnits, int decimals)
    {
        CheckDecimals(decimals);
        string digits = baseUnits.ToString().PadLeft(decimals + 1, '0');
        string fraction = digits[^decimals..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^decimals] : $"{digits[..^decimals]}.{fraction}";
    }

    /// <summary>The decimal number of base units of a token with so many places.</summary>
    /// <exception cref="OverflowException">It has more digits than <see cref="decimal"/> holds.</exception>
    public static decimal ToDecimal(UInt256 baseUnits, int decimals = Units.Decimals)
    {
        decimal number = decimal.Parse(Show(baseUnits, decimals), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return Of(number, decimals) == baseUnits ? number : throw new OverflowException("The amount has too many digits.");
    }

    private static void CheckDecimals(int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, 77);
    }
}
