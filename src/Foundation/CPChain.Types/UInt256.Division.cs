using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Types;

public readonly partial struct UInt256
{
    /// <summary>Quotient and remainder; throws <see cref="DivideByZeroException"/>.</summary>
    [SkipLocalsInit]
    public static void DivRem(in UInt256 a, in UInt256 b, out UInt256 quotient, out UInt256 remainder)
    {
        if (b.IsZero) throw new DivideByZeroException();
        if (a < b)
        {
            remainder = a;
            quotient = Zero;
            return;
        }

        if (a.FitsUlong)
        {
            (ulong q, ulong r) = Math.DivRem(a.U0, b.U0);
            quotient = q;
            remainder = r;
            return;
        }

        unsafe
        {
            ulong* u = stackalloc ulong[5];
            ulong* v = stackalloc ulong[4];
            ulong* q = stackalloc ulong[4];
            q[0] = q[1] = q[2] = q[3] = 0;
            Spread(a, u);
            u[4] = 0;
            Spread(b, v);
            remainder = Divide(u, 5, v, q);
            quotient = new UInt256(q[0], q[1], q[2], q[3]);
        }
    }

    public static (UInt256 Quotient, UInt256 Remainder) DivRem(in UInt256 a, in UInt256 b)
    {
        DivRem(a, b, out UInt256 quotient, out UInt256 remainder);
        return (quotient, remainder);
    }

    /// <summary>(a + b) mod m over the full 257-bit sum; zero for a zero modulus, as ADDMOD defines it.</summary>
    [SkipLocalsInit]
    public static UInt256 AddMod(in UInt256 a, in UInt256 b, in UInt256 m)
    {
        if (m.IsZero) return Zero;
        bool fits = TryAdd(a, b, out UInt256 sum);
        if (fits) return sum < m ? sum : sum % m;

        unsafe
        {
            ulong* u = stackalloc ulong[6];
            ulong* v = stackalloc ulong[4];
            ulong* q = stackalloc ulong[5];
            Spread(sum, u);
            u[4] = 1;
            u[5] = 0;
            Spread(m, v);
            return Divide(u, 6, v, q);
        }
    }

    /// <summary>(a * b) mod m over the full 512-bit product; zero for a zero modulus, as MULMOD defines it.</summary>
    [SkipLocalsInit]
    public static UInt256 MulMod(in UInt256 a, in UInt256 b, in UInt256 m)
    {
        if (m.IsZero) return Zero;
        MultiplyWide(a, b, out UInt256 low, out UInt256 high);
        if (high.IsZero) return low < m ? low : low % m;

        unsafe
        {
            ulong* u = stackalloc ulong[9];
            ulong* v = stackalloc ulong[4];
            ulong* q = stackalloc ulong[8];
            Spread(low, u);
            Spread(high, u + 4);
            u[8] = 0;
            Spread(m, v);
            return Divide(u, 9, v, q);
        }
    }

    private static unsafe void Spread(in UInt256 value, ulong* limbs)
    {
        limbs[0] = value.U0;
        limbs[1] = value.U1;
        limbs[2] = value.U2;
        limbs[3] = value.U3;
    }

    /// <summary>
    /// Knuth's algorithm D on 64-bit digits. <paramref name="u"/> is the dividend of <paramref name="length"/> limbs with
    /// a zero limb on top and is destroyed, as are the four limbs <paramref name="v"/> of the divisor, which is not zero;
    /// <paramref name="q"/> has one limb less than u.
    /// </summary>
    // SAFETY: 2 <= n <= 4 and j + n <= top <= length - 1, so every limb touched lies inside the callers' buffers.
    private static unsafe UInt256 Divide(ulong* u, int length, ulong* v, ulong* q)
    {
        unchecked
        {
            int n = 4;
            while (v[n - 1] == 0) n--;
            int top = length - 1;
            while (top > 0 && u[top - 1] == 0) top--;
            if (n == 1) return DivideByLimb(u, top, v[0], q);

            int shift = BitOperations.LeadingZeroCount(v[n - 1]);
            if (shift != 0)
            {
                ShiftLeft(v, n, shift);
                ShiftLeft(u, top + 1, shift);
            }

            ulong high = v[n - 1];
            ulong next = v[n - 2];
            for (int j = top - n; j >= 0; j--)
            {
                ulong* part = u + j;
                ulong digit = EstimateDigit(part[n], part[n - 1], part[n - 2], high, next);
                if (SubtractProduct(part, v, n, digit))
                {
                    digit--;
                    AddBack(part, v, n);
                }

                q[j] = digit;
            }

            if (shift != 0) ShiftRight(u, n, shift);
            return new UInt256(u[0], u[1], n > 2 ? u[2] : 0, n > 3 ? u[3] : 0);
        }
    }

    private static unsafe UInt256 DivideByLimb(ulong* u, int count, ulong divisor, ulong* q)
    {
        ulong remainder = 0;
        for (int i = count - 1; i >= 0; i--) q[i] = Divide128(remainder, u[i], divisor, out remainder);
        return remainder;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EstimateDigit(ulong u2, ulong u1, ulong u0, ulong high, ulong next)
    {
        if (u2 >= high) return ulong.MaxValue; // The quotient digit cannot be larger; the correction step repairs it.
        ulong digit = Divide128(u2, u1, high, out ulong rest);
        unchecked
        {
            ulong productHigh = MultiplyHigh(digit, next);
            ulong productLow = digit * next;
            while (productHigh > rest || (productHigh == rest && productLow > u0))
            {
                digit--;
                if (productLow < next) productHigh--;
                productLow -= next;
                rest += high;
                if (rest < high) break;
            }
        }

        return digit;
    }

    /// <summary>(high, low) / divisor for high below divisor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Divide128(ulong high, ulong low, ulong divisor, out ulong remainder)
    {
#pragma warning disable CA2252, SYSLIB5004 // The 128/64 division instruction is offered as a preview.
        if (X86Base.X64.IsSupported)
        {
            (ulong quotient, remainder) = X86Base.X64.DivRem(low, high, divisor);
            return quotient;
        }
#pragma warning restore CA2252, SYSLIB5004
        (UInt128 q, UInt128 r) = UInt128.DivRem(new UInt128(high, low), divisor);
        remainder = (ulong)r;
        return (ulong)q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe bool SubtractProduct(ulong* u, ulong* v, int n, ulong digit)
    {
        unchecked
        {
            ulong carry = 0;
            for (int i = 0; i < n; i++)
            {
                ulong high = MultiplyHigh(v[i], digit);
                ulong low = (v[i] * digit) + carry;
                high += low < carry ? 1UL : 0;
                ulong before = u[i];
                u[i] = before - low;
                carry = high + (before < low ? 1UL : 0);
            }

            ulong top = u[n];
            u[n] = top - carry;
            return top < carry;
        }
    }

    private static unsafe void AddBack(ulong* u, ulong* v, int n)
    {
        unchecked
        {
            ulong carry = 0;
            for (int i = 0; i < n; i++)
            {
                ulong sum = u[i] + carry;
                carry = sum < carry ? 1UL : 0;
                sum += v[i];
                carry += sum < v[i] ? 1UL : 0;
                u[i] = sum;
            }

            u[n] += carry;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void ShiftLeft(ulong* limbs, int count, int shift)
    {
        unchecked
        {
            for (int i = count - 1; i > 0; i--) limbs[i] = (limbs[i] << shift) | (limbs[i - 1] >> (64 - shift));
            limbs[0] <<= shift;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void ShiftRight(ulong* limbs, int count, int shift)
    {
        unchecked
        {
            for (int i = 0; i < count - 1; i++) limbs[i] = (limbs[i] >> shift) | (limbs[i + 1] << (64 - shift));
            limbs[count - 1] >>= shift;
        }
    }
}
