using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Crypto.Keccak;

internal static partial class KeccakPermutation
{
    internal static bool IsVectorSupported => Avx512F.VL.IsSupported;

    /// <summary>
    /// The form for AVX-512: each lane in the low half of one of 32 registers, so that the state rarely leaves them
    /// and three-input exclusive or, chi and rotation are one instruction each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Unoptimised code of this size is twenty times slower.
    internal static void PermuteVector(Span<ulong> state)
    {
        Span<ulong> s = state[..Lanes];
        Vector128<ulong> a0 = Vector128.CreateScalarUnsafe(s[0]);
        Vector128<ulong> a1 = Vector128.CreateScalarUnsafe(s[1]);
        Vector128<ulong> a2 = Vector128.CreateScalarUnsafe(s[2]);
        Vector128<ulong> a3 = Vector128.CreateScalarUnsafe(s[3]);
        Vector128<ulong> a4 = Vector128.CreateScalarUnsafe(s[4]);
        Vector128<ulong> a5 = Vector128.CreateScalarUnsafe(s[5]);
        Vector128<ulong> a6 = Vector128.CreateScalarUnsafe(s[6]);
        Vector128<ulong> a7 = Vector128.CreateScalarUnsafe(s[7]);
        Vector128<ulong> a8 = Vector128.CreateScalarUnsafe(s[8]);
        Vector128<ulong> a9 = Vector128.CreateScalarUnsafe(s[9]);
        Vector128<ulong> a10 = Vector128.CreateScalarUnsafe(s[10]);
        Vector128<ulong> a11 = Vector128.CreateScalarUnsafe(s[11]);
        Vector128<ulong> a12 = Vector128.CreateScalarUnsafe(s[12]);
        Vector128<ulong> a13 = Vector128.CreateScalarUnsafe(s[13]);
        Vector128<ulong> a14 = Vector128.CreateScalarUnsafe(s[14]);
        Vector128<ulong> a15 = Vector128.CreateScalarUnsafe(s[15]);
        Vector128<ulong> a16 = Vector128.CreateScalarUnsafe(s[16]);
        Vector128<ulong> a17 = Vector128.CreateScalarUnsafe(s[17]);
        Vector128<ulong> a18 = Vector128.CreateScalarUnsafe(s[18]);
        Vector128<ulong> a19 = Vector128.CreateScalarUnsafe(s[19]);
        Vector128<ulong> a20 = Vector128.CreateScalarUnsafe(s[20]);
        Vector128<ulong> a21 = Vector128.CreateScalarUnsafe(s[21]);
        Vector128<ulong> a22 = Vector128.CreateScalarUnsafe(s[22]);
        Vector128<ulong> a23 = Vector128.CreateScalarUnsafe(s[23]);
        Vector128<ulong> a24 = Vector128.CreateScalarUnsafe(s[24]);
        Vector128<ulong> e0, e1, e2, e3, e4;
        Vector128<ulong> e5, e6, e7, e8, e9;
        Vector128<ulong> e10, e11, e12, e13, e14;
        Vector128<ulong> e15, e16, e17, e18, e19;
        Vector128<ulong> e20, e21, e22, e23, e24;
        Vector128<ulong> b0, b1, b2, b3, b4;
        Vector128<ulong> c0, c1, c2, c3, c4;
        Vector128<ulong> d0, d1, d2, d3, d4;
        ReadOnlySpan<ulong> constants = RoundConstants;
        for (int round = 0; round < 24; round += 2)
        {
            c0 = Xor(Xor(a0, a5, a10), a15, a20);
            c1 = Xor(Xor(a1, a6, a11), a16, a21);
            c2 = Xor(Xor(a2, a7, a12), a17, a22);
            c3 = Xor(Xor(a3, a8, a13), a18, a23);
            c4 = Xor(Xor(a4, a9, a14), a19, a24);
            d0 = c4 ^ Rotate(c1, 1);
            d1 = c0 ^ Rotate(c2, 1);
            d2 = c1 ^ Rotate(c3, 1);
            d3 = c2 ^ Rotate(c4, 1);
            d4 = c3 ^ Rotate(c0, 1);
            b0 = a0 ^ d0;
            b1 = Rotate(a6 ^ d1, 44);
            b2 = Rotate(a12 ^ d2, 43);
            b3 = Rotate(a18 ^ d3, 21);
            b4 = Rotate(a24 ^ d4, 14);
            e0 = Chi(b0, b1, b2) ^ Vector128.CreateScalarUnsafe(constants[round]);
            e1 = Chi(b1, b2, b3);
            e2 = Chi(b2, b3, b4);
            e3 = Chi(b3, b4, b0);
            e4 = Chi(b4, b0, b1);
            b0 = Rotate(a3 ^ d3, 28);
            b1 = Rotate(a9 ^ d4, 20);
            b2 = Rotate(a10 ^ d0, 3);
            b3 = Rotate(a16 ^ d1, 45);
            b4 = Rotate(a22 ^ d2, 61);
            e5 = Chi(b0, b1, b2);
            e6 = Chi(b1, b2, b3);
            e7 = Chi(b2, b3, b4);
            e8 = Chi(b3, b4, b0);
            e9 = Chi(b4, b0, b1);
            b0 = Rotate(a1 ^ d1, 1);
            b1 = Rotate(a7 ^ d2, 6);
            b2 = Rotate(a13 ^ d3, 25);
            b3 = Rotate(a19 ^ d4, 8);
            b4 = Rotate(a20 ^ d0, 18);
            e10 = Chi(b0, b1, b2);
            e11 = Chi(b1, b2, b3);
            e12 = Chi(b2, b3, b4);
            e13 = Chi(b3, b4, b0);
            e14 = Chi(b4, b0, b1);
            b0 = Rotate(a4 ^ d4, 27);
            b1 = Rotate(a5 ^ d0, 36);
            b2 = Rotate(a11 ^ d1, 10);
            b3 = Rotate(a17 ^ d2, 15);
            b4 = Rotate(a23 ^ d3, 56);
            e15 = Chi(b0, b1, b2);
            e16 = Chi(b1, b2, b3);
            e17 = Chi(b2, b3, b4);
            e18 = Chi(b3, b4, b0);
            e19 = Chi(b4, b0, b1);
            b0 = Rotate(a2 ^ d2, 62);
            b1 = Rotate(a8 ^ d3, 55);
            b2 = Rotate(a14 ^ d4, 39);
            b3 = Rotate(a15 ^ d0, 41);
            b4 = Rotate(a21 ^ d1, 2);
            e20 = Chi(b0, b1, b2);
            e21 = Chi(b1, b2, b3);
            e22 = Chi(b2, b3, b4);
            e23 = Chi(b3, b4, b0);
            e24 = Chi(b4, b0, b1);

            c0 = Xor(Xor(e0, e5, e10), e15, e20);
            c1 = Xor(Xor(e1, e6, e11), e16, e21);
            c2 = Xor(Xor(e2, e7, e12), e17, e22);
            c3 = Xor(Xor(e3, e8, e13), e18, e23);
            c4 = Xor(Xor(e4, e9, e14), e19, e24);
            d0 = c4 ^ Rotate(c1, 1);
            d1 = c0 ^ Rotate(c2, 1);
            d2 = c1 ^ Rotate(c3, 1);
            d3 = c2 ^ Rotate(c4, 1);
            d4 = c3 ^ Rotate(c0, 1);
            b0 = e0 ^ d0;
            b1 = Rotate(e6 ^ d1, 44);
            b2 = Rotate(e12 ^ d2, 43);
            b3 = Rotate(e18 ^ d3, 21);
            b4 = Rotate(e24 ^ d4, 14);
            a0 = Chi(b0, b1, b2) ^ Vector128.CreateScalarUnsafe(constants[round + 1]);
            a1 = Chi(b1, b2, b3);
            a2 = Chi(b2, b3, b4);
            a3 = Chi(b3, b4, b0);
            a4 = Chi(b4, b0, b1);
            b0 = Rotate(e3 ^ d3, 28);
            b1 = Rotate(e9 ^ d4, 20);
            b2 = Rotate(e10 ^ d0, 3);
            b3 = Rotate(e16 ^ d1, 45);
            b4 = Rotate(e22 ^ d2, 61);
            a5 = Chi(b0, b1, b2);
            a6 = Chi(b1, b2, b3);
            a7 = Chi(b2, b3, b4);
            a8 = Chi(b3, b4, b0);
            a9 = Chi(b4, b0, b1);
            b0 = Rotate(e1 ^ d1, 1);
            b1 = Rotate(e7 ^ d2, 6);
            b2 = Rotate(e13 ^ d3, 25);
            b3 = Rotate(e19 ^ d4, 8);
            b4 = Rotate(e20 ^ d0, 18);
            a10 = Chi(b0, b1, b2);
            a11 = Chi(b1, b2, b3);
            a12 = Chi(b2, b3, b4);
            a13 = Chi(b3, b4, b0);
            a14 = Chi(b4, b0, b1);
            b0 = Rotate(e4 ^ d4, 27);
            b1 = Rotate(e5 ^ d0, 36);
            b2 = Rotate(e11 ^ d1, 10);
            b3 = Rotate(e17 ^ d2, 15);
            b4 = Rotate(e23 ^ d3, 56);
            a15 = Chi(b0, b1, b2);
            a16 = Chi(b1, b2, b3);
            a17 = Chi(b2, b3, b4);
            a18 = Chi(b3, b4, b0);
            a19 = Chi(b4, b0, b1);
            b0 = Rotate(e2 ^ d2, 62);
            b1 = Rotate(e8 ^ d3, 55);
            b2 = Rotate(e14 ^ d4, 39);
            b3 = Rotate(e15 ^ d0, 41);
            b4 = Rotate(e21 ^ d1, 2);
            a20 = Chi(b0, b1, b2);
            a21 = Chi(b1, b2, b3);
            a22 = Chi(b2, b3, b4);
            a23 = Chi(b3, b4, b0);
            a24 = Chi(b4, b0, b1);
        }

        s[0] = a0.ToScalar();
        s[1] = a1.ToScalar();
        s[2] = a2.ToScalar();
        s[3] = a3.ToScalar();
        s[4] = a4.ToScalar();
        s[5] = a5.ToScalar();
        s[6] = a6.ToScalar();
        s[7] = a7.ToScalar();
        s[8] = a8.ToScalar();
        s[9] = a9.ToScalar();
        s[10] = a10.ToScalar();
        s[11] = a11.ToScalar();
        s[12] = a12.ToScalar();
        s[13] = a13.ToScalar();
        s[14] = a14.ToScalar();
        s[15] = a15.ToScalar();
        s[16] = a16.ToScalar();
        s[17] = a17.ToScalar();
        s[18] = a18.ToScalar();
        s[19] = a19.ToScalar();
        s[20] = a20.ToScalar();
        s[21] = a21.ToScalar();
        s[22] = a22.ToScalar();
        s[23] = a23.ToScalar();
        s[24] = a24.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        Avx512F.VL.TernaryLogic(a, b, c, 0x96);

    /// <summary>a ^ (~b &amp; c)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Chi(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        Avx512F.VL.TernaryLogic(a, b, c, 0xD2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Rotate(Vector128<ulong> lane, [ConstantExpected] byte count) =>
        Avx512F.VL.RotateLeft(lane, count);
}
