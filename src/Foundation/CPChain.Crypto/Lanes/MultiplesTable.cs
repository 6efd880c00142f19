using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CPChain.Crypto.Lanes;

/// <summary>
/// One to eight times a point in each lane, on the curve y^2 = x^3 + 7 z^6 on which the eighth multiple's z is 1: there all eight are
/// affine without an inversion. What is summed up there is on secp256k1 with its z times <see cref="Z"/>.
/// </summary>
internal struct MultiplesTable
{
    private const int Size = 8;

    private EightElements _x, _betaX, _y, _ratios;

    internal FieldLanes Z;

    /// <summary>Fills the table.</summary>
    /// <param name="point">On secp256k1; of magnitudes 1 and 2 at most.</param>
    /// <param name="multiple">Overwritten.</param>
    /// <param name="s">Overwritten.</param>
    internal void Fill(in AffineLanes point, ref JacobianLanes multiple, ref CurveScratch s)
    {
        multiple.X = point.X;
        multiple.Y = point.Y;
        multiple.Z = FieldLanes.Small(1);
        multiple.IsEmpty = Vector512<ulong>.Zero;
        Keep(0, multiple);
        multiple.Double(ref s);
        Keep(1, multiple);
        _ratios[1] = multiple.Z;
        for (int i = 2; i < Size; i++)
        {
            multiple.Add(point, Vector512<ulong>.AllBitsSet, ref s);
            Keep(i, multiple);
            _ratios[i] = s.Ratio;
        }

        Z = multiple.Z;
        s.Z = _ratios[Size - 1];
        for (int i = Size - 2; i >= 0; i--)
        {
            FieldLanes.Square(s.Z, ref s.A);
            FieldLanes.Multiply(_x[i], s.A, ref _x[i]);
            FieldLanes.Multiply(s.A, s.Z, ref s.A);
            FieldLanes.Multiply(_y[i], s.A, ref _y[i]);
            if (i > 0) FieldLanes.Multiply(s.Z, _ratios[i], ref s.Z);
        }

        FieldLanes beta = FieldLanes.All(ScalarHalves.Beta);
        for (int i = 0; i < Size; i++) FieldLanes.Multiply(_x[i], beta, ref _betaX[i]);
    }

    /// <summary>Takes multiples by -8 to 8, anything for 0; of magnitudes 4 and 3.</summary>
    internal readonly void Pick(Vector512<long> digits, ref AffineLanes picked, ref CurveScratch s)
    {
        Pick(_x, digits, ref picked.X);
        PickY(digits, ref picked, ref s);
    }

    /// <summary>The same of λ times the point.</summary>
    internal readonly void PickLambda(Vector512<long> digits, ref AffineLanes picked, ref CurveScratch s)
    {
        Pick(_betaX, digits, ref picked.X);
        PickY(digits, ref picked, ref s);
    }

    private readonly void PickY(Vector512<long> digits, ref AffineLanes picked, ref CurveScratch s)
    {
        Pick(_y, digits, ref picked.Y);
        FieldLanes.Negate(picked.Y, 2, ref s.A);
        picked.Y.Take(Vector512.LessThan(digits, Vector512<long>.Zero).AsUInt64(), s.A);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pick(in EightElements elements, Vector512<long> digits, ref FieldLanes picked)
    {
        Vector512<long> place = Vector512.Abs(digits);
        Vector512<ulong> m2 = Vector512.Equals(place, Vector512.Create(2L)).AsUInt64();
        Vector512<ulong> m3 = Vector512.Equals(place, Vector512.Create(3L)).AsUInt64();
        Vector512<ulong> m4 = Vector512.Equals(place, Vector512.Create(4L)).AsUInt64();
        Vector512<ulong> m5 = Vector512.Equals(place, Vector512.Create(5L)).AsUInt64();
        Vector512<ulong> m6 = Vector512.Equals(place, Vector512.Create(6L)).AsUInt64();
        Vector512<ulong> m7 = Vector512.Equals(place, Vector512.Create(7L)).AsUInt64();
        Vector512<ulong> m8 = Vector512.Equals(place, Vector512.Create(8L)).AsUInt64();
        ref Vector512<ulong> from = ref Unsafe.As<EightElements, Vector512<ulong>>(ref Unsafe.AsRef(in elements));
        ref Vector512<ulong> to = ref Unsafe.As<FieldLanes, Vector512<ulong>>(ref picked);
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            Vector512<ulong> row = Unsafe.Add(ref from, i);
            row = Vector512.ConditionalSelect(m2, Unsafe.Add(ref from, FieldLanes.Limbs + i), row);
            row = Vector512.ConditionalSelect(m3, Unsafe.Add(ref from, (2 * FieldLanes.Limbs) + i), row);
            row = Vector512.ConditionalSelect(m4, Unsafe.Add(ref from, (3 * FieldLanes.Limbs) + i), row);
            row = Vector512.ConditionalSelect(m5, Unsafe.Add(ref from, (4 * FieldLanes.Limbs) + i), row);
            row = Vector512.ConditionalSelect(m6, Unsafe.Add(ref from, (5 * FieldLanes.Limbs) + i), row);
            row = Vector512.ConditionalSelect(m7, Unsafe.Add(ref from, (6 * FieldLanes.Limbs) + i), row);
            Unsafe.Add(ref to, i) = Vector512.ConditionalSelect(m8, Unsafe.Add(ref from, (7 * FieldLanes.Limbs) + i), row);
        }
    }

    private void Keep(int place, in JacobianLanes multiple)
    {
        _x[place] = multiple.X;
        _y[place] = multiple.Y;
    }

    [InlineArray(Size)]
    private struct EightElements
    {
        private FieldLanes _first;
    }
}
