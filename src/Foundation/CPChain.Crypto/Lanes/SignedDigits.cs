using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CPChain.Types;

namespace CPChain.Crypto.Lanes;

/// <summary>Scalars of eight lanes as digits d of b bits, -2^(b-1) &lt;= d &lt; 2^(b-1), the lowest first: a row of lanes each.</summary>
[InlineArray(Count * FieldLanes.Lanes)]
internal struct SignedDigits
{
    /// <summary>Enough for 256 bits in digits of 8, or 128 bits in digits of 4, and a carry.</summary>
    internal const int Count = 33;

    private long _first;

    /// <summary>The digits of a place.</summary>
    internal readonly Vector512<long> At(int place) =>
        Vector512.LoadUnsafe(ref Unsafe.Add(ref Unsafe.AsRef(in _first), place * FieldLanes.Lanes));

    /// <summary>Writes a lane.</summary>
    /// <param name="lane">Which.</param>
    /// <param name="scalar">Below 2^(32 bits).</param>
    /// <param name="isNegative">Whether its negative is meant.</param>
    /// <param name="bits">4 or 8.</param>
    internal void Write(int lane, in UInt256 scalar, bool isNegative, int bits)
    {
        int half = 1 << (bits - 1);
        int carry = 0;
        int perWord = 64 / bits;
        for (int place = 0; place < Count; place++)
        {
            ulong word = (place / perWord) switch { 0 => scalar.U0, 1 => scalar.U1, 2 => scalar.U2, 3 => scalar.U3, _ => 0 };
            int digit = carry + (int)((word >> (place % perWord * bits)) & ((1UL << bits) - 1));
            carry = digit >= half ? 1 : 0;
            digit -= carry << bits;
            Unsafe.Add(ref _first, (place * FieldLanes.Lanes) + lane) = isNegative ? -digit : digit;
        }
    }
}
