using System.Numerics;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Powers and multiples by squaring and doubling.</summary>
internal static class Powers
{
    internal static T Raise<T>(in T value, BigInteger exponent)
        where T : struct, IField<T>
    {
        byte[] bits = exponent.ToByteArray(isUnsigned: true);
        T result = T.One;
        for (int bit = (int)exponent.GetBitLength() - 1; bit >= 0; bit--)
        {
            result = T.Square(result);
            if (IsSet(bits, bit)) result *= value;
        }

        return result;
    }

    /// <summary>A bit of a little-endian number.</summary>
    internal static bool IsSet(ReadOnlySpan<byte> bits, int bit) => ((bits[bit >> 3] >> (bit & 7)) & 1) != 0;
}
