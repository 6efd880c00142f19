using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Eight elements of a prime field, worked on together. Values are multiples of R that stand for a class modulo
/// the prime: sums stay unreduced, products bring them below 2 p again.</summary>
/// <remarks>What is taken away must be below 512 p: products, their sums, and what <see cref="Reduced"/> gave are. Every
/// limb but the last is at most a few above 2^28, which is what <see cref="LaneKernel"/> counts with.</remarks>
[InlineArray(LimbsMax * LaneKernel.Lanes)]
internal struct Octet<F> : ILaneElement<Octet<F>>
    where F : struct, ILaneField
{
    internal const int LimbsMax = 15;

    /// <summary>Distance of two octets that lie side by side.</summary>
    internal const int Size = LimbsMax * LaneKernel.Lanes;

    private ulong _first;

    [UnscopedRef]
    internal readonly ref ulong First => ref Unsafe.AsRef(in _first);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Octet<F> operator +(in Octet<F> a, in Octet<F> b)
    {
        Unsafe.SkipInit(out Octet<F> sum);
        Vector512<ulong> carry = Vector512<ulong>.Zero;
        for (int i = 0; i < F.Limbs; i++) Keep(i, Row(a, i) + Row(b, i), ref carry, ref sum);
        return sum;
    }

    /// <summary>a - b, as a plus a multiple of the prime less b.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Octet<F> operator -(in Octet<F> a, in Octet<F> b)
    {
        Unsafe.SkipInit(out Octet<F> difference);
        ulong[] multiple = F.Constants.MultipleRows;
        Vector512<ulong> carry = Vector512<ulong>.Zero;
        for (int i = 0; i < F.Limbs; i++)
        {
            Keep(i, Row(a, i) + (Constant(multiple, i) - Row(b, i)), ref carry, ref difference);
        }

        return difference;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Octet<F> operator -(in Octet<F> a)
    {
        Unsafe.SkipInit(out Octet<F> negative);
        ulong[] multiple = F.Constants.MultipleRows;
        Vector512<ulong> carry = Vector512<ulong>.Zero;
        for (int i = 0; i < F.Limbs; i++) Keep(i, Constant(multiple, i) - Row(a, i), ref carry, ref negative);
        return negative;
    }

    /// <summary>Small multiples, by at most 16.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Octet<F> operator *(in Octet<F> a, Vector512<ulong> factors)
    {
        Unsafe.SkipInit(out Octet<F> multiple);
        Vector512<ulong> carry = Vector512<ulong>.Zero;
        for (int i = 0; i < F.Limbs; i++) Keep(i, Row(a, i) * factors, ref carry, ref multiple);
        return multiple;
    }

    public static Octet<F> operator *(in Octet<F> a, ulong factor) => a * Vector512.Create(factor);

    /// <summary>Products lane by lane.</summary>
    [SkipLocalsInit]
    public static Octet<F> operator *(in Octet<F> a, in Octet<F> b)
    {
        Unsafe.SkipInit(out Octet<F> product);
        SumOfProducts<LaneByLane>(ref a.First, [0], ref b.First, [0], ref product.First);
        return product;
    }

    /// <summary>The same class below 4 p.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly Octet<F> Reduced()
    {
        // q is the quotient by the prime or slightly less; x + q (R - p) is x - q p beside multiples of R, which the mask drops.
        LaneConstants field = F.Constants;
        Vector512<ulong> mask = Vector512.Create(LaneConstants.LimbMask);
        Vector512<ulong> head = (Row(this, F.Limbs - 2) >>> field.HeadShift)
            + (Row(this, F.Limbs - 1) << (LaneConstants.LimbBits - field.HeadShift));
        Vector512<ulong> quotient = Narrow(head, Constant(field.HeadInverseRow, 0)) >>> LaneConstants.QuotientShift;
        Unsafe.SkipInit(out Octet<F> reduced);
        ulong[] complement = field.ComplementRows;
        Vector512<ulong> column = Vector512<ulong>.Zero;
        for (int i = 0; i < F.Limbs; i++)
        {
            column += Row(this, i) + Narrow(quotient, Constant(complement, i));
            (column & mask).StoreUnsafe(ref RowAt(ref reduced, i));
            column >>>= LaneConstants.LimbBits;
        }

        return reduced;
    }

    /// <summary>Lanes in another order.</summary>
    [SkipLocalsInit]
    internal readonly Octet<F> Pick(in Vector512<ulong> lanes) => Pick(this, this, lanes);

    /// <summary>Lanes of a (0 to 7) and b (8 to 15).</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Octet<F> Pick(in Octet<F> a, in Octet<F> b, in Vector512<ulong> lanes)
    {
        Unsafe.SkipInit(out Octet<F> picked);
        for (int i = 0; i < F.Limbs; i++)
        {
            if (Avx512F.IsSupported)
            {
                Avx512F.PermuteVar8x64x2(Row(a, i), lanes, Row(b, i)).StoreUnsafe(ref RowAt(ref picked, i));
                continue;
            }

            for (int lane = 0; lane < LaneKernel.Lanes; lane++)
            {
                int from = (int)lanes[lane];
                Unsafe.Add(ref RowAt(ref picked, i), lane) = from < LaneKernel.Lanes
                    ? Unsafe.Add(ref RowAt(ref Unsafe.AsRef(in a), i), from)
                    : Unsafe.Add(ref RowAt(ref Unsafe.AsRef(in b), i), from - LaneKernel.Lanes);
            }
        }

        return picked;
    }

    /// <summary>The sum over the terms of a b / R, by the widest registers there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SumOfProducts<TMultipliers>(
        ref ulong a, ReadOnlySpan<int> aOffsets, ref ulong b, ReadOnlySpan<int> bOffsets, ref ulong result)
        where TMultipliers : struct, IMultipliers
    {
        if (Avx512F.IsSupported) F.SumOfProducts<EightLanes, TMultipliers>(ref a, aOffsets, ref b, bOffsets, ref result);
        else if (Avx2.IsSupported) F.SumOfProducts<FourLanes, TMultipliers>(ref a, aOffsets, ref b, bOffsets, ref result);
        else F.SumOfProducts<TwoLanes, TMultipliers>(ref a, aOffsets, ref b, bOffsets, ref result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ulong RowAt(ref Octet<F> octet, int limb) => ref Unsafe.Add(ref octet._first, limb * LaneKernel.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Row(in Octet<F> octet, int limb) =>
        Vector512.LoadUnsafe(ref RowAt(ref Unsafe.AsRef(in octet), limb));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Constant(ulong[] rows, int limb) => Vector512.LoadUnsafe(ref rows[limb * LaneKernel.Lanes]);

    /// <summary>Stores a row, its excess handed to the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(int limb, Vector512<ulong> row, ref Vector512<ulong> carry, ref Octet<F> octet)
    {
        Vector512<ulong> kept = limb == F.Limbs - 1 ? row : row & Vector512.Create(LaneConstants.LimbMask);
        (kept + carry).StoreUnsafe(ref RowAt(ref octet, limb));
        carry = row >>> LaneConstants.LimbBits;
    }

    /// <summary>Products of the lower 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Narrow(Vector512<ulong> a, Vector512<ulong> b) =>
        Avx512F.IsSupported ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32()) : a * b;
}
