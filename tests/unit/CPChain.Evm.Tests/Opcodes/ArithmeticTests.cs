using System.Numerics;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Evm.Tests;

/// <summary>Arithmetic opcodes against integers of unbounded size.</summary>
public sealed class ArithmeticTests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    /// <summary>Numbers of all sizes, with the corners often.</summary>
    private static readonly Gen<UInt256> Words =
        from kind in Gen.Choose(0, 9)
        from limbs in Gen.ArrayOf(Gen.Choose(0, int.MaxValue), 8)
        from shift in Gen.Choose(0, 255)
        select kind switch
        {
            0 => UInt256.Zero,
            1 => UInt256.MaxValue,
            2 => UInt256.One << shift,
            3 => UInt256.MaxValue >> shift,
            4 => UInt256.MaxValue << shift,
            5 => (UInt256)(ulong)(limbs[0] & 0x1ff),
            6 => UInt256.One << 255,
            _ => FromLimbs(limbs) >> (kind == 7 ? shift : 0),
        };

    private static UInt256 FromLimbs(int[] limbs)
    {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 8; i++) BitConverter.TryWriteBytes(bytes.AsSpan(4 * i), unchecked((uint)limbs[i] * 2654435761U));
        return UInt256.FromBigEndian(bytes);
    }

    private static BigInteger Signed(BigInteger x) => x >> 255 == 0 ? x : x - Modulus;

    private static BigInteger Wrap(BigInteger x) => ((x % Modulus) + Modulus) % Modulus;

    private static BigInteger Truth(bool holds) => holds ? 1 : 0;

    private static readonly (byte Opcode, ulong Gas, Func<BigInteger, BigInteger, BigInteger> Rule)[] Binary =
    [
        (0x01, 3, static (a, b) => a + b),
        (0x02, 5, static (a, b) => a * b),
        (0x03, 3, static (a, b) => a - b),
        (0x04, 5, static (a, b) => b == 0 ? 0 : a / b),
        (0x05, 5, static (a, b) => b == 0 ? 0 : BigInteger.Divide(Signed(a), Signed(b))),
        (0x06, 5, static (a, b) => b == 0 ? 0 : a % b),
        (0x07, 5, static (a, b) => b == 0 ? 0 : BigInteger.Remainder(Signed(a), Signed(b))),
        (0x0b, 5, SignExtend),
        (0x10, 3, static (a, b) => Truth(a < b)),
        (0x11, 3, static (a, b) => Truth(a > b)),
        (0x12, 3, static (a, b) => Truth(Signed(a) < Signed(b))),
        (0x13, 3, static (a, b) => Truth(Signed(a) > Signed(b))),
        (0x14, 3, static (a, b) => Truth(a == b)),
        (0x16, 3, static (a, b) => a & b),
        (0x17, 3, static (a, b) => a | b),
        (0x18, 3, static (a, b) => a ^ b),
        (0x1a, 3, static (a, b) => a > 31 ? 0 : (b >> (8 * (31 - (int)a))) & 0xff),
        (0x1b, 3, static (a, b) => a > 255 ? 0 : b << (int)a),
        (0x1c, 3, static (a, b) => a > 255 ? 0 : b >> (int)a),
        (0x1d, 3, static (a, b) => a > 255 ? (Signed(b) < 0 ? -1 : 0) : Signed(b) >> (int)a),
    ];

    private static BigInteger SignExtend(BigInteger index, BigInteger value)
    {
        if (index > 30) return value;
        int bits = ((int)index + 1) * 8;
        BigInteger low = value & ((BigInteger.One << bits) - 1);
        return (low >> (bits - 1)) == 0 ? low : low - (BigInteger.One << bits);
    }

    public static TheoryData<int> BinaryIndexes => [.. Enumerable.Range(0, Binary.Length)];

    [Theory]
    [MemberData(nameof(BinaryIndexes))]
    public void Binary_opcode_equals_integer_rule_at_its_price(int index)
    {
        (byte opcode, ulong gas, Func<BigInteger, BigInteger, BigInteger> rule) = Binary[index];
        TestChain chain = new();
        Prop.ForAll(Words.Zip(Words).ToArbitrary(), pair =>
        {
            (UInt256 a, UInt256 b) = pair;
            byte[] operands = Code.Operands(a, b);
            (UInt256 word, ulong used) = chain.Evaluate(operands, [opcode]);
            BigInteger expected = Wrap(rule(a.ToBigInteger(), b.ToBigInteger()));
            Assert.Equal(expected, word.ToBigInteger());
            Assert.Equal(gas + PushGas(a) + PushGas(b), used);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Shift_and_byte_opcodes_hold_for_every_small_count()
    {
        TestChain chain = new();
        UInt256 value = UInt256.Parse("0x8123456789abcdef0f1e2d3c4b5a69788796a5b4c3d2e1f0fedcba9876543211");
        foreach (byte opcode in new byte[] { 0x0b, 0x1a, 0x1b, 0x1c, 0x1d })
        {
            Func<BigInteger, BigInteger, BigInteger> rule = Binary.Single(row => row.Opcode == opcode).Rule;
            for (ulong count = 0; count < 260; count++)
            {
                (UInt256 word, _) = chain.Evaluate(Code.Operands(count, value), [opcode]);
                Assert.Equal(Wrap(rule(count, value.ToBigInteger())), word.ToBigInteger());
            }
        }
    }

    [Fact]
    public void Addmod_and_mulmod_work_on_the_unbounded_sum_and_product()
    {
        TestChain chain = new();
        Prop.ForAll(Words.Three().ToArbitrary(), triple =>
        {
            (UInt256 a, UInt256 b, UInt256 m) = triple;
            BigInteger modulus = m.ToBigInteger();
            (UInt256 sum, _) = chain.Evaluate(Code.Operands(a, b, m), [0x08]);
            (UInt256 product, _) = chain.Evaluate(Code.Operands(a, b, m), [0x09]);
            Assert.Equal(m.IsZero ? 0 : (a.ToBigInteger() + b.ToBigInteger()) % modulus, sum.ToBigInteger());
            Assert.Equal(m.IsZero ? 0 : a.ToBigInteger() * b.ToBigInteger() % modulus, product.ToBigInteger());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Exp_costs_fifty_for_each_byte_of_the_exponent()
    {
        TestChain chain = new();
        Prop.ForAll(Words.Zip(Words).ToArbitrary(), pair =>
        {
            (UInt256 a, UInt256 b) = pair;
            (UInt256 word, ulong gas) = chain.Evaluate(Code.Operands(a, b), [0x0a]);
            Assert.Equal(BigInteger.ModPow(a.ToBigInteger(), b.ToBigInteger(), Modulus), word.ToBigInteger());
            Assert.Equal(10 + (50 * (ulong)b.ByteLength) + PushGas(a) + PushGas(b), gas);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Iszero_not_and_clz_equal_their_definitions()
    {
        TestChain chain = new();
        Prop.ForAll(Words.ToArbitrary(), a =>
        {
            Assert.Equal(a.IsZero ? UInt256.One : UInt256.Zero, chain.Evaluate(Code.Push(a), [0x15]).Word);
            Assert.Equal(UInt256.MaxValue - a, chain.Evaluate(Code.Push(a), [0x19]).Word);
            (UInt256 zeros, ulong gas) = chain.Evaluate(Code.Push(a), [0x1e]);
            Assert.Equal((UInt256)(ulong)(256 - a.BitLength), zeros);
            Assert.Equal(5 + PushGas(a), gas);
        }).QuickCheckThrowOnFailure();
    }

    private static ulong PushGas(UInt256 number) => number.IsZero ? 2UL : 3UL;
}
