using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Types;

public readonly partial struct UInt256
{
    /// <summary>The sum modulo 2^256; false when it wrapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAdd(in UInt256 a, in UInt256 b, out UInt256 sum)
    {
        unchecked
        {
            ulong r0 = a.U0 + b.U0;
            ulong carry = r0 < b.U0 ? 1UL : 0;
            ulong t1 = a.U1 + b.U1;
            ulong c1 = t1 < b.U1 ? 1UL : 0;
            ulong r1 = t1 + carry;
            carry = c1 | (r1 < carry ? 1UL : 0);
            ulong t2 = a.U2 + b.U2;
            ulong c2 = t2 < b.U2 ? 1UL : 0;
            ulong r2 = t2 + carry;
            carry = c2 | (r2 < carry ? 1UL : 0);
            ulong t3 = a.U3 + b.U3;
            ulong c3 = t3 < b.U3 ? 1UL : 0;
            ulong r3 = t3 + carry;
            carry = c3 | (r3 < carry ? 1UL : 0);
            sum = new UInt256(r0, r1, r2, r3);
            return carry == 0;
        }
    }

    /// <summary>The difference modulo 2^256; false when it wrapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySubtract(in UInt256 a, in UInt256 b, out UInt256 difference)
    {
        unchecked
        {
            ulong r0 = a.U0 - b.U0;
            ulong borrow = a.U0 < b.U0 ? 1UL : 0;
            ulong t1 = a.U1 - b.U1;
            ulong c1 = a.U1 < b.U1 ? 1UL : 0;
            ulong r1 = t1 - borrow;
            borrow = c1 | (t1 < borrow ? 1UL : 0);
            ulong t2 = a.U2 - b.U2;
            ulong c2 = a.U2 < b.U2 ? 1UL : 0;
            ulong r2 = t2 - borrow;
            borrow = c2 | (t2 < borrow ? 1UL : 0);
            ulong t3 = a.U3 - b.U3;
            ulong c3 = a.U3 < b.U3 ? 1UL : 0;
            ulong r3 = t3 - borrow;
            borrow = c3 | (t3 < borrow ? 1UL : 0);
            difference = new UInt256(r0, r1, r2, r3);
            return borrow == 0;
        }
    }

    /// <summary>The product modulo 2^256; false when it wrapped.</summary>
    public static bool TryMultiply(in UInt256 a, in UInt256 b, out UInt256 product)
    {
        if (a.FitsUlong && b.FitsUlong)
        {
            ulong high = MultiplyHigh(a.U0, b.U0);
            product = new UInt256(unchecked(a.U0 * b.U0), high);
            return true;
        }

        MultiplyWide(a, b, out product, out UInt256 overflow);
        return overflow.IsZero;
    }

    /// <summary>The 512-bit product as two halves.</summary>
    public static void MultiplyWide(in UInt256 a, in UInt256 b, out UInt256 low, out UInt256 high)
    {
        ulong b0 = b.U0, b1 = b.U1, b2 = b.U2, b3 = b.U3;
        ulong x = a.U0;
        ulong carry = MultiplyAdd(x, b0, 0, 0, out ulong r0);
        carry = MultiplyAdd(x, b1, 0, carry, out ulong r1);
        carry = MultiplyAdd(x, b2, 0, carry, out ulong r2);
        ulong r4 = MultiplyAdd(x, b3, 0, carry, out ulong r3);
        x = a.U1;
        carry = MultiplyAdd(x, b0, r1, 0, out r1);
        carry = MultiplyAdd(x, b1, r2, carry, out r2);
        carry = MultiplyAdd(x, b2, r3, carry, out r3);
        ulong r5 = MultiplyAdd(x, b3, r4, carry, out r4);
        x = a.U2;
        carry = MultiplyAdd(x, b0, r2, 0, out r2);
        carry = MultiplyAdd(x, b1, r3, carry, out r3);
        carry = MultiplyAdd(x, b2, r4, carry, out r4);
        ulong r6 = MultiplyAdd(x, b3, r5, carry, out r5);
        x = a.U3;
        carry = MultiplyAdd(x, b0, r3, 0, out r3);
        carry = MultiplyAdd(x, b1, r4, carry, out r4);
        carry = MultiplyAdd(x, b2, r5, carry, out r5);
        ulong r7 = MultiplyAdd(x, b3, r6, carry, out r6);
        low = new UInt256(r0, r1, r2, r3);
        high = new UInt256(r4, r5, r6, r7);
    }

    /// <summary>low + 2^64 * result = x * y + addend + carry, which cannot exceed 2^128 - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong x, ulong y, ulong addend, ulong carry, out ulong low)
    {
        unchecked
        {
            ulong high = MultiplyHigh(x, y);
            ulong l = x * y;
            l += addend;
            high += l < addend ? 1UL : 0;
            l += carry;
            high += l < carry ? 1UL : 0;
            low = l;
            return high;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyHigh(ulong x, ulong y) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(x, y) : Math.BigMul(x, y, out _);

    /// <summary>The product modulo 2^256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static UInt256 MultiplyLow(in UInt256 a, in UInt256 b)
    {
        unchecked
        {
            ulong a0 = a.U0, a1 = a.U1, a2 = a.U2, a3 = a.U3;
            ulong b0 = b.U0, b1 = b.U1, b2 = b.U2, b3 = b.U3;
            ulong r0 = a0 * b0;
            ulong r1 = MultiplyHigh(a0, b0);
            ulong r2 = MultiplyHigh(a0, b1);
            ulong r3 = MultiplyHigh(a0, b2) + (a0 * b3) + (a1 * b2) + (a2 * b1) + (a3 * b0);
            r3 += MultiplyHigh(a1, b1) + MultiplyHigh(a2, b0);

            ulong t = a0 * b1;
            r1 += t;
            r2 += r1 < t ? 1UL : 0; // A high word is at most 2^64 - 2, so one carry cannot overflow it.
            t = a1 * b0;
            r1 += t;
            ulong carry = r1 < t ? 1UL : 0;
            r2 += carry;
            r3 += r2 < carry ? 1UL : 0;
            t = MultiplyHigh(a1, b0);
            r2 += t;
            r3 += r2 < t ? 1UL : 0;
            t = a0 * b2;
            r2 += t;
            r3 += r2 < t ? 1UL : 0;
            t = a1 * b1;
            r2 += t;
            r3 += r2 < t ? 1UL : 0;
            t = a2 * b0;
            r2 += t;
            r3 += r2 < t ? 1UL : 0;
            return new UInt256(r0, r1, r2, r3);
        }
    }

    public static UInt256 operator +(in UInt256 a, in UInt256 b)
    {
        TryAdd(a, b, out UInt256 sum);
        return sum;
    }

    public static UInt256 operator checked +(in UInt256 a, in UInt256 b) =>
        TryAdd(a, b, out UInt256 sum) ? sum : throw new OverflowException("The sum needs more than 256 bits.");

    public static UInt256 operator -(in UInt256 a, in UInt256 b)
    {
        TrySubtract(a, b, out UInt256 difference);
        return difference;
    }

    public static UInt256 operator checked -(in UInt256 a, in UInt256 b) =>
        TrySubtract(a, b, out UInt256 difference) ? difference : throw new OverflowException("The difference is negative.");

    public static UInt256 operator *(in UInt256 a, in UInt256 b) => MultiplyLow(a, b);

    public static UInt256 operator checked *(in UInt256 a, in UInt256 b) =>
        TryMultiply(a, b, out UInt256 product) ? product : throw new OverflowException("The product needs more than 256 bits.");

    /// <summary>The quotient, rounded down; throws <see cref="DivideByZeroException"/>.</summary>
    public static UInt256 operator /(in UInt256 a, in UInt256 b)
    {
        DivRem(a, b, out UInt256 quotient, out _);
        return quotient;
    }

    /// <summary>The remainder; throws <see cref="DivideByZeroException"/>.</summary>
    public static UInt256 operator %(in UInt256 a, in UInt256 b)
    {
        DivRem(a, b, out _, out UInt256 remainder);
        return remainder;
    }

    /// <summary>The power modulo 2^256; 0^0 is 1.</summary>
    public static UInt256 Exp(in UInt256 value, in UInt256 exponent)
    {
        UInt256 result = One;
        for (int bit = exponent.BitLength - 1; bit >= 0; bit--)
        {
            result = MultiplyLow(result, result);
            if (exponent.IsBitSet(bit)) result = MultiplyLow(result, value);
        }

        return result;
    }
}
