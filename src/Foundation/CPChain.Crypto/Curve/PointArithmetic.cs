using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CPChain.Crypto.Native;
using CPChain.Types;

namespace CPChain.Crypto.Curve;

/// <summary>The group law by libsecp256k1, with infinity, which the library has no value for.</summary>
internal static unsafe class PointArithmetic
{
    private const int SumTermsMax = 256;

    public static Point Sum(ReadOnlySpan<Point> points)
    {
        Invariant.Check(points.Length <= SumTermsMax, "A sum of points has at most 256 terms.");
        byte* storage = stackalloc byte[points.Length * Secp256k1Native.InternalKeyBytes];
        byte** terms = stackalloc byte*[points.Length];
        int count = 0;
        foreach (ref readonly Point point in points)
        {
            if (point.IsInfinity) continue;
            byte* term = storage + (count * Secp256k1Native.InternalKeyBytes);
            Load(point, term);
            terms[count++] = term;
        }

        if (count == 0) return Point.Infinity;
        byte* sum = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        bool finite = Secp256k1Native.secp256k1_ec_pubkey_combine(Secp256k1Native.Context, sum, terms, (nuint)count) == 1;
        return finite ? Take(sum) : Point.Infinity;
    }

    public static Point Negate(in Point point)
    {
        if (point.IsInfinity) return point;
        Span<byte> compressed = stackalloc byte[Point.CompressedLength];
        point.WriteCompressed(compressed);
        compressed[0] ^= 1;
        bool valid = Point.TryFromCompressed(compressed, out Point negative);
        Invariant.Check(valid, "The mirror of a point is a point.");
        return negative;
    }

    public static Point MultiplyPublic(in Point point, in Scalar scalar)
    {
        if (point.IsInfinity || scalar.IsZero) return Point.Infinity;
        byte* key = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        byte* factor = stackalloc byte[Scalar.Length];
        Load(point, key);
        scalar.CopyTo(new Span<byte>(factor, Scalar.Length));
        int done = Secp256k1Native.secp256k1_ec_pubkey_tweak_mul(Secp256k1Native.Context, key, factor);
        Invariant.Check(done == 1, "A point of a group of prime order times a non-zero scalar is finite.");
        return Take(key);
    }

    /// <summary>The library multiplies an arbitrary point in constant time only inside its key agreement.</summary>
    public static Point MultiplySecret(in Point point, in Scalar scalar)
    {
        if (point.IsInfinity || scalar.IsZero) return Point.Infinity;
        byte* key = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        byte* factor = stackalloc byte[Scalar.Length];
        CurvePoint product = default;
        Load(point, key);
        scalar.CopyTo(new Span<byte>(factor, Scalar.Length));
        int done = Secp256k1Native.secp256k1_ecdh(
            Secp256k1Native.Context, (byte*)&product, key, factor, &CopyCoordinates, 0);
        CryptographicOperations.ZeroMemory(new Span<byte>(factor, Scalar.Length));
        Invariant.Check(done == 1, "A point of a group of prime order times a non-zero scalar is finite.");
        return new Point(product);
    }

    public static Point MultiplyGenerator(in Scalar scalar)
    {
        if (scalar.IsZero) return Point.Infinity;
        byte* key = stackalloc byte[Secp256k1Native.InternalKeyBytes];
        byte* factor = stackalloc byte[Scalar.Length];
        scalar.CopyTo(new Span<byte>(factor, Scalar.Length));
        int done = Secp256k1Native.secp256k1_ec_pubkey_create(Secp256k1Native.Context, key, factor);
        CryptographicOperations.ZeroMemory(new Span<byte>(factor, Scalar.Length));
        Invariant.Check(done == 1, "A non-zero scalar has a public point.");
        return Take(key);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CopyCoordinates(byte* output, byte* x32, byte* y32, void* data)
    {
        Buffer.MemoryCopy(x32, output, 32, 32);
        Buffer.MemoryCopy(y32, output + 32, 32, 32);
        return 1;
    }

    private static void Load(in Point point, byte* key)
    {
        bool valid = point.Coordinates.Load(key);
        Invariant.Check(valid, "A point value lies on the curve.");
    }

    private static Point Take(byte* key)
    {
        bool valid = CurvePoint.Store(key, out CurvePoint point);
        Invariant.Check(valid, "The library's point has coordinates.");
        return new Point(point);
    }
}
