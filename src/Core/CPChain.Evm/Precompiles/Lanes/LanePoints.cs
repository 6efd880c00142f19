using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Eight points of y^2 = x^3 + b, in Jacobian coordinates, added and doubled together.</summary>
/// <remarks>The sum of a point and itself, its negative or infinity is not made: it comes out with z = 0, and so does all
/// that is made from it. Where a point of the right order never meets such a sum, z = 0 says that the order was wrong.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct LanePoints<E>(in E x, in E y, in E z)
    where E : struct, ILaneElement<E>
{
    internal E X = x;
    internal E Y = y;
    internal E Z = z;

    /// <summary>2 P (Hankerson, Menezes, Vanstone, algorithm 3.21, for a = 0).</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly LanePoints<E> Double()
    {
        E a = X * X;
        E b = Y * Y;
        E c = b * b;
        E d = X * b * 4;
        E e = a * 3;
        E yz = Y * Z;
        E x = ((e * e) - (d + d)).Reduced();
        E y = (((d - x) * e) - (c * 8)).Reduced();
        return new(x, y, yz + yz);
    }

    /// <summary>P + Q.</summary>
    [SkipLocalsInit]
    internal readonly LanePoints<E> Add(in LanePoints<E> q)
    {
        E zz = Z * Z;
        E qzz = q.Z * q.Z;
        return Add(q, X * qzz, Y * q.Z * qzz, zz, zz * Z, Z * q.Z);
    }

    /// <summary>P + Q, z of Q being 1.</summary>
    [SkipLocalsInit]
    internal readonly LanePoints<E> AddAffine(in LanePoints<E> q)
    {
        E zz = Z * Z;
        return Add(q, X, Y, zz, zz * Z, Z);
    }

    /// <summary>The common end: x and y of P at Q's z, powers of P's z, the product of both z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static LanePoints<E> Add(in LanePoints<E> q, in E px, in E py, in E zz, in E zzz, in E z)
    {
        E h = ((q.X * zz) - px).Reduced();
        E r = ((q.Y * zzz) - py).Reduced();
        E hh = h * h;
        E hhh = hh * h;
        E v = px * hh;
        E x = ((r * r) - (hhh + v + v)).Reduced();
        E y = (((v - x) * r) - (py * hhh)).Reduced();
        return new(x, y, z * h);
    }
}
