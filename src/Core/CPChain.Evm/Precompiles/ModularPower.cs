using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles;

/// <summary>Powers modulo numbers of any size: by Montgomery's multiplication where the modulus is odd, modulo a power of two by
/// leaving out what stands above it, and by the Chinese remainder theorem for the product of both.</summary>
internal static class ModularPower
{
    private const int LimbBits = 64;
    private const int Window = 4;

    /// <summary>A power modulo a positive modulus.</summary>
    internal static BigInteger Of(BigInteger number, ReadOnlySpan<byte> exponent, BigInteger modulus)
    {
        if (modulus.IsOne) return BigInteger.Zero;
        exponent = exponent.TrimStart((byte)0);
        if (exponent is [] or [< 1 << Window])
        {
            // Not worth the way into Montgomery's form.
            return BigInteger.ModPow(number, exponent.IsEmpty ? 0 : exponent[0], modulus);
        }

        int twos = (int)BigInteger.TrailingZeroCount(modulus);
        BigInteger odd = modulus >> twos;
        if (twos == 0) return ModuloOdd(number, exponent, modulus);
        BigInteger mask = (BigInteger.One << twos) - 1;
        BigInteger low = ModuloTwos(number & mask, exponent, twos);
        if (odd.IsOne) return low;

        // The number that is high modulo the odd part and low modulo the power of two.
        BigInteger high = ModuloOdd(number, exponent, odd);
        BigInteger step = (low - high) * InverseModuloTwos(odd, twos) & mask;
        return high + (odd * step);
    }

    private static BigInteger ModuloOdd(BigInteger number, ReadOnlySpan<byte> exponent, BigInteger modulus)
    {
        int n = LimbsOf(modulus);
        BigInteger r = BigInteger.One << (LimbBits * n);
        ulong[] prime = Limbs(modulus, n);
        ulong[] power = Raise(
            Limbs(number * r % modulus, n), Limbs(r % modulus, n), exponent, new Reduction(prime, NegativeInverse(prime[0])));
        var plain = new ulong[n];
        var one = new ulong[n];
        one[0] = 1;
        new Reduction(prime, NegativeInverse(prime[0])).Multiply(power, one, plain);
        return FromLimbs(plain);
    }

    private static BigInteger ModuloTwos(BigInteger number, ReadOnlySpan<byte> exponent, int bits)
    {
        int n = (bits + LimbBits - 1) / LimbBits;
        ulong[] power = Raise(Limbs(number, n), Limbs(BigInteger.One, n), exponent, default(Truncation));
        return FromLimbs(power) & ((BigInteger.One << bits) - 1);
    }

    /// <summary>By windows of four bits, from the highest byte on, which is not 0.</summary>
    private static ulong[] Raise<TProduct>(ulong[] number, ulong[] one, ReadOnlySpan<byte> exponent, TProduct product)
        where TProduct : struct, IProduct
    {
        var table = new ulong[1 << Window][];
        table[0] = one;
        table[1] = number;
        for (int i = 2; i < table.Length; i++) product.Multiply(table[i - 1], number, table[i] = new ulong[number.Length]);
        ulong[] power = (ulong[])table[exponent[0] >> Window].Clone();
        var spare = new ulong[number.Length];
        for (int at = 1; at < 2 * exponent.Length; at++)
        {
            int digit = (exponent[at >> 1] >> (Window * (1 - (at & 1)))) & (table.Length - 1);
            if (at > 1 || exponent[0] >> Window != 0)
            {
                for (int i = 0; i < Window; i += 2)
                {
                    product.Multiply(power, power, spare);
                    product.Multiply(spare, spare, power);
                }
            }

            if (digit == 0) continue;
            product.Multiply(power, table[digit], spare);
            (power, spare) = (spare, power);
        }

        return power;
    }

    private static BigInteger InverseModuloTwos(BigInteger odd, int bits)
    {
        // Newton: each round doubles the bits that are right.
        BigInteger inverse = 1;
        for (int known = 1; known < bits;)
        {
            known = Math.Min(2 * known, bits);
            BigInteger mask = (BigInteger.One << known) - 1;
            inverse = inverse * (2 - ((odd & mask) * inverse)) & mask;
        }

        return inverse;
    }

    /// <summary>-1/m modulo 2^64.</summary>
    private static ulong NegativeInverse(ulong odd)
    {
        unchecked
        {
            ulong inverse = odd;
            for (int bits = 3; bits < LimbBits; bits *= 2) inverse *= 2 - (odd * inverse);
            return 0 - inverse;
        }
    }

    private static int LimbsOf(BigInteger number) => (int)((number.GetBitLength() + LimbBits - 1) / LimbBits);

    private static ulong[] Limbs(BigInteger number, int count)
    {
        var limbs = new ulong[count];
        bool fits = number.TryWriteBytes(MemoryMarshal.AsBytes(limbs.AsSpan()), out _, isUnsigned: true);
        Types.Invariant.Check(fits && BitConverter.IsLittleEndian, "a number below the modulus fits");
        return limbs;
    }

    private static BigInteger FromLimbs(ulong[] limbs) => new(MemoryMarshal.AsBytes(limbs.AsSpan()), isUnsigned: true);

    private interface IProduct
    {
        /// <summary>Writes the product of two numbers; the result must be another array.</summary>
        void Multiply(ulong[] a, ulong[] b, ulong[] result);
    }

    /// <summary>Products divided by 2^(64 limbs) modulo an odd number (Montgomery 1985).</summary>
    private readonly struct Reduction(ulong[] modulus, ulong negativeInverse) : IProduct
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Multiply(ulong[] a, ulong[] b, ulong[] result)
        {
            unchecked
            {
                // One limb of b at a time; the sum never exceeds twice the modulus, whose last bit may stand in `top`.
                ulong[] m = modulus;
                int n = m.Length;
                Array.Clear(result);
                ulong top = 0;
                for (int i = 0; i < n; i++)
                {
                    ulong limb = b[i];
                    ulong carry = 0, fold = 0;
                    ulong low = LimbMath.MultiplyAdd(result[0], a[0], limb, ref carry);
                    ulong factor = low * negativeInverse;
                    LimbMath.MultiplyAdd(low, m[0], factor, ref fold);
                    for (int j = 1; j < n; j++)
                    {
                        low = LimbMath.MultiplyAdd(result[j], a[j], limb, ref carry);
                        result[j - 1] = LimbMath.MultiplyAdd(low, m[j], factor, ref fold);
                    }

                    ulong over = 0;
                    ulong last = LimbMath.AddCarry(top, carry, ref over);
                    ulong more = 0;
                    result[n - 1] = LimbMath.AddCarry(last, fold, ref more);
                    top = over + more;
                }

                if (top != 0 || !IsLess(result, m)) Subtract(result, m);
            }
        }

        private static bool IsLess(ulong[] a, ulong[] b)
        {
            for (int i = a.Length - 1; i >= 0; i--)
            {
                if (a[i] != b[i]) return a[i] < b[i];
            }

            return false;
        }

        private static void Subtract(ulong[] a, ulong[] b)
        {
            ulong borrow = 0;
            for (int i = 0; i < a.Length; i++) a[i] = LimbMath.SubtractBorrow(a[i], b[i], ref borrow);
        }
    }

    /// <summary>Products modulo 2^(64 limbs).</summary>
    private readonly struct Truncation : IProduct
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Multiply(ulong[] a, ulong[] b, ulong[] result)
        {
            int n = result.Length;
            Array.Clear(result);
            for (int i = 0; i < n; i++)
            {
                ulong carry = 0;
                for (int j = 0; i + j < n; j++) result[i + j] = LimbMath.MultiplyAdd(result[i + j], a[j], b[i], ref carry);
            }
        }
    }
}
