using System.Numerics;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Foundation.Tests.Types;

public sealed class UInt256ArithmeticTests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    // Limbs near the edges make carries, borrows and the rare correction step of the division happen.
    private static readonly Gen<ulong> Limb = Gen.Frequency(
        (3, ArbMap.Default.GeneratorFor<ulong>()),
        (3, Gen.Elements(0UL, 1UL, ulong.MaxValue, ulong.MaxValue - 1, 1UL << 63, (1UL << 63) - 1)),
        (1, ArbMap.Default.GeneratorFor<byte>().Select(b => (ulong)b)));

    private static readonly Gen<UInt256> Word =
        from u0 in Limb
        from u1 in Limb
        from u2 in Limb
        from u3 in Limb
        from length in Gen.Choose(0, 4)
        select new UInt256(u0, length > 1 ? u1 : 0, length > 2 ? u2 : 0, length > 3 ? u3 : 0);

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static void ForAll(Action<UInt256, UInt256> property) => Check.One(
        Many, Prop.ForAll(Arb.From(Word.Two()), pair => property(pair.Item1, pair.Item2)));

    private static void Same(BigInteger expected, UInt256 actual) => Assert.Equal(expected, actual.ToBigInteger());

    [Fact]
    public void Unchecked_operators_wrap_as_BigInteger_modulo_2_256() => ForAll((a, b) =>
    {
        BigInteger x = a.ToBigInteger();
        BigInteger y = b.ToBigInteger();
        unchecked
        {
            Same((x + y) % Modulus, a + b);
            Same((x - y + Modulus) % Modulus, a - b);
            Same(x * y % Modulus, a * b);
        }
    });

    [Fact]
    public void Checked_operators_throw_exactly_when_the_result_does_not_fit() => ForAll((a, b) =>
    {
        BigInteger x = a.ToBigInteger();
        BigInteger y = b.ToBigInteger();
        FitsOrThrows(x + y, () => checked(a + b));
        FitsOrThrows(x - y, () => checked(a - b));
        FitsOrThrows(x * y, () => checked(a * b));
        Assert.Equal(x + y < Modulus, UInt256.TryAdd(a, b, out _));
        Assert.Equal(x >= y, UInt256.TrySubtract(a, b, out _));
        Assert.Equal(x * y < Modulus, UInt256.TryMultiply(a, b, out UInt256 product));
        Same(x * y % Modulus, product);
    });

    [Fact]
    public void Division_agrees_with_BigInteger() => ForAll((a, b) =>
    {
        if (b.IsZero)
        {
            Assert.Throws<DivideByZeroException>(() => a / b);
            return;
        }

        (UInt256 quotient, UInt256 remainder) = UInt256.DivRem(a, b);
        Same(a.ToBigInteger() / b.ToBigInteger(), quotient);
        Same(a.ToBigInteger() % b.ToBigInteger(), remainder);
        Assert.Equal(quotient, a / b);
        Assert.Equal(remainder, a % b);
    });

    [Fact]
    public void Modular_sum_and_product_use_the_full_width() => Check.One(
        Many,
        Prop.ForAll(Arb.From(Word.Three()), words =>
        {
            (UInt256 a, UInt256 b, UInt256 m) = words;
            BigInteger modulus = m.ToBigInteger();
            Same(m.IsZero ? 0 : (a.ToBigInteger() + b.ToBigInteger()) % modulus, UInt256.AddMod(a, b, m));
            Same(m.IsZero ? 0 : a.ToBigInteger() * b.ToBigInteger() % modulus, UInt256.MulMod(a, b, m));
        }));

    [Fact]
    public void The_wide_product_has_512_bits() => ForAll((a, b) =>
    {
        UInt256.MultiplyWide(a, b, out UInt256 low, out UInt256 high);
        Assert.Equal(a.ToBigInteger() * b.ToBigInteger(), (high.ToBigInteger() << 256) + low.ToBigInteger());
    });

    [Fact]
    public void Powers_wrap() => ForAll((a, b) =>
        Same(BigInteger.ModPow(a.ToBigInteger(), b.ToBigInteger(), Modulus), UInt256.Exp(a, b)));

    [Fact]
    public void Shifts_agree_with_BigInteger_for_every_count() => ForAll((a, b) =>
    {
        int count = (int)(b.U0 % 300);
        BigInteger x = a.ToBigInteger();
        Same((x << count) % Modulus, a << count);
        Same(x >> count, a >> count);
        Same(x >> count, a >>> count);
        Assert.True((a << -1).IsZero && (a >> -1).IsZero);
    });

    [Fact]
    public void Bit_operators_and_order_agree_with_BigInteger() => ForAll((a, b) =>
    {
        BigInteger x = a.ToBigInteger();
        BigInteger y = b.ToBigInteger();
        Same(x & y, a & b);
        Same(x | y, a | b);
        Same(x ^ y, a ^ b);
        Same(Modulus - 1 - x, ~a);
        Assert.Equal(x < y, a < b);
        Assert.Equal(x <= y, a <= b);
        Assert.Equal(x == y, a == b);
        Assert.Equal(x.CompareTo(y), a.CompareTo(b));
        Assert.Equal((int)x.GetBitLength(), a.BitLength);
        int bit = (int)(b.U1 & 255);
        Assert.Equal((x >> bit & 1) == 1, a.IsBitSet(bit));
    });

    private static void FitsOrThrows(BigInteger expected, Func<UInt256> operation)
    {
        if (expected.Sign < 0 || expected >= Modulus) Assert.Throws<OverflowException>(() => operation());
        else Same(expected, operation());
    }
}
