using System.Runtime.CompilerServices;

namespace CPChain.Types;

public readonly partial struct UInt256
{
    public static UInt256 operator &(in UInt256 a, in UInt256 b) =>
        new(a.U0 & b.U0, a.U1 & b.U1, a.U2 & b.U2, a.U3 & b.U3);

    public static UInt256 operator |(in UInt256 a, in UInt256 b) =>
        new(a.U0 | b.U0, a.U1 | b.U1, a.U2 | b.U2, a.U3 | b.U3);

    public static UInt256 operator ^(in UInt256 a, in UInt256 b) =>
        new(a.U0 ^ b.U0, a.U1 ^ b.U1, a.U2 ^ b.U2, a.U3 ^ b.U3);

    public static UInt256 operator ~(in UInt256 a) => new(~a.U0, ~a.U1, ~a.U2, ~a.U3);

    /// <summary>Shifts towards the top; a count outside 0..255 gives zero.</summary>
    public static UInt256 operator <<(in UInt256 a, int count)
    {
        if (count is < 0 or >= 256) return Zero;
        int bits = count & 63;
        return (count >> 6) switch
        {
            0 => new UInt256(a.U0 << bits, Join(a.U1, a.U0, bits), Join(a.U2, a.U1, bits), Join(a.U3, a.U2, bits)),
            1 => new UInt256(0, a.U0 << bits, Join(a.U1, a.U0, bits), Join(a.U2, a.U1, bits)),
            2 => new UInt256(0, 0, a.U0 << bits, Join(a.U1, a.U0, bits)),
            _ => new UInt256(0, 0, 0, a.U0 << bits),
        };
    }

    /// <summary>Shifts towards the bottom; a count outside 0..255 gives zero.</summary>
    public static UInt256 operator >>(in UInt256 a, int count)
    {
        if (count is < 0 or >= 256) return Zero;
        int bits = count & 63;
        return (count >> 6) switch
        {
            0 => new UInt256(Split(a.U1, a.U0, bits), Split(a.U2, a.U1, bits), Split(a.U3, a.U2, bits), a.U3 >> bits),
            1 => new UInt256(Split(a.U2, a.U1, bits), Split(a.U3, a.U2, bits), a.U3 >> bits),
            2 => new UInt256(Split(a.U3, a.U2, bits), a.U3 >> bits),
            _ => new UInt256(a.U3 >> bits),
        };
    }

    public static UInt256 operator >>>(in UInt256 a, int count) => a >> count;

    /// <summary>Whether the bit at 0 (least) .. 255 is set.</summary>
    public bool IsBitSet(int bit) => ((bit >> 6) switch
    {
        0 => U0,
        1 => U1,
        2 => U2,
        3 => U3,
        _ => 0,
    } >> (bit & 63) & 1) != 0;

    // The double shift keeps a count of 0 right: C# would mask a shift by 64 to none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(ulong high, ulong low, int bits) => (high << bits) | (low >> 1 >> (63 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Split(ulong high, ulong low, int bits) => (low >> bits) | (high << 1 << (63 - bits));
}
