using static CPChain.Evm.Precompiles.Fields.LimbMath;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Inverses modulo an odd prime by the binary extended Euclidean algorithm (Knuth, volume 2, 4.5.2), some five
/// times faster than a power. Not constant in time: all inputs here are public.</summary>
internal static class BinaryInverse
{
    /// <summary>Replaces a number below the prime by its inverse, zero by zero.</summary>
    internal static void Invert(Span<ulong> number, ReadOnlySpan<ulong> prime)
    {
        if (!number.ContainsAnyExcept(0UL)) return;
        int n = number.Length;
        Span<ulong> u = stackalloc ulong[n];
        Span<ulong> v = stackalloc ulong[n];
        Span<ulong> x = stackalloc ulong[n];
        Span<ulong> y = stackalloc ulong[n];
        number.CopyTo(u);
        prime.CopyTo(v);
        x.Clear();
        y.Clear();
        x[0] = 1;

        // u = x number and v = y number modulo the prime throughout.
        while (!IsOne(u) && !IsOne(v))
        {
            Strip(u, x, prime);
            Strip(v, y, prime);
            if (IsLess(u, v))
            {
                Subtract(v, u);
                SubtractModulo(y, x, prime);
            }
            else
            {
                Subtract(u, v);
                SubtractModulo(x, y, prime);
            }
        }

        (IsOne(u) ? x : y).CopyTo(number);
    }

    /// <summary>Divides both by two until the first is odd.</summary>
    private static void Strip(Span<ulong> value, Span<ulong> factor, ReadOnlySpan<ulong> prime)
    {
        while ((value[0] & 1) == 0)
        {
            ShiftRight(value, 0);
            ulong carry = 0;
            if ((factor[0] & 1) != 0)
            {
                for (int i = 0; i < factor.Length; i++) factor[i] = AddCarry(factor[i], prime[i], ref carry);
            }

            ShiftRight(factor, carry);
        }
    }

    private static void ShiftRight(Span<ulong> value, ulong top)
    {
        for (int i = 0; i < value.Length - 1; i++) value[i] = (value[i] >> 1) | (value[i + 1] << 63);
        value[^1] = (value[^1] >> 1) | (top << 63);
    }

    private static ulong Subtract(Span<ulong> a, ReadOnlySpan<ulong> b)
    {
        ulong borrow = 0;
        for (int i = 0; i < a.Length; i++) a[i] = SubtractBorrow(a[i], b[i], ref borrow);
        return borrow;
    }

    private static void SubtractModulo(Span<ulong> a, ReadOnlySpan<ulong> b, ReadOnlySpan<ulong> prime)
    {
        if (Subtract(a, b) == 0) return;
        ulong carry = 0;
        for (int i = 0; i < a.Length; i++) a[i] = AddCarry(a[i], prime[i], ref carry);
    }

    private static bool IsLess(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (int i = a.Length - 1; i >= 0; i--)
        {
            if (a[i] != b[i]) return a[i] < b[i];
        }

        return false;
    }

    private static bool IsOne(ReadOnlySpan<ulong> value) => value[0] == 1 && !value[1..].ContainsAnyExcept(0UL);
}
