using System.Globalization;

namespace CPChain.Types;

public readonly partial struct UInt256
{
    private const int DecimalDigitsMax = 78;
    private const ulong TenToThe19 = 10_000_000_000_000_000_000;

    /// <summary>Reads a decimal number, or a hexadecimal one after 0x; throws <see cref="FormatException"/>.</summary>
    public static UInt256 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out UInt256 value) ? value : throw new FormatException($"'{text}' is no 256-bit number.");

    /// <summary>Reads a decimal number, or a hexadecimal one after 0x, of at most 256 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        if (text.Length > 2 && text[0] == '0' && (text[1] is 'x' or 'X')) return TryParseHex(text[2..], out value);
        if (text.IsEmpty || text.Length > DecimalDigitsMax) return false;
        UInt256 sum = default;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            if (!TryMultiply(sum, 10UL, out sum) || !TryAdd(sum, (ulong)(c - '0'), out sum)) return false;
        }

        value = sum;
        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<char> digits, out UInt256 value)
    {
        value = default;
        if (digits.Length > 64) return false;
        UInt256 sum = default;
        foreach (char c in digits)
        {
            if (!char.IsAsciiHexDigit(c)) return false;
            sum = (sum << 4) | (ulong)Convert.ToInt32(c.ToString(), 16);
        }

        value = sum;
        return true;
    }

    /// <summary>The value in decimal.</summary>
    public override string ToString()
    {
        Span<char> digits = stackalloc char[DecimalDigitsMax];
        return new string(FormatDecimal(digits));
    }

    /// <summary>The JSON-RPC quantity form: 0x, no leading zeros, "0x0" for zero.</summary>
    public string ToHexQuantity()
    {
        if (FitsUlong) return "0x" + U0.ToString("x", CultureInfo.InvariantCulture);
        string digits = string.Concat(Limb(U3), Limb(U2), Limb(U1), Limb(U0));
        return "0x" + digits.TrimStart('0');

        static string Limb(ulong limb) => limb.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Decimal, or the quantity form for the format "x".</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        format is "x" or "X" ? ToHexQuantity() : ToString();

    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<char> scratch = stackalloc char[DecimalDigitsMax];
        ReadOnlySpan<char> text = format is "x" or "X" ? ToHexQuantity() : FormatDecimal(scratch);
        charsWritten = 0;
        if (!text.TryCopyTo(destination)) return false;
        charsWritten = text.Length;
        return true;
    }

    private ReadOnlySpan<char> FormatDecimal(Span<char> digits)
    {
        int at = digits.Length;
        UInt256 rest = this;
        while (!rest.FitsUlong)
        {
            DivRem(rest, TenToThe19, out rest, out UInt256 part);
            ulong p = part.U0;
            for (int i = 0; i < 19; i++)
            {
                digits[--at] = (char)('0' + (int)(p % 10));
                p /= 10;
            }
        }

        ulong head = rest.U0;
        do
        {
            digits[--at] = (char)('0' + (int)(head % 10));
            head /= 10;
        }
        while (head != 0);
        return digits[at..].TrimStart('0') is { IsEmpty: false } trimmed ? trimmed : "0";
    }
}
