using System.Numerics;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Powers by windows of four bits.</summary>
internal static class Powers
{
    private const int Window = 4;

    internal static T Raise<T>(in T value, BigInteger exponent)
        where T : struct, IField<T>
    {
        byte[] bits = exponent.ToByteArray(isUnsigned: true);
        var table = new T[1 << Window];
        table[0] = T.One;
        for (int i = 1; i < table.Length; i++) table[i] = table[i - 1] * value;
        T result = table[bits[^1] >> Window];
        for (int at = (2 * bits.Length) - 2; at >= 0; at--)
        {
            for (int i = 0; i < Window; i++) result = T.Square(result);
            int digit = (bits[at >> 1] >> (Window * (at & 1))) & (table.Length - 1);
            if (digit != 0) result *= table[digit];
        }

        return result;
    }
}
