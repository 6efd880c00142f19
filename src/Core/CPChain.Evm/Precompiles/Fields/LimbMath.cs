using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Carries between 64-bit limbs.</summary>
internal static class LimbMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong AddCarry(ulong a, ulong b, ref ulong carry)
    {
        unchecked
        {
            ulong sum = a + b;
            ulong total = sum + carry;
            carry = (sum < a ? 1UL : 0UL) | (total < sum ? 1UL : 0UL);
            return total;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong SubtractBorrow(ulong a, ulong b, ref ulong borrow)
    {
        unchecked
        {
            ulong difference = a - b;
            ulong total = difference - borrow;
            borrow = (a < b ? 1UL : 0UL) | (difference < borrow ? 1UL : 0UL);
            return total;
        }
    }

    /// <summary>The low limb of acc + a * b + carry, whose high limb becomes the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong MultiplyAdd(ulong acc, ulong a, ulong b, ref ulong carry)
    {
        unchecked
        {
            ulong low = a * b;
            ulong high = Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);
            low += acc;
            high += low < acc ? 1UL : 0UL;
            low += carry;
            high += low < carry ? 1UL : 0UL;
            carry = high;
            return low;
        }
    }
}
