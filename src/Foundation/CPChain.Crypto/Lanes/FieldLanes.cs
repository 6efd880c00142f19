using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CPChain.Types;

namespace CPChain.Crypto.Lanes;

/// <summary>
/// Eight elements of the field of secp256k1, p = 2^256 - 2^32 - 977, worked on together: ten limbs of 26 bits, a row of lanes each.
/// Limbs may be larger than that: an element of magnitude m has limbs of at most 2 m (2^26 - 1), the last 2 m (2^22 - 1). Who calls
/// keeps count of magnitudes, as comments beside the formulas do; nothing checks them when it runs.
/// </summary>
/// <remarks>Lies best at a multiple of 64 bytes. Not in constant time for what it is used for: everything here is public.</remarks>
[InlineArray(Limbs)]
internal partial struct FieldLanes
{
    internal const int Lanes = 8;
    internal const int Limbs = 10;

    /// <summary>Words of 64 bits in the rows of an element.</summary>
    internal const int RowWords = 4 * Lanes;

    private const int LimbBits = 26;
    private const int TopBits = 22;
    private const ulong LimbMask = (1UL << LimbBits) - 1;
    private const ulong TopMask = (1UL << TopBits) - 1;

    // p in limbs: the first two, those between, the last.
    private const ulong P0 = 0x3FFFC2F, P1 = 0x3FFFFBF;

    private Vector512<ulong> _first;

    /// <summary>Whether the processor can.</summary>
    internal static bool IsSupported => Avx512F.IsSupported;

    /// <summary>The same small number in every lane; of magnitude 1.</summary>
    internal static FieldLanes Small(uint number)
    {
        FieldLanes all = default;
        all[0] = Vector512.Create((ulong)number);
        return all;
    }

    /// <summary>The same element in every lane; of magnitude 1.</summary>
    internal static FieldLanes All(in UInt256 number)
    {
        FieldLanes all = default;
        all.Load(
            Vector512.Create(number.U0), Vector512.Create(number.U1), Vector512.Create(number.U2), Vector512.Create(number.U3));
        return all;
    }

    /// <summary>From words of 64 bits, the lowest first; of magnitude 1.</summary>
    internal void Load(Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3)
    {
        Vector512<ulong> mask = Vector512.Create(LimbMask);
        this[0] = w0 & mask;
        this[1] = (w0 >>> 26) & mask;
        this[2] = ((w0 >>> 52) | (w1 << 12)) & mask;
        this[3] = (w1 >>> 14) & mask;
        this[4] = ((w1 >>> 40) | (w2 << 24)) & mask;
        this[5] = (w2 >>> 2) & mask;
        this[6] = (w2 >>> 28) & mask;
        this[7] = ((w2 >>> 54) | (w3 << 10)) & mask;
        this[8] = (w3 >>> 16) & mask;
        this[9] = w3 >>> 42;
    }

    /// <summary>From four rows of words of 64 bits, one lane beside the other, the lowest words first; of magnitude 1.</summary>
    internal void Load(ReadOnlySpan<ulong> rows) => Load(
        Vector512.Create(rows[..Lanes]), Vector512.Create(rows[Lanes..]), Vector512.Create(rows[(2 * Lanes)..]), Vector512.Create(rows[(3 * Lanes)..]));

    /// <summary>Writes a number into a lane of such rows.</summary>
    internal static void Put(in UInt256 number, int lane, Span<ulong> rows)
    {
        rows[lane] = number.U0;
        rows[Lanes + lane] = number.U1;
        rows[(2 * Lanes) + lane] = number.U2;
        rows[(3 * Lanes) + lane] = number.U3;
    }

    /// <summary>A lane of a normal element as a number.</summary>
    internal readonly UInt256 Number(int lane)
    {
        (Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3) = Words();
        return new UInt256(w0[lane], w1[lane], w2[lane], w3[lane]);
    }

    /// <summary>A normal element to words of 64 bits.</summary>
    internal readonly (Vector512<ulong> W0, Vector512<ulong> W1, Vector512<ulong> W2, Vector512<ulong> W3) Words() => (
        this[0] | (this[1] << 26) | (this[2] << 52),
        (this[2] >>> 12) | (this[3] << 14) | (this[4] << 40),
        (this[4] >>> 24) | (this[5] << 2) | (this[6] << 28) | (this[7] << 54),
        (this[7] >>> 10) | (this[8] << 16) | (this[9] << 42));

    /// <summary>a + b; magnitudes add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(in FieldLanes a, in FieldLanes b, ref FieldLanes result)
    {
        Row(ref result, 0) = RowOf(a, 0) + RowOf(b, 0);
        Row(ref result, 1) = RowOf(a, 1) + RowOf(b, 1);
        Row(ref result, 2) = RowOf(a, 2) + RowOf(b, 2);
        Row(ref result, 3) = RowOf(a, 3) + RowOf(b, 3);
        Row(ref result, 4) = RowOf(a, 4) + RowOf(b, 4);
        Row(ref result, 5) = RowOf(a, 5) + RowOf(b, 5);
        Row(ref result, 6) = RowOf(a, 6) + RowOf(b, 6);
        Row(ref result, 7) = RowOf(a, 7) + RowOf(b, 7);
        Row(ref result, 8) = RowOf(a, 8) + RowOf(b, 8);
        Row(ref result, 9) = RowOf(a, 9) + RowOf(b, 9);
    }

    /// <summary>3 a; three times the magnitude.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Triple(in FieldLanes a, ref FieldLanes result)
    {
        Row(ref result, 0) = RowOf(a, 0) + RowOf(a, 0) + RowOf(a, 0);
        Row(ref result, 1) = RowOf(a, 1) + RowOf(a, 1) + RowOf(a, 1);
        Row(ref result, 2) = RowOf(a, 2) + RowOf(a, 2) + RowOf(a, 2);
        Row(ref result, 3) = RowOf(a, 3) + RowOf(a, 3) + RowOf(a, 3);
        Row(ref result, 4) = RowOf(a, 4) + RowOf(a, 4) + RowOf(a, 4);
        Row(ref result, 5) = RowOf(a, 5) + RowOf(a, 5) + RowOf(a, 5);
        Row(ref result, 6) = RowOf(a, 6) + RowOf(a, 6) + RowOf(a, 6);
        Row(ref result, 7) = RowOf(a, 7) + RowOf(a, 7) + RowOf(a, 7);
        Row(ref result, 8) = RowOf(a, 8) + RowOf(a, 8) + RowOf(a, 8);
        Row(ref result, 9) = RowOf(a, 9) + RowOf(a, 9) + RowOf(a, 9);
    }

    /// <summary>-a, as 2 (m + 1) p - a; m is the magnitude of a at least, the result has one more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Negate(in FieldLanes a, uint magnitude, ref FieldLanes result)
    {
        ulong times = 2 * (magnitude + 1UL);
        Vector512<ulong> p0 = Vector512.Create(P0 * times), p1 = Vector512.Create(P1 * times);
        Vector512<ulong> between = Vector512.Create(LimbMask * times), top = Vector512.Create(TopMask * times);
        Row(ref result, 0) = p0 - RowOf(a, 0);
        Row(ref result, 1) = p1 - RowOf(a, 1);
        Row(ref result, 2) = between - RowOf(a, 2);
        Row(ref result, 3) = between - RowOf(a, 3);
        Row(ref result, 4) = between - RowOf(a, 4);
        Row(ref result, 5) = between - RowOf(a, 5);
        Row(ref result, 6) = between - RowOf(a, 6);
        Row(ref result, 7) = between - RowOf(a, 7);
        Row(ref result, 8) = between - RowOf(a, 8);
        Row(ref result, 9) = top - RowOf(a, 9);
    }

    /// <summary>a - b; m is the magnitude of b at least, the result has that of a and m + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Subtract(in FieldLanes a, in FieldLanes b, uint magnitude, ref FieldLanes result)
    {
        ulong times = 2 * (magnitude + 1UL);
        Vector512<ulong> p0 = Vector512.Create(P0 * times), p1 = Vector512.Create(P1 * times);
        Vector512<ulong> between = Vector512.Create(LimbMask * times), top = Vector512.Create(TopMask * times);
        Row(ref result, 0) = RowOf(a, 0) + (p0 - RowOf(b, 0));
        Row(ref result, 1) = RowOf(a, 1) + (p1 - RowOf(b, 1));
        Row(ref result, 2) = RowOf(a, 2) + (between - RowOf(b, 2));
        Row(ref result, 3) = RowOf(a, 3) + (between - RowOf(b, 3));
        Row(ref result, 4) = RowOf(a, 4) + (between - RowOf(b, 4));
        Row(ref result, 5) = RowOf(a, 5) + (between - RowOf(b, 5));
        Row(ref result, 6) = RowOf(a, 6) + (between - RowOf(b, 6));
        Row(ref result, 7) = RowOf(a, 7) + (between - RowOf(b, 7));
        Row(ref result, 8) = RowOf(a, 8) + (between - RowOf(b, 8));
        Row(ref result, 9) = RowOf(a, 9) + (top - RowOf(b, 9));
    }

    /// <summary>a / 2; half the magnitude, rounded down, and one more. The result may be a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Halve(in FieldLanes a, ref FieldLanes result)
    {
        // p is odd: added to what is odd it makes it even.
        Vector512<ulong> one = Vector512<ulong>.One;
        Vector512<ulong> odd = Vector512<ulong>.Zero - (RowOf(a, 0) & one);
        Vector512<ulong> between = odd & Vector512.Create(LimbMask);
        Vector512<ulong> t0 = RowOf(a, 0) + (odd & Vector512.Create(P0));
        Vector512<ulong> t1 = RowOf(a, 1) + (odd & Vector512.Create(P1));
        Vector512<ulong> t2 = RowOf(a, 2) + between;
        Vector512<ulong> t3 = RowOf(a, 3) + between;
        Vector512<ulong> t4 = RowOf(a, 4) + between;
        Vector512<ulong> t5 = RowOf(a, 5) + between;
        Vector512<ulong> t6 = RowOf(a, 6) + between;
        Vector512<ulong> t7 = RowOf(a, 7) + between;
        Vector512<ulong> t8 = RowOf(a, 8) + between;
        Vector512<ulong> t9 = RowOf(a, 9) + (odd & Vector512.Create(TopMask));
        Row(ref result, 0) = (t0 >>> 1) + ((t1 & one) << (LimbBits - 1));
        Row(ref result, 1) = (t1 >>> 1) + ((t2 & one) << (LimbBits - 1));
        Row(ref result, 2) = (t2 >>> 1) + ((t3 & one) << (LimbBits - 1));
        Row(ref result, 3) = (t3 >>> 1) + ((t4 & one) << (LimbBits - 1));
        Row(ref result, 4) = (t4 >>> 1) + ((t5 & one) << (LimbBits - 1));
        Row(ref result, 5) = (t5 >>> 1) + ((t6 & one) << (LimbBits - 1));
        Row(ref result, 6) = (t6 >>> 1) + ((t7 & one) << (LimbBits - 1));
        Row(ref result, 7) = (t7 >>> 1) + ((t8 & one) << (LimbBits - 1));
        Row(ref result, 8) = (t8 >>> 1) + ((t9 & one) << (LimbBits - 1));
        Row(ref result, 9) = t9 >>> 1;
    }

    /// <summary>Takes other lanes where a mask says so.</summary>
    /// <param name="where">All ones where the lane of <paramref name="other"/> is taken.</param>
    /// <param name="other">Where they come from.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Take(Vector512<ulong> where, in FieldLanes other)
    {
        Row(ref this, 0) = Vector512.ConditionalSelect(where, RowOf(other, 0), Row(ref this, 0));
        Row(ref this, 1) = Vector512.ConditionalSelect(where, RowOf(other, 1), Row(ref this, 1));
        Row(ref this, 2) = Vector512.ConditionalSelect(where, RowOf(other, 2), Row(ref this, 2));
        Row(ref this, 3) = Vector512.ConditionalSelect(where, RowOf(other, 3), Row(ref this, 3));
        Row(ref this, 4) = Vector512.ConditionalSelect(where, RowOf(other, 4), Row(ref this, 4));
        Row(ref this, 5) = Vector512.ConditionalSelect(where, RowOf(other, 5), Row(ref this, 5));
        Row(ref this, 6) = Vector512.ConditionalSelect(where, RowOf(other, 6), Row(ref this, 6));
        Row(ref this, 7) = Vector512.ConditionalSelect(where, RowOf(other, 7), Row(ref this, 7));
        Row(ref this, 8) = Vector512.ConditionalSelect(where, RowOf(other, 8), Row(ref this, 8));
        Row(ref this, 9) = Vector512.ConditionalSelect(where, RowOf(other, 9), Row(ref this, 9));
    }

    /// <summary>The one form below p; of magnitude 15 at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Normalize()
    {
        Vector512<ulong> mask = Vector512.Create(LimbMask);
        Vector512<ulong> top = Vector512.Create(TopMask);
        Vector512<ulong> above = Row(ref this, Limbs - 1) >>> TopBits;
        Row(ref this, Limbs - 1) &= top;
        Vector512<ulong> row = Row(ref this, 0) + Times977(above);
        Row(ref this, 1) += above << 6;
        for (int i = 0; i < Limbs - 1; i++)
        {
            Row(ref this, i) = row & mask;
            row = Row(ref this, i + 1) + (row >>> LimbBits);
        }

        // Now below 2 p. Less p is plus 2^32 + 977 less 2^256: it applies where that sum reaches 2^256.
        Row(ref this, Limbs - 1) = row;
        FieldLanes less = this;
        row = Row(ref this, 0) + Vector512.Create(977UL);
        Row(ref less, 1) += Vector512.Create(64UL);
        for (int i = 0; i < Limbs - 1; i++)
        {
            Row(ref less, i) = row & mask;
            row = Row(ref less, i + 1) + (row >>> LimbBits);
        }

        Row(ref less, Limbs - 1) = row & top;
        Take(Vector512.GreaterThan(row, top), less);
    }

    /// <summary>All ones where a normal element is zero.</summary>
    internal readonly Vector512<ulong> IsZero()
    {
        Vector512<ulong> any = this[0];
        for (int i = 1; i < Limbs; i++) any |= this[i];
        return Vector512.Equals(any, Vector512<ulong>.Zero);
    }

    /// <summary>All ones where a normal element is odd.</summary>
    internal readonly Vector512<ulong> IsOdd() => Vector512<ulong>.Zero - (this[0] & Vector512<ulong>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Vector512<ulong> Row(ref FieldLanes element, int limb) => ref Unsafe.Add(ref element._first, limb);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> RowOf(in FieldLanes element, int limb) => Unsafe.Add(ref Unsafe.AsRef(in element._first), limb);
}
