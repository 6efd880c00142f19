using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Types;

public readonly partial struct UInt256
{
    /// <summary>Quotient and remainder; throws <see cref="DivideByZeroException"/>.</summary>
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

        Span<ulong> u = stackalloc ulong[5];
        Span<ulong> v = stackalloc ulong[4];
        Span<ulong> q4 = stackalloc ulong[4];
        q4.Clear();
        Spread(a, u);
        u[4] = 0;
        Spread(b, v);
        remainder = Divide(u, v, q4);
        quotient = new UInt256(q4[0], q4[1], q4[2], q4[3]);
    }

    public static (UInt256 Quotient, UInt256 Remainder) DivRem(in UInt256 a, in UInt256 b)
    {
        DivRem(a, b, out UInt256 quotient, out UInt256 remainder);
        return (quotient, remainder);
    }

    /// <summary>(a + b) mod m over the full 257-bit sum; zero for a zero modulus, as ADDMOD defines it.</summary>
    public static UInt256 AddMod(in UInt256 a, in UInt256 b, in UInt256 m)
    {
        if (m.IsZero) return Zero;
        bool fits = TryAdd(a, b, out UInt256 sum);
        if (fits) return sum < m ? sum : sum % m;

        Span<ulong> u = stackalloc ulong[6];
        Span<ulong> v = stackalloc ulong[4];
        Span<ulong> q = stackalloc ulong[5];
        Spread(sum, u);
        u[4] = 1;
        u[5] = 0;
        Spread(m, v);
        return Divide(u, v, q);
    }

    /// <summary>(a * b) mod m over the full 512-bit product; zero for a zero modulus, as MULMOD defines it.</summary>
    public static UInt256 MulMod(in UInt256 a, in UInt256 b, in UInt256 m)
    {
        if (m.IsZero) return Zero;
        MultiplyWide(a, b, out UInt256 low, out UInt256 high);
        if (high.IsZero) return low < m ? low : low % m;

        Span<ulong> u = stackalloc ulong[9];
        Span<ulong> v = stackalloc ulong[4];
        Span<ulong> q = stackalloc ulong[8];
        Spread(low, u);
        Spread(high, u[4..]);
        u[8] = 0;
        Spread(m, v);
        return Divide(u, v, q);
    }

    private static void Spread(in UInt256 value, Span<ulong> limbs)
    {
        limbs[3] = value.U3;
        limbs[2] = value.U2;
        limbs[1] = value.U1;
        limbs[0] = value.U0;
    }

    /// <summary>
    /// Knuth's algorithm D on 64-bit digits. <paramref name="u"/> is the dividend with one spare zero limb on top and
    /// is destroyed, as is <paramref name="v"/>; <paramref name="q"/> has one limb less than u.
    /// </summary>
    private static UInt256 Divide(Span<ulong> u, Span<ulong> v, Span<ulong> q)
    {
        int n = 4;
        while (v[n - 1] == 0) n--;
        int top = u.Length - 1;
        while (top > 0 && u[top - 1] == 0) top--;
        if (n == 1) return DivideByLimb(u[..top], v[0], q);

        int shift = BitOperations.LeadingZeroCount(v[n - 1]);
        ShiftLeft(v[..n], shift);
        ShiftLeft(u[..(top + 1)], shift);
        ulong high = v[n - 1];
        ulong next = v[n - 2];
        for (int j = top - n; j >= 0; j--)
        {
            ulong digit = EstimateDigit(u[j + n], u[j + n - 1], u[j + n - 2], high, next);
            if (SubtractProduct(u.Slice(j, n + 1), v[..n], digit))
            {
                digit = unchecked(digit - 1);
                AddBack(u.Slice(j, n + 1), v[..n]);
            }

            q[j] = digit;
        }

        ShiftRight(u[..n], shift);
        return new UInt256(u[0], u[1], n > 2 ? u[2] : 0, n > 3 ? u[3] : 0);
    }

    private static UInt256 DivideByLimb(Span<ulong> u, ulong divisor, Span<ulong> q)
    {
        ulong remainder = 0;
        for (int i = u.Length - 1; i >= 0; i--) q[i] = Divide128(remainder, u[i], divisor, out remainder);
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

    private static bool SubtractProduct(Span<ulong> u, ReadOnlySpan<ulong> v, ulong digit)
    {
        unchecked
        {
            ulong carry = 0;
            for (int i = 0; i < v.Length; i++)
            {
                ulong high = MultiplyAdd(v[i], digit, carry, 0, out ulong low);
                ulong before = u[i];
                u[i] = before - low;
                carry = high + (before < low ? 1UL : 0);
            }

            ulong top = u[v.Length];
            u[v.Length] = top - carry;
            return top < carry;
        }
    }

    private static void AddBack(Span<ulong> u, ReadOnlySpan<ulong> v)
    {
        unchecked
        {
            ulong carry = 0;
            for (int i = 0; i < v.Length; i++)
            {
                ulong sum = u[i] + carry;
                carry = sum < carry ? 1UL : 0;
                sum += v[i];
                carry += sum < v[i] ? 1UL : 0;
                u[i] = sum;
            }

            u[v.Length] += carry;
        }
    }

    private static void ShiftLeft(Span<ulong> limbs, int shift)
    {
        if (shift == 0) return;
        for (int i = limbs.Length - 1; i > 0; i--) limbs[i] = (limbs[i] << shift) | (limbs[i - 1] >> (64 - shift));
        limbs[0] <<= shift;
    }

    private static void ShiftRight(Span<ulong> limbs, int shift)
    {
        if (shift == 0) return;
        for (int i = 0; i < limbs.Length - 1; i++) limbs[i] = (limbs[i] >> shift) | (limbs[i + 1] << (64 - shift));
        limbs[^1] >>= shift;
    }
}
