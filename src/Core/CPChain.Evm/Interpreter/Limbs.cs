using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using CPChain.Types;

namespace CPChain.Evm.Interpreter;

/// <summary>Operations on stack words as four scalar limbs, least significant first. A 32-byte load of a word that was
/// just written by four 8-byte stores stalls, so nothing here moves words by vectors.</summary>
internal static unsafe partial class Limbs
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Set(ulong* word, ulong value)
    {
        word[0] = value;
        word[1] = 0;
        word[2] = 0;
        word[3] = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Set(ulong* word, in UInt256 value)
    {
        word[0] = value.U0;
        word[1] = value.U1;
        word[2] = value.U2;
        word[3] = value.U3;
    }

    internal static UInt256 Get(ulong* word) => new(word[0], word[1], word[2], word[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsZero(ulong* word) => (word[0] | word[1] | word[2] | word[3]) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Load(ulong* word, byte* bigEndian)
    {
        ulong u3 = Swap(*(ulong*)bigEndian);
        ulong u2 = Swap(*(ulong*)(bigEndian + 8));
        ulong u1 = Swap(*(ulong*)(bigEndian + 16));
        ulong u0 = Swap(*(ulong*)(bigEndian + 24));
        word[0] = u0;
        word[1] = u1;
        word[2] = u2;
        word[3] = u3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(byte* bigEndian, ulong* word)
    {
        *(ulong*)bigEndian = Swap(word[3]);
        *(ulong*)(bigEndian + 8) = Swap(word[2]);
        *(ulong*)(bigEndian + 16) = Swap(word[1]);
        *(ulong*)(bigEndian + 24) = Swap(word[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Swap(ulong value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(ulong* a, ulong* b)
    {
        unchecked
        {
            ulong s0 = a[0] + b[0];
            ulong c0 = s0 < a[0] ? 1UL : 0UL;
            ulong t1 = a[1] + b[1];
            ulong s1 = t1 + c0;
            ulong c1 = (t1 < a[1] ? 1UL : 0UL) | (s1 < t1 ? 1UL : 0UL);
            ulong t2 = a[2] + b[2];
            ulong s2 = t2 + c1;
            ulong c2 = (t2 < a[2] ? 1UL : 0UL) | (s2 < t2 ? 1UL : 0UL);
            ulong s3 = a[3] + b[3] + c2;
            b[0] = s0;
            b[1] = s1;
            b[2] = s2;
            b[3] = s3;
        }
    }

    /// <summary>b = a - b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Subtract(ulong* a, ulong* b)
    {
        unchecked
        {
            ulong a0 = a[0], a1 = a[1], a2 = a[2];
            ulong d0 = a0 - b[0];
            ulong c0 = a0 < b[0] ? 1UL : 0UL;
            ulong t1 = a1 - b[1];
            ulong d1 = t1 - c0;
            ulong c1 = (a1 < b[1] ? 1UL : 0UL) | (t1 < c0 ? 1UL : 0UL);
            ulong t2 = a2 - b[2];
            ulong d2 = t2 - c1;
            ulong c2 = (a2 < b[2] ? 1UL : 0UL) | (t2 < c1 ? 1UL : 0UL);
            ulong d3 = a[3] - b[3] - c2;
            b[0] = d0;
            b[1] = d1;
            b[2] = d2;
            b[3] = d3;
        }
    }

    /// <summary>b = a * b modulo 2^256.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Multiply(ulong* a, ulong* b)
    {
        unchecked
        {
            ulong a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
            ulong b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
            if ((a1 | a2 | a3 | b1 | b2 | b3) == 0)
            {
                b[0] = a0 * b0;
                b[1] = High(a0, b0);
                b[2] = 0;
                b[3] = 0;
                return;
            }

            ulong r0 = a0 * b0;
            ulong r1 = High(a0, b0);
            ulong r2 = High(a0, b1);
            ulong r3 = High(a0, b2) + (a0 * b3);

            ulong p = a0 * b1;
            r1 += p;
            ulong carry = r1 < p ? 1UL : 0UL;
            p = a0 * b2;
            r2 += carry;
            ulong carry2 = r2 < carry ? 1UL : 0UL;
            r2 += p;
            carry2 += r2 < p ? 1UL : 0UL;
            r3 += carry2;

            p = a1 * b0;
            r1 += p;
            carry = r1 < p ? 1UL : 0UL;
            p = High(a1, b0);
            r2 += carry;
            carry2 = r2 < carry ? 1UL : 0UL;
            r2 += p;
            carry2 += r2 < p ? 1UL : 0UL;
            p = a1 * b1;
            r2 += p;
            carry2 += r2 < p ? 1UL : 0UL;
            r3 += carry2 + High(a1, b1) + (a1 * b2);

            p = a2 * b0;
            r2 += p;
            carry2 = r2 < p ? 1UL : 0UL;
            r3 += carry2 + High(a2, b0) + (a2 * b1) + (a3 * b0);

            b[0] = r0;
            b[1] = r1;
            b[2] = r2;
            b[3] = r3;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Less(ulong* a, ulong* b)
    {
        if (a[3] != b[3]) return a[3] < b[3];
        if (a[2] != b[2]) return a[2] < b[2];
        if (a[1] != b[1]) return a[1] < b[1];
        return a[0] < b[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool SignedLess(ulong* a, ulong* b) =>
        a[3] != b[3] ? unchecked((long)a[3] < (long)b[3]) : Less(a, b);

    /// <summary>value = value &lt;&lt; count.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ShiftLeft(ulong* count, ulong* value)
    {
        ulong n = count[0];
        if ((count[1] | count[2] | count[3]) != 0 || n > 255)
        {
            Set(value, 0UL);
            return;
        }

        int bits = (int)n & 63;
        ulong v0 = value[0], v1 = value[1], v2 = value[2], v3 = value[3];
        if (bits != 0)
        {
            int back = 64 - bits;
            v3 = (v3 << bits) | (v2 >> back);
            v2 = (v2 << bits) | (v1 >> back);
            v1 = (v1 << bits) | (v0 >> back);
            v0 <<= bits;
        }

        switch ((int)(n >> 6))
        {
            case 0: Write(value, v0, v1, v2, v3); break;
            case 1: Write(value, 0, v0, v1, v2); break;
            case 2: Write(value, 0, 0, v0, v1); break;
            default: Write(value, 0, 0, 0, v0); break;
        }
    }

    /// <summary>value = value >> count, filled from the left with <paramref name="fill"/> (0 or all ones).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ShiftRight(ulong* count, ulong* value, ulong fill)
    {
        ulong n = count[0];
        if ((count[1] | count[2] | count[3]) != 0 || n > 255)
        {
            Write(value, fill, fill, fill, fill);
            return;
        }

        int bits = (int)n & 63;
        ulong v0 = value[0], v1 = value[1], v2 = value[2], v3 = value[3];
        if (bits != 0)
        {
            int back = 64 - bits;
            v0 = (v0 >> bits) | (v1 << back);
            v1 = (v1 >> bits) | (v2 << back);
            v2 = (v2 >> bits) | (v3 << back);
            v3 = (v3 >> bits) | (fill << back);
        }

        switch ((int)(n >> 6))
        {
            case 0: Write(value, v0, v1, v2, v3); break;
            case 1: Write(value, v1, v2, v3, fill); break;
            case 2: Write(value, v2, v3, fill, fill); break;
            default: Write(value, v3, fill, fill, fill); break;
        }
    }

    internal static void ShiftRightSigned(ulong* count, ulong* value) =>
        ShiftRight(count, value, unchecked((ulong)((long)value[3] >> 63)));

    /// <summary>value = sign extension of value from byte <paramref name="index"/>, counted from the least one.</summary>
    internal static void SignExtend(ulong* index, ulong* value)
    {
        if ((index[1] | index[2] | index[3]) != 0 || index[0] > 30)
        {
            return;
        }

        SignExtendFrom((int)index[0], value);
    }

    /// <summary>value = sign extension of value from byte <paramref name="index"/>, 0 to 30.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void SignExtendFrom(int index, ulong* value)
    {
        int bit = (index * 8) + 7;
        int limb = bit >> 6;
        int shift = 63 - (bit & 63);
        ulong extended = unchecked((ulong)((long)(value[limb] << shift) >> shift));
        ulong fill = unchecked((ulong)((long)extended >> 63));
        value[limb] = extended;
        for (int i = limb + 1; i < 4; i++) value[i] = fill;
    }

    /// <summary>value = byte <paramref name="index"/> of value, counted from the greatest one.</summary>
    internal static void Byte(ulong* index, ulong* value)
    {
        if ((index[1] | index[2] | index[3]) != 0 || index[0] > 31)
        {
            Set(value, 0UL);
            return;
        }

        int i = 31 - (int)index[0];
        Set(value, (value[i >> 3] >> ((i & 7) * 8)) & 0xff);
    }

    internal static int LeadingZeroCount(ulong* word)
    {
        for (int i = 3; i >= 0; i--)
        {
            if (word[i] != 0) return ((3 - i) * 64) + BitOperations.LeadingZeroCount(word[i]);
        }

        return 256;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong High(ulong a, ulong b) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ulong* word, ulong u0, ulong u1, ulong u2, ulong u3)
    {
        word[0] = u0;
        word[1] = u1;
        word[2] = u2;
        word[3] = u3;
    }
}
