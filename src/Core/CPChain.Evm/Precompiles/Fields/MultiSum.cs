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
        int bits = 0;
        foreach (BigInteger scalar in scalars) bits = Math.Max(bits, (int)scalar.GetBitLength());
        Point<T>[] buckets = new Point<T>[1 << width];
        Point<T> sum = Point<T>.Infinity;
        for (int low = (bits - 1) / width * width; low >= 0 && bits > 0; low -= width)
        {
            for (int i = 0; i < width; i++) sum = sum.Double();
            Array.Fill(buckets, Point<T>.Infinity);
            for (int i = 0; i < points.Length; i++)
            {
                int digit = (int)((scalars[i] >> low) & (buckets.Length - 1));
                if (digit != 0) buckets[digit] += points[i];
            }

            sum += SumOf(buckets);
        }

        return sum;
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
