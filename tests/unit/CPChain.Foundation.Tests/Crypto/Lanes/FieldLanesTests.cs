using System.Numerics;
using System.Runtime.Intrinsics;
using CPChain.Crypto.Lanes;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Crypto.Lanes;

/// <summary>Every operation against big integers, at the largest limbs that a magnitude allows, where carries are longest.</summary>
public sealed class FieldLanesTests
{
    private const int Limbs = 10;
    private static readonly BigInteger Prime = (BigInteger.One << 256) - (BigInteger.One << 32) - 977;

    // Limbs of each lane: the largest, the smallest, and numbers drawn between.
    private static FieldLanes Draw(Random random, uint magnitude)
    {
        FieldLanes drawn = default;
        for (int i = 0; i < Limbs; i++)
        {
            ulong most = 2UL * magnitude * ((1UL << (i == Limbs - 1 ? 22 : 26)) - 1);
            ulong[] row = new ulong[8];
            for (int lane = 0; lane < 8; lane++)
            {
                row[lane] = random.Next(lane == 7 ? 2 : 3) switch
                {
                    0 => most,
                    1 => lane == 0 ? most : (ulong)random.NextInt64((long)most + 1),
                    _ => lane == 0 ? most : 0,
                };
            }

            drawn[i] = Vector512.Create<ulong>(row);
        }

        return drawn;
    }

    private static BigInteger Value(in FieldLanes element, int lane)
    {
        BigInteger value = 0;
        for (int i = Limbs - 1; i >= 0; i--) value = (value << 26) + element[i][lane];
        return value % Prime;
    }

    private static void AssertMagnitude(uint magnitude, in FieldLanes element)
    {
        for (int i = 0; i < Limbs; i++)
        {
            ulong most = 2UL * magnitude * ((1UL << (i == Limbs - 1 ? 22 : 26)) - 1);
            for (int lane = 0; lane < 8; lane++) Assert.True(element[i][lane] <= most, $"limb {i} of lane {lane}");
        }
    }

    private static void AssertLanes(in FieldLanes actual, Func<int, BigInteger> expected)
    {
        for (int lane = 0; lane < 8; lane++)
        {
            BigInteger value = expected(lane) % Prime;
            Assert.Equal(value.Sign < 0 ? value + Prime : value, Value(actual, lane));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 8)]
    [InlineData(4, 12)]
    [InlineData(3, 15)]
    public void Products_are_right_at_every_magnitude_that_is_allowed(uint left, uint right)
    {
        Assert.SkipUnless(FieldLanes.IsSupported, "The processor has no AVX-512.");
        Random random = new(1);
        FieldLanes product = default;
        for (int round = 0; round < 300; round++)
        {
            FieldLanes a = Draw(random, left), b = Draw(random, right);
            FieldLanes.Multiply(a, b, ref product);
            AssertLanes(product, lane => Value(a, lane) * Value(b, lane));
            AssertMagnitude(1, product);
            FieldLanes.Multiply(b, a, ref a);
            Assert.Equal(Value(product, 0), Value(a, 0));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Squares_are_right_at_every_magnitude_that_is_allowed(uint magnitude)
    {
        Assert.SkipUnless(FieldLanes.IsSupported, "The processor has no AVX-512.");
        Random random = new(2);
        FieldLanes square = default;
        for (int round = 0; round < 300; round++)
        {
            FieldLanes a = Draw(random, magnitude);
            FieldLanes.Square(a, ref square);
            AssertLanes(square, lane => Value(a, lane) * Value(a, lane));
            AssertMagnitude(1, square);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Sums_differences_and_halves_are_right_and_as_large_as_said(uint magnitude)
    {
        Random random = new(3);
        FieldLanes result = default;
        for (int round = 0; round < 200; round++)
        {
            FieldLanes a = Draw(random, magnitude), b = Draw(random, magnitude);
            FieldLanes.Add(a, b, ref result);
            AssertLanes(result, lane => Value(a, lane) + Value(b, lane));
            AssertMagnitude(2 * magnitude, result);
            FieldLanes.Triple(a, ref result);
            AssertLanes(result, lane => 3 * Value(a, lane));
            AssertMagnitude(3 * magnitude, result);
            FieldLanes.Negate(a, magnitude, ref result);
            AssertLanes(result, lane => -Value(a, lane));
            AssertMagnitude(magnitude + 1, result);
            FieldLanes.Subtract(a, b, magnitude, ref result);
            AssertLanes(result, lane => Value(a, lane) - Value(b, lane));
            AssertMagnitude((2 * magnitude) + 1, result);
            FieldLanes.Halve(a, ref result);
            AssertMagnitude((magnitude / 2) + 1, result);
            for (int lane = 0; lane < 8; lane++) Assert.Equal(Value(a, lane), 2 * Value(result, lane) % Prime);
        }
    }

    [Fact]
    public void Normal_elements_are_below_the_prime_and_words_go_both_ways()
    {
        BigInteger most = (BigInteger.One << 256) - 1;
        BigInteger[] edges = [0, 1, Prime - 1, Prime, Prime + 1, most, most - Prime, Prime - 977, (BigInteger.One << 255) - 1];
        foreach (BigInteger edge in edges)
        {
            FieldLanes element = FieldLanes.All(UInt256.FromBigInteger(edge));
            element.Normalize();
            (Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3) = element.Words();
            Assert.Equal(edge % Prime, new UInt256(w0[7], w1[7], w2[7], w3[7]).ToBigInteger());
            Assert.Equal((edge % Prime).IsZero, element.IsZero() == Vector512<ulong>.AllBitsSet);
            Assert.Equal((edge % Prime).IsEven, element.IsOdd() == Vector512<ulong>.Zero);
        }

        Random random = new(4);
        foreach (uint magnitude in (uint[])[1, 2, 8, 15])
        {
            for (int round = 0; round < 200; round++)
            {
                FieldLanes drawn = Draw(random, magnitude), normal = drawn;
                normal.Normalize();
                (Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3) = normal.Words();
                for (int lane = 0; lane < 8; lane++)
                    Assert.Equal(Value(drawn, lane), new UInt256(w0[lane], w1[lane], w2[lane], w3[lane]).ToBigInteger());
            }
        }
    }

    [Fact]
    public void Roots_and_inverses_are_those_of_the_field()
    {
        Assert.SkipUnless(FieldLanes.IsSupported, "The processor has no AVX-512.");
        Random random = new(5);
        FieldLanes root = default, inverse = default;
        for (int round = 0; round < 20; round++)
        {
            FieldLanes a = Draw(random, 6);
            FieldLanes.SquareRoot(a, ref root);
            AssertLanes(root, lane => BigInteger.ModPow(Value(a, lane), (Prime + 1) / 4, Prime));
            FieldLanes.Invert(a, ref inverse);
            AssertLanes(inverse, lane => BigInteger.ModPow(Value(a, lane), Prime - 2, Prime));
            FieldLanes.Invert(a, ref a);
            Assert.Equal(Value(inverse, 3), Value(a, 3));
        }
    }
}
