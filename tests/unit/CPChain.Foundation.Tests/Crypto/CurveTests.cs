using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Foundation.Tests.Vectors;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Crypto;

public sealed class CurveTests
{
    private static readonly BigInteger Order = Signature.GroupOrder.ToBigInteger();

    private static Scalar Of(BigInteger value)
    {
        Assert.True(Scalar.TryFromBytes32(UInt256.FromBigInteger(value).ToBigEndian(), out Scalar scalar));
        return scalar;
    }

    private static BigInteger Number(Scalar scalar) => new(scalar.ToArray(), isUnsigned: true, isBigEndian: true);

    [Fact]
    public void Scalars_calculate_modulo_the_order()
    {
        BigInteger[] samples =
        [
            0, 1, 2, Order - 1, Order - 2, Order >> 1,
            .. Enumerable.Range(0, 6).Select(_ => Number(Scalar.Random(RandomNumberGenerator.Fill))),
        ];
        foreach (BigInteger x in samples)
        {
            foreach (BigInteger y in samples)
            {
                Assert.Equal((x + y) % Order, Number(Of(x) + Of(y)));
                Assert.Equal((x - y + Order) % Order, Number(Of(x) - Of(y)));
                Assert.Equal(x * y % Order, Number(Of(x) * Of(y)));
            }

            Assert.Equal((Order - x) % Order, Number(Of(x).Negate()));
            if (!x.IsZero) Assert.Equal(Scalar.One, Of(x) * Of(x).Inverse());
        }

        Assert.Throws<InvariantViolation>(() => Scalar.Zero.Inverse());
        Assert.False(Scalar.TryFromBytes32(Signature.GroupOrder.ToBigEndian(), out _));
    }

    [Fact]
    public void Wide_hashes_are_reduced_modulo_the_order()
    {
        byte[][] inputs = [new byte[64], [.. Enumerable.Repeat((byte)255, 64)], RandomNumberGenerator.GetBytes(64)];
        foreach (byte[] input in inputs)
            Assert.Equal(new BigInteger(input, isUnsigned: true, isBigEndian: true) % Order, Number(Scalar.FromWideHash(input)));
    }

    [Fact]
    public void Points_form_a_group_with_infinity_as_its_neutral_element()
    {
        Scalar a = Scalar.Random(RandomNumberGenerator.Fill);
        Scalar b = Scalar.Random(RandomNumberGenerator.Fill);
        Point p = Point.MultiplyGenerator(a);
        Point q = Point.MultiplyGenerator(b);
        Assert.Equal(Point.MultiplyGenerator(a + b), p + q);
        Assert.Equal(Point.MultiplyGenerator(a - b), p - q);
        Assert.Equal(Point.MultiplyGenerator(a * b), p.Multiply(b));
        Assert.Equal(p.Multiply(b), p.MultiplyPublic(b));
        Assert.Equal(p + p, p.Multiply(Scalar.FromUlong(2)));
        Assert.True((p - p).IsInfinity);
        Assert.Equal(p, p + Point.Infinity);
        Assert.Equal(p, Point.Infinity + p);
        Assert.True(p.Multiply(Scalar.Zero).IsInfinity);
        Assert.True(Point.Infinity.MultiplyPublic(a).IsInfinity);
        Assert.True(Point.Sum([]).IsInfinity);
        Assert.Equal(Point.MultiplyGenerator(a + b + b), Point.Sum([p, q, Point.Infinity, q]));
        Assert.True(Point.TryFromCompressed(p.ToCompressed(), out Point same));
        Assert.Equal(p, same);
        Assert.Throws<InvariantViolation>(() => Point.Infinity.ToCompressed());
    }

    [Fact]
    public void The_generator_is_the_one_the_library_multiplies() =>
        Assert.Equal(Point.MultiplyGenerator(Scalar.One), Point.Generator);

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        string message = new NativeLibraryMissingException("libsecp256k1.so.1", "libsecp256k1-1").Message;
        Assert.Contains("apt-get install libsecp256k1-1", message);
    }

    [Fact]
    public void Hashing_to_a_point_is_fixed_for_ever_and_separates_domains()
    {
        Point point = Point.HashToPoint("test");
        Assert.Equal(point, Point.HashToPoint("test"));
        Assert.NotEqual(point, Point.HashToPoint("test2"));
        Assert.Equal(2, point.ToCompressed()[0]);
    }

    [Fact]
    public void The_published_point_and_scalar_operations_match()
    {
        JsonElement points = PublicVectors.Json("umbral/vectors_point_operations.json");
        Assert.True(Point.TryFromCompressed(points.Bytes("first CurvePoint operand"), out Point p));
        Assert.True(Point.TryFromCompressed(points.Bytes("second CurvePoint operand"), out Point q));
        Assert.True(Scalar.TryFromBytes32(points.Bytes("CurveScalar operand"), out Scalar k));
        Assert.Equal(Result(points, "Addition"), (p + q).ToCompressed());
        Assert.Equal(Result(points, "Subtraction"), (p - q).ToCompressed());
        Assert.Equal(Result(points, "Multiplication"), p.Multiply(k).ToCompressed());
        Assert.Equal(Result(points, "Inversion"), p.Negate().ToCompressed());

        JsonElement scalars = PublicVectors.Json("umbral/vectors_scalar_operations.json");
        Assert.True(Scalar.TryFromBytes32(scalars.Bytes("first operand"), out Scalar a));
        Assert.True(Scalar.TryFromBytes32(scalars.Bytes("second operand"), out Scalar b));
        Assert.Equal(Result(scalars, "Addition"), (a + b).ToArray());
        Assert.Equal(Result(scalars, "Subtraction"), (a - b).ToArray());
        Assert.Equal(Result(scalars, "Multiplication"), (a * b).ToArray());
        Assert.Equal(Result(scalars, "Inverse"), a.Inverse().ToArray());
    }

    private static byte[] Result(JsonElement file, string operation) =>
        file.GetProperty("vectors").EnumerateArray().Single(v => v.Text("operation") == operation).Bytes("result");
}
