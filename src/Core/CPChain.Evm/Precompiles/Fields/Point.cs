using System.Numerics;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>A point of y^2 = x^3 + b in Jacobian coordinates; z = 0 is infinity.</summary>
internal readonly struct Point<T>(T x, T y, T z)
    where T : struct, IField<T>
{
    internal readonly T X = x;
    internal readonly T Y = y;
    internal readonly T Z = z;

    internal static Point<T> Infinity => new(T.One, T.One, T.Zero);

    internal bool IsInfinity => Z.IsZero;

    internal static Point<T> FromAffine(in T x, in T y) => new(x, y, T.One);

    internal static bool IsOnCurve(in T x, in T y, in T b) => y * y == (x * x * x) + b;

    internal Point<T> Negate() => new(X, -Y, Z);

    internal Point<T> Double()
    {
        if (IsInfinity) return this;
        T a = T.Square(X);
        T b = T.Square(Y);
        T c = T.Square(b);
        T d = X + b;
        d = T.Square(d) - a - c;
        d += d;
        T e = a + a + a;
        T x = T.Square(e) - d - d;
        T c8 = c + c;
        c8 += c8;
        c8 += c8;
        T z = Y * Z;
        return new(x, (e * (d - x)) - c8, z + z);
    }

    public static Point<T> operator +(in Point<T> p, in Point<T> q)
    {
        if (p.IsInfinity) return q;
        if (q.IsInfinity) return p;
        T pz2 = T.Square(p.Z);
        T qz2 = T.Square(q.Z);
        T u1 = p.X * qz2;
        T u2 = q.X * pz2;
        T s1 = p.Y * q.Z * qz2;
        T s2 = q.Y * p.Z * pz2;
        if (u1 == u2) return s1 == s2 ? p.Double() : Infinity;
        T h = u2 - u1;
        T r = s2 - s1;
        T h2 = T.Square(h);
        T h3 = h2 * h;
        T v = u1 * h2;
        T x = T.Square(r) - h3 - v - v;
        return new(x, (r * (v - x)) - (s1 * h3), p.Z * q.Z * h);
    }

    /// <summary>A multiple, by windows of four bits.</summary>
    internal Point<T> Multiply(BigInteger scalar)
    {
        byte[] bits = scalar.ToByteArray(isUnsigned: true);
        Point<T>[] table = new Point<T>[16];
        table[0] = Infinity;
        for (int i = 1; i < table.Length; i++) table[i] = table[i - 1] + this;
        Point<T> result = Infinity;
        for (int i = (2 * bits.Length) - 1; i >= 0; i--)
        {
            result = result.Double().Double().Double().Double();
            result += table[(bits[i >> 1] >> (4 * (i & 1))) & 15];
        }

        return result;
    }

    /// <summary>Affine coordinates; (0, 0) for infinity.</summary>
    internal (T X, T Y) ToAffine()
    {
        T inverse = T.Invert(Z);
        T square = T.Square(inverse);
        return (X * square, Y * square * inverse);
    }
}
