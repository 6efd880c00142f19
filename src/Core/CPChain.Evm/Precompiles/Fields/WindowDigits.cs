namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Numbers in odd digits below 16 and zeros, of which at least four stand behind each digit (width-5 non-adjacent
/// form; Hankerson, Menezes, Vanstone, algorithm 3.35).</summary>
internal static class WindowDigits
{
    /// <summary>Digits of any number of 128 bits.</summary>
    internal const int Count = 129;

    private const int Width = 5;

    /// <summary>Writes the digits, lowest first, and gives the number of those written; the rest is left alone.</summary>
    internal static int Write(UInt128 number, bool negative, Span<sbyte> digits)
    {
        // A carry out of 128 bits is kept apart.
        int length = 0;
        UInt128 top = 0;
        for (int i = 0; number != 0 || top != 0; i++)
        {
            int digit = 0;
            if ((number & 1) != 0)
            {
                digit = (int)(number & ((1 << Width) - 1));
                if (digit >= 1 << (Width - 1)) digit -= 1 << Width;
                UInt128 rest = unchecked(number - (UInt128)digit);
                if (digit < 0 && rest < number) top = 1;
                number = rest;
            }

            digits[i] = (sbyte)(negative ? -digit : digit);
            length = i + 1;
            number = (number >> 1) | (top << 127);
            top = 0;
        }

        return length;
    }
}
