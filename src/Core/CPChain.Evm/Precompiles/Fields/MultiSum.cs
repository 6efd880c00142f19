using System.Numerics;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Sums of multiples by buckets (Pippenger): one addition a point and window, one pass over the buckets.</summary>
internal static class MultiSum
{
    internal static Point<T> Of<T>(ReadOnlySpan<Point<T>> points, ReadOnlySpan<BigInteger> scalars)
        where T : struct, IField<T>
    {
        if (points.Length == 1) return points[0].Multiply(scalars[0]);
        int width = points.Length < 8 ? 3 : points.Length < 64 ? 4 : 6;
        int length = 0;
        byte[][] bits = new byte[scalars.Length][];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = scalars[i].ToByteArray(isUnsigned: true);
            length = Math.Max(length, (int)scalars[i].GetBitLength());
        }

        Point<T>[] buckets = new Point<T>[1 << width];
        Point<T> sum = Point<T>.Infinity;
        for (int low = (length - 1) / width * width; low >= 0 && length > 0; low -= width)
        {
            for (int i = 0; i < width; i++) sum = sum.Double();
            Array.Fill(buckets, Point<T>.Infinity);
            for (int i = 0; i < points.Length; i++)
            {
                int digit = Digit(bits[i], low, width);
                if (digit != 0) buckets[digit] += points[i];
            }

            sum += SumOf(buckets);
        }

        return sum;
    }

    private static int Digit(ReadOnlySpan<byte> bits, int low, int width)
    {
        int digit = 0;
        for (int i = width - 1; i >= 0; i--)
        {
            int bit = low + i;
            digit = (digit << 1) | (bit < 8 * bits.Length && Powers.IsSet(bits, bit) ? 1 : 0);
        }

        return digit;
    }

    /// <summary>The sum of index times bucket.</summary>
    private static Point<T> SumOf<T>(Point<T>[] buckets)
        where T : struct, IField<T>
    {
        Point<T> running = Point<T>.Infinity;
        Point<T> total = Point<T>.Infinity;
        for (int i = buckets.Length - 1; i > 0; i--)
        {
            running += buckets[i];
            total += running;
        }

        return total;
    }
}
