namespace CPChain.Crypto.Lanes;

/// <summary>Many points to x and y with one inversion in each lane (Montgomery's trick).</summary>
internal static class LaneInversion
{
    /// <summary>Works out normal coordinates.</summary>
    /// <param name="points">None with z = 0 in any lane.</param>
    /// <param name="affine">As many; overwritten.</param>
    internal static void ToAffine(ReadOnlySpan<JacobianLanes> points, Span<AffineLanes> affine)
    {
        // The products of all z before wait in x.
        FieldLanes product = FieldLanes.Small(1);
        for (int i = 0; i < points.Length; i++)
        {
            affine[i].X = product;
            FieldLanes.Multiply(product, points[i].Z, ref product);
        }

        FieldLanes inverse = default, mine = default, square = default;
        FieldLanes.Invert(product, ref inverse);
        for (int i = points.Length - 1; i >= 0; i--)
        {
            ref AffineLanes to = ref affine[i];
            FieldLanes.Multiply(inverse, to.X, ref mine);
            FieldLanes.Multiply(inverse, points[i].Z, ref inverse);
            FieldLanes.Square(mine, ref square);
            FieldLanes.Multiply(points[i].X, square, ref to.X);
            FieldLanes.Multiply(square, mine, ref square);
            FieldLanes.Multiply(points[i].Y, square, ref to.Y);
            to.X.Normalize();
            to.Y.Normalize();
        }
    }
}
