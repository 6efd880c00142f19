using System.Numerics;
using System.Runtime.CompilerServices;
using CPChain.Evm.Precompiles.Lanes;
using CPChain.Types;
using static CPChain.Evm.Precompiles.Fields.LimbMath;

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Integers modulo the prime of the curve alt_bn128 (EIP-196), in Montgomery form with R = 2^256.</summary>
internal readonly struct Fp254 : IField<Fp254>, IWords<Fp254>, IEquatable<Fp254>
{
    private const ulong P0 = 0x3c208c16d87cfd47, P1 = 0x97816a916871ca8d, P2 = 0xb85045b68181585d, P3 = 0x30644e72e131a029;

    /// <summary>-1/p modulo 2^64.</summary>
    private const ulong NegativeInverse = 0x87d20782e4866389;

    internal static readonly UInt256 Prime = new(P0, P1, P2, P3);

    private static readonly Fp254 MontgomeryOne = Residue(BigInteger.One << 256);
    private static readonly Fp254 MontgomerySquare = Residue(BigInteger.One << 512);

    private readonly ulong _0, _1, _2, _3;

    private Fp254(ulong u0, ulong u1, ulong u2, ulong u3)
    {
        _0 = u0;
        _1 = u1;
        _2 = u2;
        _3 = u3;
    }

    public static Fp254 Zero => default;

    public static Fp254 One => MontgomeryOne;

    public static int Words => 4;

    public bool IsZero => (_0 | _1 | _2 | _3) == 0;

    /// <summary>False unless the number is below the prime.</summary>
    internal static bool TryFrom(in UInt256 number, out Fp254 element)
    {
        element = new Fp254(number.U0, number.U1, number.U2, number.U3) * MontgomerySquare;
        return number < Prime;
    }

    internal static Fp254 From(in UInt256 number)
    {
        Invariant.Check(TryFrom(number, out Fp254 element), "the number is below the prime");
        return element;
    }

    internal UInt256 ToUInt256()
    {
        Fp254 plain = this * new Fp254(1, 0, 0, 0);
        return new UInt256(plain._0, plain._1, plain._2, plain._3);
    }

    public void CopyTo(Span<ulong> words)
    {
        words[0] = _0;
        words[1] = _1;
        words[2] = _2;
        words[3] = _3;
    }

    public static Fp254 FromWords(ReadOnlySpan<ulong> words) => new(words[0], words[1], words[2], words[3]);

    public static Fp254 operator +(in Fp254 a, in Fp254 b)
    {
        unchecked
        {
            // The prime has 254 bits: a sum of two elements does not carry out of 256.
            ulong c = 0;
            ulong s0 = AddCarry(a._0, b._0, ref c);
            ulong s1 = AddCarry(a._1, b._1, ref c);
            ulong s2 = AddCarry(a._2, b._2, ref c);
            ulong s3 = a._3 + b._3 + c;
            return Reduce(s0, s1, s2, s3);
        }
    }

    public static Fp254 operator -(in Fp254 a, in Fp254 b)
    {
        unchecked
        {
            ulong borrow = 0;
            ulong d0 = SubtractBorrow(a._0, b._0, ref borrow);
            ulong d1 = SubtractBorrow(a._1, b._1, ref borrow);
            ulong d2 = SubtractBorrow(a._2, b._2, ref borrow);
            ulong d3 = SubtractBorrow(a._3, b._3, ref borrow);
            ulong mask = unchecked(0 - borrow);
            ulong c = 0;
            d0 = AddCarry(d0, P0 & mask, ref c);
            d1 = AddCarry(d1, P1 & mask, ref c);
            d2 = AddCarry(d2, P2 & mask, ref c);
            d3 = AddCarry(d3, P3 & mask, ref c);
            return new Fp254(d0, d1, d2, d3);
        }
    }

    public static Fp254 operator -(in Fp254 a) => Zero - a;

    /// <summary>Montgomery product, one limb of b at a time; the top limb of the prime leaves room for all carries.</summary>
    public static Fp254 operator *(in Fp254 a, in Fp254 b)
    {
        unchecked
        {
            ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0;
            Step(b._0, a, ref t0, ref t1, ref t2, ref t3);
            Step(b._1, a, ref t0, ref t1, ref t2, ref t3);
            Step(b._2, a, ref t0, ref t1, ref t2, ref t3);
            Step(b._3, a, ref t0, ref t1, ref t2, ref t3);
            return Reduce(t0, t1, t2, t3);
        }
    }

    public static bool operator ==(in Fp254 a, in Fp254 b) =>
        ((a._0 ^ b._0) | (a._1 ^ b._1) | (a._2 ^ b._2) | (a._3 ^ b._3)) == 0;

    public static bool operator !=(in Fp254 a, in Fp254 b) => !(a == b);

    public static Fp254 Square(in Fp254 a) => a * a;

    public static Fp254 Invert(in Fp254 a)
    {
        // The inverse of a R is a^-1 R^-1: two products by R^2 make it a^-1 R.
        Span<ulong> limbs = [a._0, a._1, a._2, a._3];
        BinaryInverse.Invert(limbs, [P0, P1, P2, P3], NegativeInverse);
        return new Fp254(limbs[0], limbs[1], limbs[2], limbs[3]) * MontgomerySquare * MontgomerySquare;
    }

    public bool Equals(Fp254 other) => this == other;

    public override bool Equals(object? obj) => obj is Fp254 other && this == other;

    public override int GetHashCode() => HashCode.Combine(_0, _1, _2, _3);

    /// <summary>t = (t + a * limb) / 2^64 modulo the prime. By references to locals, which inlining turns into registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        ulong limb, in Fp254 a, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3)
    {
        unchecked
        {
            ulong carry = 0;
            ulong r0 = MultiplyAdd(t0, a._0, limb, ref carry);
            ulong r1 = MultiplyAdd(t1, a._1, limb, ref carry);
            ulong r2 = MultiplyAdd(t2, a._2, limb, ref carry);
            ulong r3 = MultiplyAdd(t3, a._3, limb, ref carry);
            ulong factor = r0 * NegativeInverse;
            ulong fold = 0;
            MultiplyAdd(r0, factor, P0, ref fold);
            t0 = MultiplyAdd(r1, factor, P1, ref fold);
            t1 = MultiplyAdd(r2, factor, P2, ref fold);
            t2 = MultiplyAdd(r3, factor, P3, ref fold);
            t3 = carry + fold;
        }
    }

    private static Fp254 Residue(BigInteger number)
    {
        UInt256 rest = UInt256.FromBigInteger(number % Prime.ToBigInteger());
        return new Fp254(rest.U0, rest.U1, rest.U2, rest.U3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Fp254 Reduce(ulong s0, ulong s1, ulong s2, ulong s3)
    {
        ulong borrow = 0;
        ulong d0 = SubtractBorrow(s0, P0, ref borrow);
        ulong d1 = SubtractBorrow(s1, P1, ref borrow);
        ulong d2 = SubtractBorrow(s2, P2, ref borrow);
        ulong d3 = SubtractBorrow(s3, P3, ref borrow);
        ulong keep = unchecked(0 - borrow);
        return new Fp254(
            d0 ^ ((s0 ^ d0) & keep), d1 ^ ((s1 ^ d1) & keep), d2 ^ ((s2 ^ d2) & keep), d3 ^ ((s3 ^ d3) & keep));
    }
}
