namespace CPChain.Evm.Precompiles.Fields;

/// <summary>A number of at most 128 bits and its sign.</summary>
internal readonly record struct HalfScalar(UInt128 Magnitude, bool IsNegative);

/// <summary>a P + b Q with one row of doublings (Straus 1964).</summary>
internal static class TwoMultiples
{
    private const int TableLength = 8;

    internal static Point<T> Sum<T>(in Point<T> p, HalfScalar a, in Point<T> q, HalfScalar b)
        where T : struct, IField<T>
    {
        Span<sbyte> ofP = stackalloc sbyte[WindowDigits.Count];
        Span<sbyte> ofQ = stackalloc sbyte[WindowDigits.Count];
        ofP.Clear();
        ofQ.Clear();
        int length = Math.Max(
            WindowDigits.Write(a.Magnitude, a.IsNegative, ofP), WindowDigits.Write(b.Magnitude, b.IsNegative, ofQ));
        Point<T>[] multiplesOfP = OddMultiples(p);
        Point<T>[] multiplesOfQ = OddMultiples(q);
        Point<T> sum = Point<T>.Infinity;
        for (int i = length - 1; i >= 0; i--)
        {
            sum = sum.Double();
            if (ofP[i] != 0) sum += Entry(multiplesOfP, ofP[i]);
            if (ofQ[i] != 0) sum += Entry(multiplesOfQ, ofQ[i]);
        }

        return sum;
    }

    private static Point<T>[] OddMultiples<T>(in Point<T> p)
        where T : struct, IField<T>
    {
        var table = new Point<T>[TableLength];
        Point<T> twice = p.Double();
        table[0] = p;
        for (int i = 1; i < TableLength; i++) table[i] = table[i - 1] + twice;
        return table;
    }

    private static Point<T> Entry<T>(Point<T>[] table, sbyte digit)
        where T : struct, IField<T> => digit > 0 ? table[digit >> 1] : table[-digit >> 1].Negate();
}
