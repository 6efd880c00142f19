using System.Numerics;
using CPChain.Crypto;
using CPChain.Crypto.Lanes;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Crypto.Lanes;

/// <summary>What is done with scalars before points are multiplied, against big integers.</summary>
public sealed class ScalarTests
{
    private static readonly BigInteger Order = Signature.GroupOrder.ToBigInteger();

    private static readonly BigInteger[] s_edges =
    [
        0, 1, 2, Order - 1, Order - 2, Order >> 1, (Order >> 1) + 1, ScalarHalves.Lambda.ToBigInteger(), Order - ScalarHalves.Lambda.ToBigInteger(),
        (BigInteger.One << 128) - 1, BigInteger.One << 128, (BigInteger.One << 255) - 1,
    ];

    private static IEnumerable<BigInteger> Samples(int drawn)
    {
        Random random = new(6);
        byte[] bytes = new byte[32];
        return s_edges.Concat(Enumerable.Range(0, drawn).Select(_ =>
        {
            random.NextBytes(bytes);
            return new BigInteger(bytes, isUnsigned: true) % Order;
        }));
    }

    [Fact]
    public void Products_and_inverses_are_those_modulo_the_order()
    {
        UInt256[] numbers = [.. Samples(20).Select(UInt256.FromBigInteger)];
        foreach (UInt256 a in numbers)
        {
            foreach (UInt256 b in numbers)
                Assert.Equal(a.ToBigInteger() * b.ToBigInteger() % Order, GroupOrder.Multiply(a, b).ToBigInteger());
            Assert.Equal((Order - a.ToBigInteger()) % Order, GroupOrder.Negate(a).ToBigInteger());
        }

        UInt256[] more = [UInt256.MaxValue, Signature.GroupOrder];
        foreach (UInt256 a in more) Assert.Equal(a.ToBigInteger() % Order, GroupOrder.Reduce(a).ToBigInteger());
        Assert.Equal(BigInteger.Pow(UInt256.MaxValue.ToBigInteger(), 2) % Order, GroupOrder.Multiply(UInt256.MaxValue, UInt256.MaxValue).ToBigInteger());
        UInt256[] units = [.. numbers.Where(static number => !number.IsZero)];
        UInt256[] inverses = new UInt256[units.Length];
        GroupOrder.InvertAll(units, inverses);
        for (int i = 0; i < units.Length; i++) Assert.Equal(UInt256.One, GroupOrder.Multiply(units[i], inverses[i]));
    }

    [Fact]
    public void Halves_are_short_and_make_up_the_scalar()
    {
        BigInteger lambda = ScalarHalves.Lambda.ToBigInteger();
        Assert.Equal(BigInteger.One, BigInteger.ModPow(lambda, 3, Order));
        foreach (BigInteger scalar in Samples(5_000))
        {
            ScalarHalves halves = ScalarHalves.Of(UInt256.FromBigInteger(scalar));
            BigInteger first = halves.First.ToBigInteger() * (halves.IsFirstNegative ? -1 : 1);
            BigInteger second = halves.Second.ToBigInteger() * (halves.IsSecondNegative ? -1 : 1);
            Assert.True(halves.First.ToBigInteger() >> 128 == 0 && halves.Second.ToBigInteger() >> 128 == 0);
            BigInteger sum = (first + (second * lambda)) % Order;
            Assert.Equal(scalar, sum.Sign < 0 ? sum + Order : sum);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Digits_make_up_the_scalar(int bits)
    {
        BigInteger most = (BigInteger.One << (32 * bits)) - 1;
        BigInteger[] numbers = [.. Samples(200).Select(scalar => scalar & most), most, most - 1, most >> 1];
        foreach (BigInteger number in numbers)
        {
            SignedDigits digits = default;
            digits.Write(3, UInt256.FromBigInteger(number), isNegative: false, bits);
            digits.Write(4, UInt256.FromBigInteger(number), isNegative: true, bits);
            BigInteger plus = 0, minus = 0;
            for (int place = SignedDigits.Count - 1; place >= 0; place--)
            {
                Assert.InRange(digits.At(place)[3], -(1 << (bits - 1)), (1 << (bits - 1)) - 1);
                plus = (plus << bits) + digits.At(place)[3];
                minus = (minus << bits) + digits.At(place)[4];
            }

            Assert.Equal(number, plus);
            Assert.Equal(-number, minus);
        }
    }
}
