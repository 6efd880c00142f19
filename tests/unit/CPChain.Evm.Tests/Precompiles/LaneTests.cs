using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CPChain.Evm.Precompiles.Bls;
using CPChain.Evm.Precompiles.Bn254;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>Arithmetic of eight elements at once against unbounded integers and against the tower of single elements.</summary>
public sealed class LaneTests
{
    private const int Lanes = 8;

    /// <summary>Random numbers, 0, 1 and p - 1.</summary>
    private static BigInteger[] Numbers(Random random, BigInteger prime)
    {
        byte[] bytes = new byte[60];
        var numbers = new BigInteger[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            random.NextBytes(bytes);
            numbers[i] = random.Next(8) switch { 0 => 0, 1 => 1, 2 => prime - 1, _ => new BigInteger(bytes, isUnsigned: true) % prime };
        }

        return numbers;
    }

    private static Fp254 Bn(BigInteger number) => Fp254.From(UInt256.FromBigInteger(number));

    private static BigInteger Number(Fp254 element) => element.ToUInt256().ToBigInteger();

    private static BigInteger Number(Fp381 element) => element.ToBigInteger();

    [Fact]
    public void Octets_equal_unbounded_integers()
    {
        CheckOctets<Bn254Lanes, Fp254>(Bn, Number);
        CheckOctets<BlsLanes, Fp381>(Fp381.From, Number);
    }

    private static void CheckOctets<F, T>(Func<BigInteger, T> make, Func<T, BigInteger> read)
        where F : struct, ILaneField
        where T : unmanaged, IField<T>, IWords<T>
    {
        BigInteger p = F.Constants.PrimeNumber;
        Random random = new(1);
        Vector512<ulong> order = Vector512.Create(3UL, 9, 0, 15, 7, 8, 8, 2);
        Vector512<ulong> factors = Vector512.Create(0UL, 1, 2, 3, 4, 8, 12, 16);
        for (int round = 0; round < 200; round++)
        {
            BigInteger[] a = Numbers(random, p);
            BigInteger[] b = Numbers(random, p);
            Octet<F> x = Pack(a);
            Octet<F> y = Pack(b);
            Expect(static (i, a, b) => a[i] * b[i], x * y);
            Expect(static (i, a, b) => a[i] + b[i], x + y);
            Expect(static (i, a, b) => a[i] - b[i], x - y);
            Expect(static (i, a, b) => -a[i], -x);
            Expect(static (i, a, b) => a[i] * 7, x * 7);
            Expect((i, a, b) => a[i] * factors[i], x * factors);
            Expect((i, a, b) => order[i] < 8 ? a[(int)order[i]] : b[(int)order[i] - 8], Octet<F>.Pick(x, y, order));

            // Long sums stay within what one reduction takes.
            Octet<F> sum = x - y;
            for (int i = 0; i < 2; i++) sum += sum;
            Expect(static (i, a, b) => 4 * (a[i] - b[i]), sum.Reduced());
            Expect(static (i, a, b) => 16 * (a[i] - b[i]) * (a[i] - b[i]), sum * sum);
            Expect(static (i, a, b) => b[i] - (4 * (a[i] - b[i])), y - sum.Reduced());
            Assert.True(Value(sum.Reduced()).All(one => one < 4 * p));

            void Expect(Func<int, BigInteger[], BigInteger[], BigInteger> expected, in Octet<F> actual)
            {
                T[] elements = new T[Lanes];
                OctetCodec<F, T>.Unpack(actual, elements);
                for (int i = 0; i < Lanes; i++) Assert.Equal(((expected(i, a, b) % p) + p) % p, read(elements[i]));
            }
        }

        Octet<F> Pack(BigInteger[] numbers) => OctetCodec<F, T>.Pack([.. numbers.Select(make)]);

        static BigInteger[] Value(Octet<F> octet) =>
        [
            .. Enumerable.Range(0, Lanes).Select(lane => Enumerable.Range(0, F.Limbs)
                .Aggregate(BigInteger.Zero, (sum, limb) => sum + ((BigInteger)octet[(limb * Lanes) + lane] << (28 * limb)))),
        ];
    }

    /// <summary>The largest sum that the kernel allows, all limbs full, with registers of every width.</summary>
    [Fact]
    public void Sums_of_twelve_products_are_equal_on_registers_of_every_width()
    {
        CheckWidths<Bn254Lanes>();
        CheckWidths<BlsLanes>();
    }

    private static void CheckWidths<F>()
        where F : struct, ILaneField
    {
        BigInteger p = F.Constants.PrimeNumber;
        BigInteger r = BigInteger.One << (28 * F.Limbs);
        BigInteger inverse = BigInteger.ModPow(r, p - 2, p);
        int[] offsets = [.. Enumerable.Range(0, LaneKernel.TermsMax).Select(static i => i * Octet<F>.Size)];
        Random random = new(2);
        for (int round = 0; round < 20; round++)
        {
            var a = new ulong[offsets.Length * Octet<F>.Size];
            var b = new ulong[a.Length];
            for (int i = 0; i < a.Length; i++)
            {
                a[i] = round == 0 ? LaneConstants.LimbMask + 5 : (ulong)random.NextInt64(1 << 28);
                b[i] = round == 0 ? LaneConstants.LimbMask + 17 : (ulong)random.NextInt64(1 << 28);
            }

            foreach (bool oneForAll in new[] { false, true })
            {
                var two = new ulong[Octet<F>.Size];
                var four = new ulong[Octet<F>.Size];
                var eight = new ulong[Octet<F>.Size];
                Run<TwoLanes>(two);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    BigInteger sum = offsets.Aggregate(BigInteger.Zero, (sum, offset) => sum
                        + (Read(a, offset + (oneForAll ? 0 : lane)) * Read(b, offset + lane)));
                    Assert.Equal(sum * inverse % p, Read(two, lane) % p);
                    Assert.True(Read(two, lane) <= (sum / r) + p);
                }

                if (Avx2.IsSupported)
                {
                    Run<FourLanes>(four);
                    Assert.Equal(two, four);
                }

                if (Avx512F.IsSupported)
                {
                    Run<EightLanes>(eight);
                    Assert.Equal(two, eight);
                }

                void Run<V>(ulong[] result)
                    where V : struct, ILaneVector<V>
                {
                    if (oneForAll) F.SumOfProducts<V, OneForAll>(ref a[0], offsets, ref b[0], offsets, ref result[0]);
                    else F.SumOfProducts<V, LaneByLane>(ref a[0], offsets, ref b[0], offsets, ref result[0]);
                }
            }
        }

        static BigInteger Read(ulong[] rows, int first)
        {
            BigInteger number = 0;
            for (int limb = 0; limb < F.Limbs; limb++) number += (BigInteger)rows[first + (limb * Lanes)] << (28 * limb);
            return number;
        }
    }

    [Fact]
    public void Pairing_values_equal_the_tower()
    {
        CheckTower<Bn254Lanes, Fp254, Bn254Tower>(Bn, static value => Bn254Pairing.FinalExponentiation(value));
        CheckTower<BlsLanes, Fp381, BlsTower>(Fp381.From, static value => BlsPairing.FinalExponentiation(value));
    }

    private static void CheckTower<F, T, TTower>(Func<BigInteger, T> make, Func<PairingValue<F>, PairingValue<F>> finish)
        where F : struct, ILaneField
        where T : unmanaged, IField<T>, IWords<T>
        where TTower : ITower<T>
    {
        Random random = new(3);
        for (int round = 0; round < 20; round++)
        {
            Fp12<T, TTower> a = Value();
            Fp12<T, TTower> b = Value();
            PairingValue<F> x = PairingCodec<F, T, TTower>.Pack(a);
            PairingValue<F> y = PairingCodec<F, T, TTower>.Pack(b);
            Expect(a, x);
            Expect(a * b, x * y);
            Expect(a * b * b, x * y * y);
            Expect(a.Conjugate * b, x.Conjugate * y);
            Expect(b * a.Conjugate, y * x.Conjugate);
            Expect(a.Frobenius(), x.ConjugateTimes(PairingCodec<F, T, TTower>.Pack(TTower.FrobeniusFactors)));
            Expect(Fp12<T, TTower>.Invert(a), PairingCodec<F, T, TTower>.Invert(x));

            // A line stands at three powers of w.
            Fp2<T> constant = Element();
            Fp2<T> px = Element();
            Fp2<T> py = Element();
            Octet<F> line = OctetCodec<F, T>.Pack([constant.C0, constant.C1, px.C0, px.C1, py.C0, py.C1]);
            Expect(a * new Fp12<T, TTower>(new(constant, px, default), new(default, py, default)), x.TimesLine(line, [0, 2, 3]));
            Expect(a * new Fp12<T, TTower>(new(py, default, default), new(px, constant, default)), x.TimesLine(line, [3, 1, 0]));

            PairingValue<F> unitary = finish(x);
            for (int i = 0; i < 5; i++)
            {
                Fp12<T, TTower> before = PairingCodec<F, T, TTower>.Unpack(unitary);
                unitary = unitary.CyclotomicSquare();
                Expect(before * before, unitary);
            }
        }

        Fp12<T, TTower> Value() => new(new(Element(), Element(), Element()), new(Element(), Element(), Element()));

        Fp2<T> Element()
        {
            BigInteger[] numbers = Numbers(random, F.Constants.PrimeNumber);
            return new(make(numbers[0]), make(numbers[1]));
        }

        static void Expect(in Fp12<T, TTower> expected, in PairingValue<F> actual) =>
            Assert.True(expected == PairingCodec<F, T, TTower>.Unpack(actual));
    }

    [Fact]
    public void Points_in_lanes_equal_single_points()
    {
        Point<Fp381>[] points = [.. Enumerable.Range(1, Lanes).Select(static i => BlsGenerators.G1.Multiply(i * i))];
        Point<Fp381>[] others = [.. Enumerable.Range(1, Lanes).Select(static i => BlsGenerators.G1.Multiply(1000 + i))];
        LanePoints<Octet<BlsLanes>> p = Pack(points);
        LanePoints<Octet<BlsLanes>> q = Pack(others);
        Expect(p.Double(), static (a, _) => a.Double());
        Expect(p.Add(q), static (a, b) => a + b);
        Expect(p.Double().Add(q.Double()), static (a, b) => a.Double() + b.Double());
        Expect(p.Double().AddAffine(PackAffine(others)), static (a, b) => a.Double() + b);

        // The sums that are not made show as z = 0 and stay so.
        Assert.All(Read(p.Add(p)), static one => Assert.True(one.Z.IsZero));
        Assert.All(Read(p.Add(p).Double().Add(q)), static one => Assert.True(one.Z.IsZero));

        static LanePoints<Octet<BlsLanes>> Pack(Point<Fp381>[] points) => new(
            OctetCodec<BlsLanes, Fp381>.Pack([.. points.Select(static one => one.X)]),
            OctetCodec<BlsLanes, Fp381>.Pack([.. points.Select(static one => one.Y)]),
            OctetCodec<BlsLanes, Fp381>.Pack([.. points.Select(static one => one.Z)]));

        static LanePoints<Octet<BlsLanes>> PackAffine(Point<Fp381>[] points) => Pack(
            [.. points.Select(static one => one.ToAffine()).Select(static one => Point<Fp381>.FromAffine(one.X, one.Y))]);

        void Expect(
            in LanePoints<Octet<BlsLanes>> actual, Func<Point<Fp381>, Point<Fp381>, Point<Fp381>> expected)
        {
            Point<Fp381>[] read = Read(actual);
            for (int i = 0; i < Lanes; i++) Assert.Equal(expected(points[i], others[i]).ToAffine(), read[i].ToAffine());
        }

        static Point<Fp381>[] Read(LanePoints<Octet<BlsLanes>> lanes)
        {
            var x = new Fp381[Lanes];
            var y = new Fp381[Lanes];
            var z = new Fp381[Lanes];
            OctetCodec<BlsLanes, Fp381>.Unpack(lanes.X, x);
            OctetCodec<BlsLanes, Fp381>.Unpack(lanes.Y, y);
            OctetCodec<BlsLanes, Fp381>.Unpack(lanes.Z, z);
            return [.. Enumerable.Range(0, Lanes).Select(i => new Point<Fp381>(x[i], y[i], z[i]))];
        }
    }

    [Fact]
    public void Multiples_in_lanes_equal_single_ones()
    {
        UInt128[] scalars = [0, 1, 15, 16, 0x1_0000_0000, UInt128.MaxValue, ((UInt128)1 << 127) + 3, 77];
        Point<Fp2<Fp381>> g = BlsGenerators.G2;
        ComplexOctet<BlsLanes> x = ComplexCodec<BlsLanes, Fp381>.Pack([.. Enumerable.Repeat(g.X, Lanes)]);
        ComplexOctet<BlsLanes> y = ComplexCodec<BlsLanes, Fp381>.Pack([.. Enumerable.Repeat(g.Y, Lanes)]);
        ComplexOctet<BlsLanes> z = ComplexCodec<BlsLanes, Fp381>.Pack([.. Enumerable.Repeat(g.Z, Lanes)]);
        LanePoints<ComplexOctet<BlsLanes>> multiples = LaneMultiples<ComplexOctet<BlsLanes>>.Of(new(x, y, z), scalars, 128);
        var xs = new Fp2<Fp381>[Lanes];
        var ys = new Fp2<Fp381>[Lanes];
        var zs = new Fp2<Fp381>[Lanes];
        ComplexCodec<BlsLanes, Fp381>.Unpack(multiples.X, xs);
        ComplexCodec<BlsLanes, Fp381>.Unpack(multiples.Y, ys);
        ComplexCodec<BlsLanes, Fp381>.Unpack(multiples.Z, zs);
        for (int i = 0; i < Lanes; i++)
        {
            Assert.Equal(g.Multiply((BigInteger)scalars[i]).ToAffine(), new Point<Fp2<Fp381>>(xs[i], ys[i], zs[i]).ToAffine());
        }
    }

    [Fact]
    public void Halves_of_a_number_make_its_multiple()
    {
        Point<Fp254> g = Point<Fp254>.FromAffine(Fp254.One, Fp254.From(2));
        BigInteger order = Bn254Pairing.Order;
        Random random = new(5);
        byte[] bytes = new byte[32];
        for (int i = 0; i < 60; i++)
        {
            random.NextBytes(bytes);
            BigInteger k = i switch { 0 => 0, 1 => 1, 2 => order - 1, 3 => order, 4 => (order / 2) + 1, _ => new(bytes, isUnsigned: true) };
            Assert.Equal(g.Multiply(k).ToAffine(), Bn254Multiple.Of(g, k).ToAffine());
            (HalfScalar first, HalfScalar second) = Bn254Multiple.Split(k % order);
            Assert.True(first.Magnitude >> 127 == 0 && second.Magnitude >> 127 == 0);
        }

        Assert.True(Bn254Multiple.Of(Point<Fp254>.Infinity, 5).IsInfinity);
        Point<Fp254> twice = g.Double();
        foreach ((UInt128 a, UInt128 b) in new (UInt128, UInt128)[] { (UInt128.MaxValue, UInt128.MaxValue - 14), (0, 0), (2, 1), (1, UInt128.One << 127) })
        {
            Point<Fp254> expected = g.Multiply((BigInteger)a) + twice.Multiply((BigInteger)b).Negate();
            Assert.Equal(expected.ToAffine(), TwoMultiples.Sum(g, new(a, false), twice, new(b, true)).ToAffine());
        }
    }

    [Fact]
    public void Inverses_equal_unbounded_integers()
    {
        Random random = new(4);
        for (int round = 0; round < 50; round++)
        {
            foreach (BigInteger number in Numbers(random, Fp381.Prime))
            {
                Assert.Equal(BigInteger.ModPow(number, Fp381.Prime - 2, Fp381.Prime), Number(Fp381.Invert(Fp381.From(number))));
            }

            BigInteger prime = Fp254.Prime.ToBigInteger();
            foreach (BigInteger number in Numbers(random, prime).Append(round))
            {
                Assert.Equal(BigInteger.ModPow(number, prime - 2, prime), Number(Fp254.Invert(Bn(number))));
            }
        }
    }

    [Fact]
    public void Signed_digits_make_the_number()
    {
        for (int number = 1; number < 3000; number++)
        {
            sbyte[] digits = SignedDigits.Of(number);
            Assert.Equal(number, digits.Aggregate(0, static (sum, digit) => (2 * sum) + digit));
            Assert.DoesNotContain(digits.Zip(digits.Skip(1)), static pair => pair is not (0, _) and not (_, 0));
        }
    }
}
