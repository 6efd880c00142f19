using System.Numerics;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Powers by squaring.</summary>
internal static class Powers
{
    internal static T Raise<T>(in T value, BigInteger exponent)
        where T : struct, IField<T>
    {
        T result = T.One;
        for (long bit = exponent.GetBitLength() - 1; bit >= 0; bit--)
        {
            result *= result;
            if (!(exponent >> (int)bit).IsEven) result *= value;
        }

        return result;
    }
}
