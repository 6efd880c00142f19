using System.Numerics;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Numbers in digits -1, 0 and 1 of which no two neighbours are both not 0 (non-adjacent form).</summary>
internal static class SignedDigits
{
    /// <summary>The digits of a positive number, highest first.</summary>
    internal static sbyte[] Of(BigInteger number)
    {
        List<sbyte> digits = [];
        for (; !number.IsZero; number >>= 1)
        {
            int digit = number.IsEven ? 0 : 2 - (int)(number & 3);
            digits.Add((sbyte)digit);
            number -= digit;
        }

        digits.Reverse();
        return [.. digits];
    }
}
