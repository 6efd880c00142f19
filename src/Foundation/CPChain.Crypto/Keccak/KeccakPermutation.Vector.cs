using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Crypto.Keccak;

internal static partial class KeccakPermutation
{
    internal static bool IsVectorSupported => Avx512F.VL.IsSupported;

    /// <summary>
    /// The form for AVX-512: each lane in the low half of one of 32 registers, so that the state never leaves them and
    /// three-input exclusive or, chi and rotation are one instruction each.
    /// </summary>
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
        ReadOnlySpan<ulong> constants = RoundConstants;
        for (int round = 0; round < 24; round++)
        {
            Vector128<ulong> c0 = Xor(Xor(a0, a5, a10), a15, a20);
            Vector128<ulong> c1 = Xor(Xor(a1, a6, a11), a16, a21);
            Vector128<ulong> c2 = Xor(Xor(a2, a7, a12), a17, a22);
            Vector128<ulong> c3 = Xor(Xor(a3, a8, a13), a18, a23);
            Vector128<ulong> c4 = Xor(Xor(a4, a9, a14), a19, a24);
            Vector128<ulong> r0 = Rotate(c0, 1);
            Vector128<ulong> r1 = Rotate(c1, 1);
            Vector128<ulong> r2 = Rotate(c2, 1);
            Vector128<ulong> r3 = Rotate(c3, 1);
            Vector128<ulong> r4 = Rotate(c4, 1);
            Vector128<ulong> b0 = Xor(a0, c4, r1);
            Vector128<ulong> b16 = Rotate(Xor(a5, c4, r1), 36);
            Vector128<ulong> b7 = Rotate(Xor(a10, c4, r1), 3);
            Vector128<ulong> b23 = Rotate(Xor(a15, c4, r1), 41);
            Vector128<ulong> b14 = Rotate(Xor(a20, c4, r1), 18);
            Vector128<ulong> b10 = Rotate(Xor(a1, c0, r2), 1);
            Vector128<ulong> b1 = Rotate(Xor(a6, c0, r2), 44);
            Vector128<ulong> b17 = Rotate(Xor(a11, c0, r2), 10);
            Vector128<ulong> b8 = Rotate(Xor(a16, c0, r2), 45);
            Vector128<ulong> b24 = Rotate(Xor(a21, c0, r2), 2);
            Vector128<ulong> b20 = Rotate(Xor(a2, c1, r3), 62);
            Vector128<ulong> b11 = Rotate(Xor(a7, c1, r3), 6);
            Vector128<ulong> b2 = Rotate(Xor(a12, c1, r3), 43);
            Vector128<ulong> b18 = Rotate(Xor(a17, c1, r3), 15);
            Vector128<ulong> b9 = Rotate(Xor(a22, c1, r3), 61);
            Vector128<ulong> b5 = Rotate(Xor(a3, c2, r4), 28);
            Vector128<ulong> b21 = Rotate(Xor(a8, c2, r4), 55);
            Vector128<ulong> b12 = Rotate(Xor(a13, c2, r4), 25);
            Vector128<ulong> b3 = Rotate(Xor(a18, c2, r4), 21);
            Vector128<ulong> b19 = Rotate(Xor(a23, c2, r4), 56);
            Vector128<ulong> b15 = Rotate(Xor(a4, c3, r0), 27);
            Vector128<ulong> b6 = Rotate(Xor(a9, c3, r0), 20);
            Vector128<ulong> b22 = Rotate(Xor(a14, c3, r0), 39);
            Vector128<ulong> b13 = Rotate(Xor(a19, c3, r0), 8);
            Vector128<ulong> b4 = Rotate(Xor(a24, c3, r0), 14);
            a0 = Chi(b0, b1, b2) ^ Vector128.CreateScalarUnsafe(constants[round]);
            a1 = Chi(b1, b2, b3);
            a2 = Chi(b2, b3, b4);
            a3 = Chi(b3, b4, b0);
            a4 = Chi(b4, b0, b1);
            a5 = Chi(b5, b6, b7);
            a6 = Chi(b6, b7, b8);
            a7 = Chi(b7, b8, b9);
            a8 = Chi(b8, b9, b5);
            a9 = Chi(b9, b5, b6);
            a10 = Chi(b10, b11, b12);
            a11 = Chi(b11, b12, b13);
            a12 = Chi(b12, b13, b14);
            a13 = Chi(b13, b14, b10);
            a14 = Chi(b14, b10, b11);
            a15 = Chi(b15, b16, b17);
            a16 = Chi(b16, b17, b18);
            a17 = Chi(b17, b18, b19);
            a18 = Chi(b18, b19, b15);
            a19 = Chi(b19, b15, b16);
            a20 = Chi(b20, b21, b22);
            a21 = Chi(b21, b22, b23);
            a22 = Chi(b22, b23, b24);
            a23 = Chi(b23, b24, b20);
            a24 = Chi(b24, b20, b21);
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
