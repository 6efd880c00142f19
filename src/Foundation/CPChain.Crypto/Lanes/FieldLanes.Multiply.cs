using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Crypto.Lanes;

internal partial struct FieldLanes
{
    /// <summary>Products lane by lane, of magnitude 1; the magnitudes of the factors multiply to 48 at most. The result may be a factor.</summary>
    /// <remarks>A column has ten products of limbs of 2^27 times their magnitudes, together below 2^63, and a carry.</remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(in FieldLanes a, in FieldLanes b, ref FieldLanes result)
    {
        Vector512<ulong> a0 = a[0];
        Vector512<ulong> a1 = a[1];
        Vector512<ulong> a2 = a[2];
        Vector512<ulong> a3 = a[3];
        Vector512<ulong> a4 = a[4];
        Vector512<ulong> a5 = a[5];
        Vector512<ulong> a6 = a[6];
        Vector512<ulong> a7 = a[7];
        Vector512<ulong> a8 = a[8];
        Vector512<ulong> a9 = a[9];
        Vector512<ulong> b0 = b[0];
        Vector512<ulong> b1 = b[1];
        Vector512<ulong> b2 = b[2];
        Vector512<ulong> b3 = b[3];
        Vector512<ulong> b4 = b[4];
        Vector512<ulong> b5 = b[5];
        Vector512<ulong> b6 = b[6];
        Vector512<ulong> b7 = b[7];
        Vector512<ulong> b8 = b[8];
        Vector512<ulong> b9 = b[9];
        Vector512<ulong> t0 = Product(a0, b0);
        Vector512<ulong> t1 = Product(a0, b1) + Product(a1, b0);
        Vector512<ulong> t2 = Product(a0, b2) + Product(a1, b1) + Product(a2, b0);
        Vector512<ulong> t3 = Product(a0, b3) + Product(a1, b2) + Product(a2, b1) + Product(a3, b0);
        Vector512<ulong> t4 = Product(a0, b4) + Product(a1, b3) + Product(a2, b2) + Product(a3, b1) + Product(a4, b0);
        Vector512<ulong> t5 = Product(a0, b5) + Product(a1, b4) + Product(a2, b3) + Product(a3, b2) + Product(a4, b1) + Product(a5, b0);
        Vector512<ulong> t6 = Product(a0, b6) + Product(a1, b5) + Product(a2, b4) + Product(a3, b3) + Product(a4, b2) + Product(a5, b1)
            + Product(a6, b0);
        Vector512<ulong> t7 = Product(a0, b7) + Product(a1, b6) + Product(a2, b5) + Product(a3, b4) + Product(a4, b3) + Product(a5, b2)
            + Product(a6, b1) + Product(a7, b0);
        Vector512<ulong> t8 = Product(a0, b8) + Product(a1, b7) + Product(a2, b6) + Product(a3, b5) + Product(a4, b4) + Product(a5, b3)
            + Product(a6, b2) + Product(a7, b1) + Product(a8, b0);
        Vector512<ulong> t9 = Product(a0, b9) + Product(a1, b8) + Product(a2, b7) + Product(a3, b6) + Product(a4, b5) + Product(a5, b4)
            + Product(a6, b3) + Product(a7, b2) + Product(a8, b1) + Product(a9, b0);
        Vector512<ulong> t10 = Product(a1, b9) + Product(a2, b8) + Product(a3, b7) + Product(a4, b6) + Product(a5, b5) + Product(a6, b4)
            + Product(a7, b3) + Product(a8, b2) + Product(a9, b1);
        Vector512<ulong> t11 = Product(a2, b9) + Product(a3, b8) + Product(a4, b7) + Product(a5, b6) + Product(a6, b5) + Product(a7, b4)
            + Product(a8, b3) + Product(a9, b2);
        Vector512<ulong> t12 = Product(a3, b9) + Product(a4, b8) + Product(a5, b7) + Product(a6, b6) + Product(a7, b5) + Product(a8, b4)
            + Product(a9, b3);
        Vector512<ulong> t13 = Product(a4, b9) + Product(a5, b8) + Product(a6, b7) + Product(a7, b6) + Product(a8, b5) + Product(a9, b4);
        Vector512<ulong> t14 = Product(a5, b9) + Product(a6, b8) + Product(a7, b7) + Product(a8, b6) + Product(a9, b5);
        Vector512<ulong> t15 = Product(a6, b9) + Product(a7, b8) + Product(a8, b7) + Product(a9, b6);
        Vector512<ulong> t16 = Product(a7, b9) + Product(a8, b8) + Product(a9, b7);
        Vector512<ulong> t17 = Product(a8, b9) + Product(a9, b8);
        Vector512<ulong> t18 = Product(a9, b9);
        Fold(
            t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, ref result);
    }

    /// <summary>Squares lane by lane, of magnitude 1; of magnitude 6 at most.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Square(in FieldLanes a, ref FieldLanes result)
    {
        Vector512<ulong> a0 = a[0];
        Vector512<ulong> a1 = a[1];
        Vector512<ulong> a2 = a[2];
        Vector512<ulong> a3 = a[3];
        Vector512<ulong> a4 = a[4];
        Vector512<ulong> a5 = a[5];
        Vector512<ulong> a6 = a[6];
        Vector512<ulong> a7 = a[7];
        Vector512<ulong> a8 = a[8];
        Vector512<ulong> a9 = a[9];
        Vector512<ulong> d1 = a1 + a1;
        Vector512<ulong> d2 = a2 + a2;
        Vector512<ulong> d3 = a3 + a3;
        Vector512<ulong> d4 = a4 + a4;
        Vector512<ulong> d5 = a5 + a5;
        Vector512<ulong> d6 = a6 + a6;
        Vector512<ulong> d7 = a7 + a7;
        Vector512<ulong> d8 = a8 + a8;
        Vector512<ulong> d9 = a9 + a9;
        Vector512<ulong> t0 = Product(a0, a0);
        Vector512<ulong> t1 = Product(a0, d1);
        Vector512<ulong> t2 = Product(a0, d2) + Product(a1, a1);
        Vector512<ulong> t3 = Product(a0, d3) + Product(a1, d2);
        Vector512<ulong> t4 = Product(a0, d4) + Product(a1, d3) + Product(a2, a2);
        Vector512<ulong> t5 = Product(a0, d5) + Product(a1, d4) + Product(a2, d3);
        Vector512<ulong> t6 = Product(a0, d6) + Product(a1, d5) + Product(a2, d4) + Product(a3, a3);
        Vector512<ulong> t7 = Product(a0, d7) + Product(a1, d6) + Product(a2, d5) + Product(a3, d4);
        Vector512<ulong> t8 = Product(a0, d8) + Product(a1, d7) + Product(a2, d6) + Product(a3, d5) + Product(a4, a4);
        Vector512<ulong> t9 = Product(a0, d9) + Product(a1, d8) + Product(a2, d7) + Product(a3, d6) + Product(a4, d5);
        Vector512<ulong> t10 = Product(a1, d9) + Product(a2, d8) + Product(a3, d7) + Product(a4, d6) + Product(a5, a5);
        Vector512<ulong> t11 = Product(a2, d9) + Product(a3, d8) + Product(a4, d7) + Product(a5, d6);
        Vector512<ulong> t12 = Product(a3, d9) + Product(a4, d8) + Product(a5, d7) + Product(a6, a6);
        Vector512<ulong> t13 = Product(a4, d9) + Product(a5, d8) + Product(a6, d7);
        Vector512<ulong> t14 = Product(a5, d9) + Product(a6, d8) + Product(a7, a7);
        Vector512<ulong> t15 = Product(a6, d9) + Product(a7, d8);
        Vector512<ulong> t16 = Product(a7, d9) + Product(a8, a8);
        Vector512<ulong> t17 = Product(a8, d9);
        Vector512<ulong> t18 = Product(a9, a9);
        Fold(
            t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, ref result);
    }

    // Column k weighs 2^(26 k). The upper ten go down by 2^260 = 2^36 + 15632 (mod p), what is above 2^256 then by 2^32 + 977.
    [SuppressMessage("Major Code Smell", "S107:Methods should not have too many parameters", Justification = "Columns are registers.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(
        Vector512<ulong> t0, Vector512<ulong> t1, Vector512<ulong> t2, Vector512<ulong> t3, Vector512<ulong> t4,
        Vector512<ulong> t5, Vector512<ulong> t6, Vector512<ulong> t7, Vector512<ulong> t8, Vector512<ulong> t9,
        Vector512<ulong> t10, Vector512<ulong> t11, Vector512<ulong> t12, Vector512<ulong> t13, Vector512<ulong> t14,
        Vector512<ulong> t15, Vector512<ulong> t16, Vector512<ulong> t17, Vector512<ulong> t18, ref FieldLanes result)
    {
        Vector512<ulong> mask = Vector512.Create(LimbMask);

        // 15632, said so that the compiler takes it for no constant: that of .NET 10.0 reads a number which is to be spread over the
        // lanes of vpmuludq from a wrong address. The first column is one product, below 2^60.
        Vector512<ulong> low = Vector512.Create(15_632UL) | (t0 >>> 63);
        t11 += t10 >>> LimbBits;
        t10 &= mask;
        t12 += t11 >>> LimbBits;
        t11 &= mask;
        t13 += t12 >>> LimbBits;
        t12 &= mask;
        t14 += t13 >>> LimbBits;
        t13 &= mask;
        t15 += t14 >>> LimbBits;
        t14 &= mask;
        t16 += t15 >>> LimbBits;
        t15 &= mask;
        t17 += t16 >>> LimbBits;
        t16 &= mask;
        t18 += t17 >>> LimbBits;
        t17 &= mask;
        Vector512<ulong> t19 = t18 >>> LimbBits;
        t18 &= mask;
        t0 += Product(t10, low);
        t1 += Product(t11, low) + (t10 << 10) + (t0 >>> LimbBits);
        t0 &= mask;
        t2 += Product(t12, low) + (t11 << 10) + (t1 >>> LimbBits);
        t1 &= mask;
        t3 += Product(t13, low) + (t12 << 10) + (t2 >>> LimbBits);
        t2 &= mask;
        t4 += Product(t14, low) + (t13 << 10) + (t3 >>> LimbBits);
        t3 &= mask;
        t5 += Product(t15, low) + (t14 << 10) + (t4 >>> LimbBits);
        t4 &= mask;
        t6 += Product(t16, low) + (t15 << 10) + (t5 >>> LimbBits);
        t5 &= mask;
        t7 += Product(t17, low) + (t16 << 10) + (t6 >>> LimbBits);
        t6 &= mask;
        t8 += Product(t18, low) + (t17 << 10) + (t7 >>> LimbBits);
        t7 &= mask;
        t9 += Product(t19, low) + (t18 << 10) + (t8 >>> LimbBits);
        t8 &= mask;

        // t19 has been folded into column 9 by its lower part; its upper part, 2^10 at column 10, is 2^14 at 2^256.
        Vector512<ulong> above = (t9 >>> TopBits) + (t19 << 14);
        t9 &= Vector512.Create(TopMask);
        t0 += Times977(above);
        t1 += (above << 6) + (t0 >>> LimbBits);
        result[0] = t0 & mask;
        result[1] = t1 & mask;
        result[2] = t2 + (t1 >>> LimbBits);
        result[3] = t3;
        result[4] = t4;
        result[5] = t5;
        result[6] = t6;
        result[7] = t7;
        result[8] = t8;
        result[9] = t9;
    }

    // Products of the lower 32 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());


    // 977 = 2^10 - 2^5 - 2^4 + 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Times977(Vector512<ulong> t) => (t << 10) - (t << 5) - (t << 4) + t;
}
