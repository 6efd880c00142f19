using System.Numerics;
using System.Runtime.CompilerServices;
using static CPChain.Evm.Precompiles.Fields.LimbMath;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Inverses modulo an odd prime by a binary greatest common divisor that looks at 64 bits of long numbers and
/// applies 31 steps to them at once (Pornin, eprint 2020/972). Its time depends on the number: all inputs here are public.</summary>
internal static class BinaryInverse
{
    /// <summary>Steps at once.</summary>
    private const int Steps = 31;

    private const ulong LowMask = (1UL << Steps) - 1;

    /// <summary>Limbs of the largest prime, and one for what steps add.</summary>
    private const int LimbsMax = 7;

    /// <summary>What the steps made of two numbers: a becomes (F a + G b) / 2^31.</summary>
    private readonly record struct Row(long F, long G)
    {
        public static Row operator -(Row row) => new(-row.F, -row.G);
    }

    /// <summary>Replaces a number below the prime by its inverse, zero by zero.</summary>
    /// <param name="negativeInverse">-1/p modulo 2^64.</param>
    [SkipLocalsInit]
    internal static void Invert(Span<ulong> number, ReadOnlySpan<ulong> prime, ulong negativeInverse)
    {
        int n = number.Length;
        Span<ulong> memory = stackalloc ulong[6 * LimbsMax];
        memory.Clear();
        Span<ulong> a = memory[..n];
        Span<ulong> b = memory.Slice(LimbsMax, n);
        Span<ulong> u = memory.Slice(2 * LimbsMax, n);
        Span<ulong> v = memory.Slice(3 * LimbsMax, n);
        Span<ulong> first = memory.Slice(4 * LimbsMax, n + 1);
        Span<ulong> second = memory.Slice(5 * LimbsMax, n + 1);
        number.CopyTo(a);
        prime.CopyTo(b);
        u[0] = 1;

        // a = u number and b = v number modulo the prime throughout; b stays odd.
        while (a.ContainsAnyExcept(0UL))
        {
            (Row toA, Row toB) = Walk(a, b);
            toA = Combine(a, b, toA, first);
            toB = Combine(a, b, toB, second);
            ShiftRight(first, a);
            ShiftRight(second, b);
            Fold(u, v, toA, prime, negativeInverse, first);
            Fold(u, v, toB, prime, negativeInverse, second);
            first[..n].CopyTo(u);
            second[..n].CopyTo(v);
        }

        v.CopyTo(number);
    }

    /// <summary>The steps on 64 bits of each number: its lowest 31 and its highest 33.</summary>
    private static (Row ToA, Row ToB) Walk(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        unchecked
        {
            int top = a.Length - 1;
            while (top > 0 && (a[top] | b[top]) == 0) top--;
            ulong x = a[0];
            ulong y = b[0];
            if (top > 0)
            {
                int shift = BitOperations.LeadingZeroCount(a[top] | b[top]);
                x = (x & LowMask) | (Head(a, top, shift) & ~LowMask);
                y = (y & LowMask) | (Head(b, top, shift) & ~LowMask);
            }

            ulong f0 = 1, g0 = 0, f1 = 0, g1 = 1;
            for (int i = 0; i < Steps; i++)
            {
                ulong odd = 0 - (x & 1);
                ulong swap = x < y ? odd : 0;
                ulong t = (x ^ y) & swap;
                x ^= t;
                y ^= t;
                t = (f0 ^ f1) & swap;
                f0 ^= t;
                f1 ^= t;
                t = (g0 ^ g1) & swap;
                g0 ^= t;
                g1 ^= t;
                x = (x - (y & odd)) >> 1;
                f0 -= f1 & odd;
                g0 -= g1 & odd;
                f1 <<= 1;
                g1 <<= 1;
            }

            return (new Row((long)f0, (long)g0), new Row((long)f1, (long)g1));
        }
    }

    /// <summary>The highest 64 bits below a common leading bit.</summary>
    private static ulong Head(ReadOnlySpan<ulong> number, int top, int shift) =>
        shift == 0 ? number[top] : (number[top] << shift) | (number[top - 1] >> (64 - shift));

    /// <summary>|F a + G b|, and the row with the sign that made it so.</summary>
    private static Row Combine(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Row row, Span<ulong> result)
    {
        Sum(a, b, row, result);
        if (result[^1] >> 63 == 0) return row;
        ulong carry = 1;
        for (int i = 0; i < result.Length; i++) result[i] = AddCarry(~result[i], 0, ref carry);
        return -row;
    }

    /// <summary>(F u + G v) / 2^31 modulo the prime, by adding the multiple of the prime that makes it whole.</summary>
    private static void Fold(
        ReadOnlySpan<ulong> u, ReadOnlySpan<ulong> v, Row row, ReadOnlySpan<ulong> prime, ulong negativeInverse, Span<ulong> result)
    {
        unchecked
        {
            Sum(u, v, row, result);
            ulong factor = (result[0] * negativeInverse) & LowMask;
            ulong carry = 0;
            for (int i = 0; i < prime.Length; i++) result[i] = MultiplyAdd(result[i], prime[i], factor, ref carry);
            result[^1] += carry;
            ulong sign = 0 - (result[^1] >> 63);
            ShiftRight(result, result[..^1]);
            carry = 0;
            for (int i = 0; i < prime.Length; i++) result[i] = AddCarry(result[i], prime[i] & sign, ref carry);
            if (!IsLess(result[..^1], prime)) Subtract(result[..^1], prime);
        }
    }

    /// <summary>F a + G b as a number of one limb more, negative ones as their complement.</summary>
    private static void Sum(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Row row, Span<ulong> result)
    {
        unchecked
        {
            ulong aSign = (ulong)(row.F >> 63), bSign = (ulong)(row.G >> 63);
            ulong f = ((ulong)row.F ^ aSign) - aSign, g = ((ulong)row.G ^ bSign) - bSign;
            ulong aCarry = aSign & 1, bCarry = bSign & 1, fCarry = 0, gCarry = 0;
            for (int i = 0; i < result.Length; i++)
            {
                // A negative factor is that of the number's complement.
                ulong x = i < a.Length ? a[i] : 0, y = i < b.Length ? b[i] : 0;
                x = AddCarry(x ^ aSign, 0, ref aCarry);
                y = AddCarry(y ^ bSign, 0, ref bCarry);
                result[i] = MultiplyAdd(MultiplyAdd(0, x, f, ref fCarry), y, g, ref gCarry);
            }
        }
    }

    private static void ShiftRight(ReadOnlySpan<ulong> value, Span<ulong> result)
    {
        for (int i = 0; i < result.Length; i++) result[i] = (value[i] >> Steps) | (value[i + 1] << (64 - Steps));
    }

    private static void Subtract(Span<ulong> a, ReadOnlySpan<ulong> b)
    {
        ulong borrow = 0;
        for (int i = 0; i < a.Length; i++) a[i] = SubtractBorrow(a[i], b[i], ref borrow);
    }

    private static bool IsLess(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (int i = a.Length - 1; i >= 0; i--)
        {
            if (a[i] != b[i]) return a[i] < b[i];
        }

        return false;
    }
}
