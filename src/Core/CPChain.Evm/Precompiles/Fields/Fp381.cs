using System.Numerics;
using System.Runtime.CompilerServices;
using CPChain.Evm.Precompiles.Lanes;
using static CPChain.Evm.Precompiles.Fields.LimbMath;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Integers modulo the prime of the curve BLS12-381 (EIP-2537), in Montgomery form with R = 2^384.</summary>
internal readonly struct Fp381 : IField<Fp381>, IWords<Fp381>, IEquatable<Fp381>
{
    /// <summary>Bytes of a big-endian number.</summary>
    internal const int Length = 48;

    private const ulong P0 = 0xb9feffffffffaaab, P1 = 0x1eabfffeb153ffff, P2 = 0x6730d2a0f6b0f624,
        P3 = 0x64774b84f38512bf, P4 = 0x4b1ba7b6434bacd7, P5 = 0x1a0111ea397fe69a;

    /// <summary>-1/p modulo 2^64.</summary>
    private const ulong NegativeInverse = 0x89f3fffcfffcfffd;

    internal static readonly BigInteger Prime = BigInteger.Parse(
        "01a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
        System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private static readonly BigInteger RootExponent = (Prime + 1) / 4;

    private static readonly Fp381 MontgomeryOne = Residue(BigInteger.One << 384);
    private static readonly Fp381 MontgomerySquare = Residue(BigInteger.One << 768);

    private readonly ulong _0, _1, _2, _3, _4, _5;

    private Fp381(ulong u0, ulong u1, ulong u2, ulong u3, ulong u4, ulong u5)
    {
        _0 = u0;
        _1 = u1;
        _2 = u2;
        _3 = u3;
        _4 = u4;
        _5 = u5;
    }

    public static Fp381 Zero => default;

    public static Fp381 One => MontgomeryOne;

    public static int Words => 6;

    public bool IsZero => (_0 | _1 | _2 | _3 | _4 | _5) == 0;

    /// <summary>Whether the number is above (p - 1) / 2: the sign bit of compressed points.</summary>
    internal bool IsUpper => ToBigInteger() > (Prime - 1) / 2;

    /// <summary>Whether the number is odd: the sign of RFC 9380, 4.1.</summary>
    internal bool IsOdd => !ToBigInteger().IsEven;

    /// <summary>Reads 48 big-endian bytes; false unless the number is below the prime.</summary>
    internal static bool TryFrom(ReadOnlySpan<byte> bigEndian, out Fp381 element)
    {
        BigInteger number = new(bigEndian[..Length], isUnsigned: true, isBigEndian: true);
        element = From(number % Prime);
        return number < Prime;
    }

    internal static Fp381 From(BigInteger number) => Residue(number) * MontgomerySquare;

    internal BigInteger ToBigInteger()
    {
        Fp381 p = this * new Fp381(1, 0, 0, 0, 0, 0);
        BigInteger number = p._5;
        foreach (ulong limb in (ReadOnlySpan<ulong>)[p._4, p._3, p._2, p._1, p._0]) number = (number << 64) + limb;
        return number;
    }

    internal void WriteBigEndian(Span<byte> exactly48)
    {
        exactly48.Clear();
        BigInteger number = ToBigInteger();
        int length = number.GetByteCount(isUnsigned: true);
        number.TryWriteBytes(exactly48[(Length - length)..], out _, isUnsigned: true, isBigEndian: true);
    }

    public void CopyTo(Span<ulong> words)
    {
        words[0] = _0;
        words[1] = _1;
        words[2] = _2;
        words[3] = _3;
        words[4] = _4;
        words[5] = _5;
    }

    public static Fp381 FromWords(ReadOnlySpan<ulong> words) => new(words[0], words[1], words[2], words[3], words[4], words[5]);

    public static Fp381 operator +(in Fp381 a, in Fp381 b)
    {
        // The prime has 381 bits: a sum of two elements does not carry out of 384.
        ulong c = 0;
        ulong s0 = AddCarry(a._0, b._0, ref c);
        ulong s1 = AddCarry(a._1, b._1, ref c);
        ulong s2 = AddCarry(a._2, b._2, ref c);
        ulong s3 = AddCarry(a._3, b._3, ref c);
        ulong s4 = AddCarry(a._4, b._4, ref c);
        ulong s5 = AddCarry(a._5, b._5, ref c);
        return Reduce(s0, s1, s2, s3, s4, s5);
    }

    public static Fp381 operator -(in Fp381 a, in Fp381 b)
    {
        ulong borrow = 0;
        ulong d0 = SubtractBorrow(a._0, b._0, ref borrow);
        ulong d1 = SubtractBorrow(a._1, b._1, ref borrow);
        ulong d2 = SubtractBorrow(a._2, b._2, ref borrow);
        ulong d3 = SubtractBorrow(a._3, b._3, ref borrow);
        ulong d4 = SubtractBorrow(a._4, b._4, ref borrow);
        ulong d5 = SubtractBorrow(a._5, b._5, ref borrow);
        ulong mask = unchecked(0 - borrow);
        ulong c = 0;
        d0 = AddCarry(d0, P0 & mask, ref c);
        d1 = AddCarry(d1, P1 & mask, ref c);
        d2 = AddCarry(d2, P2 & mask, ref c);
        d3 = AddCarry(d3, P3 & mask, ref c);
        d4 = AddCarry(d4, P4 & mask, ref c);
        d5 = AddCarry(d5, P5 & mask, ref c);
        return new Fp381(d0, d1, d2, d3, d4, d5);
    }

    public static Fp381 operator -(in Fp381 a) => Zero - a;

    /// <summary>Montgomery product, one limb of b at a time; the top limb of the prime leaves room for all carries.</summary>
    public static Fp381 operator *(in Fp381 a, in Fp381 b)
    {
        unchecked
        {
            ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0;
            Step(b._0, a, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
            Step(b._1, a, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
            Step(b._2, a, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
            Step(b._3, a, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
            Step(b._4, a, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
            Step(b._5, a, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
            return Reduce(t0, t1, t2, t3, t4, t5);
        }
    }

    public static bool operator ==(in Fp381 a, in Fp381 b) =>
        ((a._0 ^ b._0) | (a._1 ^ b._1) | (a._2 ^ b._2) | (a._3 ^ b._3) | (a._4 ^ b._4) | (a._5 ^ b._5)) == 0;

    public static bool operator !=(in Fp381 a, in Fp381 b) => !(a == b);

    public static Fp381 Square(in Fp381 a) => a * a;

    public static Fp381 Invert(in Fp381 a)
    {
        // The inverse of a R is a^-1 R^-1: two products by R^2 make it a^-1 R.
        Span<ulong> limbs = [a._0, a._1, a._2, a._3, a._4, a._5];
        BinaryInverse.Invert(limbs, [P0, P1, P2, P3, P4, P5], NegativeInverse);
        return new Fp381(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4], limbs[5]) * MontgomerySquare * MontgomerySquare;
    }

    /// <summary>A square root; false if there is none, and then a root of the negative. The prime is 3 modulo 4.</summary>
    internal static bool TrySqrt(in Fp381 a, out Fp381 root)
    {
        root = Powers.Raise(a, RootExponent);
        return root * root == a;
    }

    public bool Equals(Fp381 other) => this == other;

    public override bool Equals(object? obj) => obj is Fp381 other && this == other;

    public override int GetHashCode() => HashCode.Combine(_0, _1, _2, _3, _4, _5);

    /// <summary>t = (t + a * limb) / 2^64 modulo the prime. By references to locals, which inlining turns into registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        ulong limb, in Fp381 a, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3, ref ulong t4, ref ulong t5)
    {
        unchecked
        {
            ulong carry = 0;
            ulong r0 = MultiplyAdd(t0, a._0, limb, ref carry);
            ulong r1 = MultiplyAdd(t1, a._1, limb, ref carry);
            ulong r2 = MultiplyAdd(t2, a._2, limb, ref carry);
            ulong r3 = MultiplyAdd(t3, a._3, limb, ref carry);
            ulong r4 = MultiplyAdd(t4, a._4, limb, ref carry);
            ulong r5 = MultiplyAdd(t5, a._5, limb, ref carry);
            ulong factor = r0 * NegativeInverse;
            ulong fold = 0;
            MultiplyAdd(r0, factor, P0, ref fold);
            t0 = MultiplyAdd(r1, factor, P1, ref fold);
            t1 = MultiplyAdd(r2, factor, P2, ref fold);
            t2 = MultiplyAdd(r3, factor, P3, ref fold);
            t3 = MultiplyAdd(r4, factor, P4, ref fold);
            t4 = MultiplyAdd(r5, factor, P5, ref fold);
            t5 = carry + fold;
        }
    }

    private static Fp381 Residue(BigInteger number)
    {
        BigInteger rest = number % Prime;
        Span<ulong> limbs = stackalloc ulong[6];
        for (int i = 0; i < 6; i++) limbs[i] = (ulong)((rest >> (64 * i)) & ulong.MaxValue);
        return new Fp381(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4], limbs[5]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Fp381 Reduce(ulong s0, ulong s1, ulong s2, ulong s3, ulong s4, ulong s5)
    {
        ulong borrow = 0;
        ulong d0 = SubtractBorrow(s0, P0, ref borrow);
        ulong d1 = SubtractBorrow(s1, P1, ref borrow);
        ulong d2 = SubtractBorrow(s2, P2, ref borrow);
        ulong d3 = SubtractBorrow(s3, P3, ref borrow);
        ulong d4 = SubtractBorrow(s4, P4, ref borrow);
        ulong d5 = SubtractBorrow(s5, P5, ref borrow);
        ulong keep = unchecked(0 - borrow);
        return new Fp381(
            d0 ^ ((s0 ^ d0) & keep), d1 ^ ((s1 ^ d1) & keep), d2 ^ ((s2 ^ d2) & keep),
            d3 ^ ((s3 ^ d3) & keep), d4 ^ ((s4 ^ d4) & keep), d5 ^ ((s5 ^ d5) & keep));
    }
}
