using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CPChain.Crypto.Lanes;

/// <summary>Eight points x / z^2, y / z^3 of secp256k1 or of a curve y^2 = x^3 + b. Magnitudes: x 4, y 3, z 1 at most.</summary>
/// <remarks>
/// Additions do not tell apart what must be: the sum of a point and itself or its mirror, and what comes of such a sum, has z = 0,
/// which only infinity has otherwise. Who calls looks at the end.
/// </remarks>
internal struct JacobianLanes
{
    internal FieldLanes X, Y, Z;

    /// <summary>All ones where nothing has been added yet; the coordinates mean nothing there.</summary>
    internal Vector512<ulong> IsEmpty;

    /// <summary>No point yet in any lane.</summary>
    internal void Clear()
    {
        this = default;
        IsEmpty = Vector512<ulong>.AllBitsSet;
    }

    /// <summary>Adds the point to itself: 3 multiplications, 4 squarings.</summary>
    internal void Double(ref CurveScratch s)
    {
        // l = 3/2 x^2, t = -x y^2; x' = l^2 + 2 t, y' = -(l (x' + t) + y^4), z' = y z.
        FieldLanes.Multiply(Y, Z, ref Z);
        FieldLanes.Square(X, ref s.A);
        FieldLanes.Triple(s.A, ref s.A);
        FieldLanes.Halve(s.A, ref s.A); // 2
        FieldLanes.Square(Y, ref s.B);
        FieldLanes.Negate(s.B, 1, ref s.C); // 2
        FieldLanes.Multiply(s.C, X, ref s.C); // 2 x 4
        FieldLanes.Square(s.A, ref X);
        FieldLanes.Add(X, s.C, ref X);
        FieldLanes.Add(X, s.C, ref X); // 3
        FieldLanes.Add(s.C, X, ref s.C); // 4
        FieldLanes.Multiply(s.C, s.A, ref s.C); // 4 x 2
        FieldLanes.Square(s.B, ref s.B);
        FieldLanes.Add(s.C, s.B, ref s.C); // 2
        FieldLanes.Negate(s.C, 2, ref Y); // 3
    }

    /// <summary>Adds points: 8 multiplications, 3 squarings.</summary>
    /// <param name="other">Of magnitudes 4 and 4 at most.</param>
    /// <param name="where">All ones where it is added.</param>
    /// <param name="s">Overwritten; <see cref="CurveScratch.Ratio"/> is new z / old z, of magnitude 6.</param>
    internal void Add(in AffineLanes other, Vector512<ulong> where, ref CurveScratch s)
    {
        FieldLanes.Square(Z, ref s.A);
        FieldLanes.Multiply(other.X, s.A, ref s.Ratio);
        FieldLanes.Multiply(other.Y, s.A, ref s.B);
        FieldLanes.Multiply(s.B, Z, ref s.B);
        FieldLanes.Subtract(s.Ratio, X, 4, ref s.Ratio); // 1 + 5
        FieldLanes.Multiply(Z, s.Ratio, ref s.Z);
        Sum(X, Y, ref s);
        Vector512<ulong> fresh = where & IsEmpty;
        Vector512<ulong> more = where & ~IsEmpty;
        X.Take(more, s.X);
        Y.Take(more, s.Y);
        Z.Take(more, s.Z);
        if (fresh != Vector512<ulong>.Zero)
        {
            X.Take(fresh, other.X);
            FieldLanes.Multiply(other.Y, FieldLanes.Small(1), ref s.Y);
            Y.Take(fresh, s.Y);
            Z.Take(fresh, FieldLanes.Small(1));
            IsEmpty &= ~fresh;
        }
    }

    /// <summary>Adds points: 12 multiplications, 4 squarings. Lanes that are empty here or there come out as nothing of use.</summary>
    internal void Add(in JacobianLanes other, ref CurveScratch s)
    {
        FieldLanes.Square(other.Z, ref s.A);
        FieldLanes.Multiply(X, s.A, ref s.X);
        FieldLanes.Multiply(s.A, other.Z, ref s.A);
        FieldLanes.Multiply(Y, s.A, ref s.Y);
        FieldLanes.Square(Z, ref s.A);
        FieldLanes.Multiply(other.X, s.A, ref s.Ratio);
        FieldLanes.Multiply(s.A, Z, ref s.A);
        FieldLanes.Multiply(other.Y, s.A, ref s.B);
        FieldLanes.Subtract(s.Ratio, s.X, 1, ref s.Ratio); // 3
        FieldLanes.Multiply(Z, other.Z, ref s.Z);
        FieldLanes.Multiply(s.Z, s.Ratio, ref s.Z);
        Sum(s.X, s.Y, ref s);
        X = s.X;
        Y = s.Y;
        Z = s.Z;
        IsEmpty |= other.IsEmpty;
    }

    // Of x1 (4), y1 (3), h = x2 - x1 in s.Ratio (6), y2 (1) in s.B: with i = y1 - y2, x' = i^2 - h^3 - 2 x1 h^2 and
    // y' = i (x' - x1 h^2) - y1 h^3 in s.X (4), s.Y (2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(in FieldLanes x1, in FieldLanes y1, ref CurveScratch s)
    {
        FieldLanes.Subtract(y1, s.B, 1, ref s.A); // i: 3 + 2
        FieldLanes.Square(s.Ratio, ref s.B);
        FieldLanes.Negate(s.B, 1, ref s.B); // -h^2: 2
        FieldLanes.Multiply(s.B, s.Ratio, ref s.C); // -h^3: 2 x 6
        FieldLanes.Multiply(x1, s.B, ref s.B); // -x1 h^2: 4 x 2
        FieldLanes.Multiply(y1, s.C, ref s.D); // -y1 h^3: 3 x 1
        FieldLanes.Square(s.A, ref s.X);
        FieldLanes.Add(s.X, s.C, ref s.X);
        FieldLanes.Add(s.X, s.B, ref s.X);
        FieldLanes.Add(s.X, s.B, ref s.X); // 4
        FieldLanes.Add(s.B, s.X, ref s.B); // 5
        FieldLanes.Multiply(s.B, s.A, ref s.Y); // 5 x 5
        FieldLanes.Add(s.Y, s.D, ref s.Y); // 2
    }
}

/// <summary>Eight points by x and y.</summary>
internal struct AffineLanes
{
    internal FieldLanes X, Y;
}

/// <summary>Elements that formulas overwrite: in one place, so that no call clears or aligns its own.</summary>
internal struct CurveScratch
{
    internal FieldLanes A, B, C, D, Ratio, X, Y, Z;
}
