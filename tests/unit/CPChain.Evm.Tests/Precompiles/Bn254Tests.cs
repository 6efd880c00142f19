using System.Numerics;
using CPChain.Evm.Precompiles.Bn254;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;
using CPChain.Types;
using Codec = CPChain.Evm.Precompiles.Lanes.PairingCodec<
    CPChain.Evm.Precompiles.Bn254.Bn254Lanes, CPChain.Evm.Precompiles.Fields.Fp254,
    CPChain.Evm.Precompiles.Bn254.Bn254Tower>;
using Gt = CPChain.Evm.Precompiles.Fields.Fp12<CPChain.Evm.Precompiles.Fields.Fp254, CPChain.Evm.Precompiles.Bn254.Bn254Tower>;

namespace CPChain.Evm.Tests;

/// <summary>alt_bn128 (EIP-196, EIP-197): group laws, bilinearity, refusals.</summary>
public sealed class Bn254Tests
{
    private static readonly BigInteger Prime = Fp254.Prime.ToBigInteger();

    /// <summary>The generator of the second group (EIP-197), imaginary parts first.</summary>
    private static readonly byte[] G2 = Convert.FromHexString(
        "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        + "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
        + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa");

    private static byte[] G1(BigInteger scalar) =>
        PrecompileTests.Run(7, Code.Join(Word(1), Word(2), Word(scalar))).Output;

    private static byte[] Word(BigInteger number) => UInt256.FromBigInteger(number).ToBigEndian();

    private static byte[] Negate(byte[] point)
    {
        BigInteger y = new(point.AsSpan(32), isUnsigned: true, isBigEndian: true);
        return [.. point.AsSpan(0, 32), .. Word(y.IsZero ? 0 : Prime - y)];
    }

    [Fact]
    public void Field_arithmetic_equals_unbounded_integers()
    {
        BigInteger a = 1;
        BigInteger b = Prime - 1;
        for (int i = 0; i < 300; i++)
        {
            Fp254 x = Fp254.From(UInt256.FromBigInteger(a));
            Fp254 y = Fp254.From(UInt256.FromBigInteger(b));
            Assert.Equal(a * b % Prime, (x * y).ToUInt256().ToBigInteger());
            Assert.Equal((a + b) % Prime, (x + y).ToUInt256().ToBigInteger());
            Assert.Equal((a - b + Prime) % Prime, (x - y).ToUInt256().ToBigInteger());
            Assert.Equal(BigInteger.ModPow(a, Prime - 2, Prime), Fp254.Invert(x).ToUInt256().ToBigInteger());
            (a, b) = (b, ((a * a * 7) + (b << 3) + 5) % Prime);
        }

        Assert.False(Fp254.TryFrom(Fp254.Prime, out _));
    }

    [Fact]
    public void Sum_of_multiples_is_the_multiple_of_the_sum()
    {
        BigInteger order = Bn254Pairing.Order;
        foreach ((BigInteger a, BigInteger b) in new (BigInteger, BigInteger)[]
        {
            (1, 1), (2, 3), (order - 1, 1), (order - 5, 9), (0, 4), (BigInteger.Pow(3, 150), BigInteger.Pow(5, 100)),
        })
        {
            (EvmStatus status, byte[] sum, ulong gas) = PrecompileTests.Run(6, Code.Join(G1(a), G1(b)));
            Assert.Equal((EvmStatus.Success, 150UL), (status, gas));
            Assert.Equal(G1((a + b) % order), sum);
        }

        Assert.Equal(new byte[64], G1(order));
        Assert.Equal(
            "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3",
            Convert.ToHexStringLower(G1(2))[..64]);
    }

    [Fact]
    public void Point_off_the_curve_or_coordinate_above_the_prime_is_refused()
    {
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(6, Code.Join(Word(1), Word(3))).Status);
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(6, Code.Join(Word(Prime + 1), Word(2))).Status);
        Assert.Equal(EvmStatus.Success, PrecompileTests.Run(6, []).Status);
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(8, new byte[191]).Status);
        byte[] wrongTwist = [.. G2];
        wrongTwist[^1] ^= 1;
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(8, Code.Join(G1(1), wrongTwist)).Status);
    }

    [Fact]
    public void Pairing_is_bilinear()
    {
        (EvmStatus status, byte[] output, ulong gas) =
            PrecompileTests.Run(8, Code.Join(G1(6), G2, Negate(G1(2)), G2, Negate(G1(4)), G2));
        Assert.Equal((EvmStatus.Success, 45_000 + (3 * 34_000UL)), (status, gas));
        Assert.Equal(Word(1), output);
        Assert.Equal(Word(0), PrecompileTests.Run(8, Code.Join(G1(6), G2, Negate(G1(5)), G2)).Output);
        Assert.Equal(Word(1), PrecompileTests.Run(8, []).Output);
        Assert.Equal(Word(1), PrecompileTests.Run(8, Code.Join(new byte[64], G2)).Output);
        Assert.Equal(Word(0), PrecompileTests.Run(8, Code.Join(G1(1), G2)).Output);
    }

    [Fact]
    public void Pairing_is_bilinear_in_the_second_group_and_not_degenerate()
    {
        (Fp2<Fp254> x, Fp2<Fp254> y) = Generator();
        Point<Fp2<Fp254>> q = Point<Fp2<Fp254>>.FromAffine(x, y);
        (Fp2<Fp254> x5, Fp2<Fp254> y5) = q.Multiply(5).ToAffine();
        Gt e = Codec.Unpack(Bn254Pairing.FinalExponentiation(Miller(x, y)));
        Gt e5 = Codec.Unpack(Bn254Pairing.FinalExponentiation(Miller(x5, y5)));
        Assert.True(e5 == Powers.Raise(e, 5));
        Assert.True(e != Gt.One);
        Assert.True(Powers.Raise(e, Bn254Pairing.Order) == Gt.One);
    }

    [Fact]
    public void Final_exponentiation_is_the_power_it_claims()
    {
        (Fp2<Fp254> x, Fp2<Fp254> y) = Generator();
        PairingValue<Bn254Lanes> value = Miller(x, y);
        BigInteger power = (BigInteger.Pow(Prime, 12) - 1) / Bn254Pairing.Order;
        Assert.True(Codec.Unpack(Bn254Pairing.FinalExponentiation(value)) == Powers.Raise(Codec.Unpack(value), power));
    }

    [Fact]
    public void Points_of_the_twist_outside_the_group_are_refused()
    {
        int found = 0;
        for (int i = 1; found < 5; i++)
        {
            Fp2<Fp254> x = new(Fp254.From((ulong)i), Fp254.From(3));
            if (!TrySqrt((x * x * x) + Bn254Pairing.TwistB, out Fp2<Fp254> y)) continue;
            found++;
            Point<Fp2<Fp254>> q = Point<Fp2<Fp254>>.FromAffine(x, y);
            Assert.False(q.Multiply(Bn254Pairing.Order).IsInfinity);
            byte[] bytes = Code.Join([.. new[] { x.C1, x.C0, y.C1, y.C0 }.Select(static one => one.ToUInt256().ToBigEndian())]);
            Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(8, Code.Join(G1(3), bytes)).Status);
            Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(8, Code.Join(new byte[64], bytes)).Status);
            Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(8, Code.Join(G1(3), G2, G1(3), bytes)).Status);

            // Its multiple by the cofactor p - 1 + t is in the group.
            (Fp2<Fp254> mx, Fp2<Fp254> my) = q.Multiply((2 * Prime) - Bn254Pairing.Order).ToAffine();
            Assert.True(Bn254Pairing.TryMillerLoop([(P, Point<Fp2<Fp254>>.FromAffine(mx, my))], out _));
        }
    }

    /// <summary>psi satisfies psi^2 - t psi + p = 0, so that every polynomial in it is a + b psi, of norm a^2 + a b t + b^2 p. A point
    /// that it takes to infinity has an order that divides the norm.</summary>
    [Fact]
    public void Endomorphism_of_the_loop_kills_only_points_of_the_group()
    {
        BigInteger u = 4965661367192848881;
        BigInteger t = (6 * u * u) + 1;
        BigInteger a = 1;
        BigInteger b = 0;
        foreach (BigInteger coefficient in new[] { -BigInteger.One, 1, (6 * u) + 2 })
        {
            // (a + b psi) psi + coefficient.
            (a, b) = (coefficient - (b * Prime), a + (b * t));
        }

        BigInteger norm = (a * a) + (a * b * t) + (b * b * Prime);
        BigInteger twist = ((2 * Prime) - Bn254Pairing.Order) * Bn254Pairing.Order;
        Assert.Equal(Bn254Pairing.Order, BigInteger.GreatestCommonDivisor(norm, twist));
    }

    private static readonly Point<Fp254> P = Point<Fp254>.FromAffine(Fp254.One, Fp254.From(2));

    private static PairingValue<Bn254Lanes> Miller(in Fp2<Fp254> x, in Fp2<Fp254> y)
    {
        Assert.True(Bn254Pairing.TryMillerLoop([(P, Point<Fp2<Fp254>>.FromAffine(x, y))], out PairingValue<Bn254Lanes> product));
        return product;
    }

    /// <summary>By the norm: with n^2 = a0^2 + a1^2, c0^2 = (a0 ± n) / 2 and c1 = a1 / (2 c0).</summary>
    private static bool TrySqrt(in Fp2<Fp254> a, out Fp2<Fp254> root)
    {
        static Fp254 Root(in Fp254 number) => Powers.Raise(number, (Prime + 1) / 4);
        Fp254 half = Fp254.Invert(Fp254.From(2));
        Fp254 norm = Root((a.C0 * a.C0) + (a.C1 * a.C1));
        foreach (Fp254 square in new[] { (a.C0 + norm) * half, (a.C0 - norm) * half })
        {
            Fp254 c0 = Root(square);
            root = new(c0, a.C1 * half * Fp254.Invert(c0));
            if (root * root == a) return true;
        }

        root = default;
        return false;
    }

    private static (Fp2<Fp254> X, Fp2<Fp254> Y) Generator()
    {
        Fp254 Read(int index) => Fp254.From(UInt256.FromBigEndian(G2.AsSpan(32 * index, 32)));
        return (new(Read(1), Read(0)), new(Read(3), Read(2)));
    }
}
