using CPChain.Types;

namespace CPChain.Crypto.Lanes;

/// <summary>Arithmetic modulo n, the order of secp256k1, for numbers that are public: not in constant time.</summary>
internal static class GroupOrder
{
    private static readonly UInt256 N = Signature.GroupOrder;

    // 2^256 - n, of 129 bits.
    private static readonly UInt256 Complement = unchecked(UInt256.Zero - N);

    /// <summary>A number modulo n.</summary>
    internal static UInt256 Reduce(in UInt256 value) => UInt256.TrySubtract(value, N, out UInt256 less) ? less : value;

    /// <summary>-a modulo n, of a below n.</summary>
    internal static UInt256 Negate(in UInt256 a) => a.IsZero ? a : N - a;

    /// <summary>a b modulo n.</summary>
    internal static UInt256 Multiply(in UInt256 a, in UInt256 b)
    {
        UInt256.MultiplyWide(a, b, out UInt256 low, out UInt256 high);

        // 2^256 is the complement: the upper half goes down to 129 bits, then to 2, then to none.
        while (!high.IsZero)
        {
            UInt256.MultiplyWide(high, Complement, out UInt256 folded, out high);
            if (!UInt256.TryAdd(low, folded, out low)) high += UInt256.One;
        }

        return Reduce(low);
    }

    /// <summary>1 / a modulo n for each, at the cost of one inversion and three products each; none may be zero.</summary>
    internal static void InvertAll(ReadOnlySpan<UInt256> numbers, Span<UInt256> inverses)
    {
        UInt256 product = UInt256.One;
        for (int i = 0; i < numbers.Length; i++)
        {
            inverses[i] = product;
            product = Multiply(product, numbers[i]);
        }

        UInt256 inverse = Power(product, N - 2UL);
        for (int i = numbers.Length - 1; i >= 0; i--)
        {
            inverses[i] = Multiply(inverse, inverses[i]);
            inverse = Multiply(inverse, numbers[i]);
        }
    }

    private static UInt256 Power(in UInt256 number, in UInt256 exponent)
    {
        UInt256 power = UInt256.One;
        for (int bit = 255; bit >= 0; bit--)
        {
            power = Multiply(power, power);
            if (exponent.IsBitSet(bit)) power = Multiply(power, number);
        }

        return power;
    }
}
