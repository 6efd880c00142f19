using System.Globalization;
using System.Numerics;
using CPChain.Evm.Precompiles.Bls;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;
using CPChain.Types;
using Codec = CPChain.Evm.Precompiles.Lanes.PairingCodec<
    CPChain.Evm.Precompiles.Bls.BlsLanes, CPChain.Evm.Precompiles.Fields.Fp381, CPChain.Evm.Precompiles.Bls.BlsTower>;
using Gt = CPChain.Evm.Precompiles.Fields.Fp12<CPChain.Evm.Precompiles.Fields.Fp381, CPChain.Evm.Precompiles.Bls.BlsTower>;

namespace CPChain.Evm.Tests;

/// <summary>BLS12-381 (EIP-2537): group laws, subgroups, pairing, maps; KZG is tested by the state tests.</summary>
public sealed class BlsTests
{
    private static readonly BigInteger Order = BlsPairing.Order;

    private static byte[] G1(BigInteger scalar)
    {
        byte[] bytes = new byte[BlsPoints.G1Length];
        BlsPoints.WriteG1(BlsGenerators.G1.Multiply(scalar), bytes);
        return bytes;
    }

    private static byte[] G2(BigInteger scalar)
    {
        byte[] bytes = new byte[BlsPoints.G2Length];
        BlsPoints.WriteG2(BlsGenerators.G2.Multiply(scalar), bytes);
        return bytes;
    }

    private static byte[] Word(BigInteger number) => UInt256.FromBigInteger(number).ToBigEndian();

    private static byte[] Field(BigInteger number)
    {
        byte[] bytes = new byte[64];
        Fp381.From(number).WriteBigEndian(bytes.AsSpan(16));
        return bytes;
    }

    [Fact]
    public void Field_arithmetic_equals_unbounded_integers()
    {
        BigInteger p = Fp381.Prime;
        BigInteger a = 1;
        BigInteger b = p - 1;
        for (int i = 0; i < 300; i++)
        {
            Fp381 x = Fp381.From(a);
            Fp381 y = Fp381.From(b);
            Assert.Equal(a * b % p, (x * y).ToBigInteger());
            Assert.Equal((a + b) % p, (x + y).ToBigInteger());
            Assert.Equal((a - b + p) % p, (x - y).ToBigInteger());
            (a, b) = (b, ((a * a * 7) + (b << 3) + 5) % p);
        }
    }

    [Fact]
    public void Generators_lie_in_their_groups_and_other_curve_points_do_not()
    {
        Assert.True(BlsGenerators.G1.Multiply(Order).IsInfinity);
        Assert.True(BlsGenerators.G2.Multiply(Order).IsInfinity);
        for (int i = 1; i < 8; i++)
        {
            Point<Fp381> p = BlsMaps.ToCurve(Fp381.From(i));
            Point<Fp2<Fp381>> q = BlsMaps.ToTwist(new Fp2<Fp381>(Fp381.From(i), Fp381.From(2 * i)));
            Assert.Equal(p.Multiply(Order).IsInfinity, BlsSubgroups.Contains(p));
            Assert.Equal(q.Multiply(Order).IsInfinity, BlsSubgroups.Contains(q));
            Assert.False(BlsSubgroups.Contains(p));
            Assert.False(BlsSubgroups.Contains(q));
            Assert.True(BlsSubgroups.Contains(BlsSubgroups.ClearCofactor(p)));
            Assert.True(BlsSubgroups.Contains(BlsSubgroups.ClearCofactor(q)));
            Assert.True(BlsSubgroups.Contains(BlsGenerators.G1.Multiply(i)));
            Assert.True(BlsSubgroups.Contains(BlsGenerators.G2.Multiply(i)));
        }
    }

    [Fact]
    public void Cofactor_of_the_twist_is_that_of_rfc_9380()
    {
        BigInteger effective = BigInteger.Parse(
            "0bc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329c2f178731db956d82bf015d1212b02"
            + "ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551",
            NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Point<Fp2<Fp381>> q = BlsMaps.ToTwist(new Fp2<Fp381>(Fp381.From(5), Fp381.From(6)));
        Assert.True((BlsSubgroups.ClearCofactor(q) + q.Multiply(effective).Negate()).IsInfinity);
    }

    [Fact]
    public void Sums_of_multiples_equal_the_multiple_of_the_generator()
    {
        foreach (int count in new[] { 1, 2, 9, 70 })
        {
            BigInteger total = 0;
            List<byte[]> first = [];
            List<byte[]> second = [];
            for (int i = 1; i <= count; i++)
            {
                BigInteger scalar = i % 5 == 0 ? Order + i : BigInteger.ModPow(3, 1000 + i, BigInteger.One << 256);
                total += scalar * i;
                first.AddRange([G1(i), Word(scalar)]);
                second.AddRange([G2(i), Word(scalar)]);
            }

            (EvmStatus status, byte[] output, ulong gas) = PrecompileTests.Run(0x0c, Code.Join([.. first]));
            Assert.Equal((EvmStatus.Success, BlsDiscounts.Price(12_000, BlsDiscounts.G1, count)), (status, gas));
            Assert.Equal(G1(total % Order), output);
            if (count > 9) continue;
            (status, output, gas) = PrecompileTests.Run(0x0e, Code.Join([.. second]));
            Assert.Equal((EvmStatus.Success, BlsDiscounts.Price(22_500, BlsDiscounts.G2, count)), (status, gas));
            Assert.Equal(G2(total % Order), output);
        }
    }

    [Fact]
    public void Addition_takes_any_point_of_the_curve_and_sums_only_those_of_the_group()
    {
        Assert.Equal(G1(5), PrecompileTests.Run(0x0b, Code.Join(G1(2), G1(3))).Output);
        Assert.Equal(G2(5), PrecompileTests.Run(0x0d, Code.Join(G2(2), G2(3))).Output);
        Assert.Equal(new byte[128], PrecompileTests.Run(0x0b, Code.Join(G1(2), G1(Order - 2))).Output);
        byte[] outside = new byte[128];
        BlsPoints.WriteG1(BlsMaps.ToCurve(Fp381.From(3)), outside);
        Assert.Equal(EvmStatus.Success, PrecompileTests.Run(0x0b, Code.Join(outside, G1(1))).Status);
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0c, Code.Join(outside, Word(1))).Status);
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0f, Code.Join(outside, G2(1))).Status);
        byte[] offCurve = G1(1);
        offCurve[127] ^= 1;
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0b, Code.Join(offCurve, G1(1))).Status);
        byte[] padded = G1(1);
        padded[0] = 1;
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0b, Code.Join(padded, G1(1))).Status);
        for (ulong number = 0x0b; number <= 0x11; number++)
        {
            Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(number, []).Status);
            Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(number, new byte[1]).Status);
        }
    }

    [Fact]
    public void Pairing_looks_at_the_group_of_a_point_whatever_its_partner()
    {
        byte[] first = new byte[BlsPoints.G1Length];
        byte[] second = new byte[BlsPoints.G2Length];
        for (int i = 1; i < 4; i++)
        {
            BlsPoints.WriteG1(BlsMaps.ToCurve(Fp381.From(i)), first);
            BlsPoints.WriteG2(BlsMaps.ToTwist(new Fp2<Fp381>(Fp381.From(i), Fp381.One)), second);
            foreach (byte[] pair in new[]
            {
                Code.Join(first, G2(1)), Code.Join(G1(1), second), Code.Join(first, new byte[256]), Code.Join(new byte[128], second),
            })
            {
                Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0f, pair).Status);
                Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0f, Code.Join(G1(2), G2(3), pair)).Status);
            }

            Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0e, Code.Join(second, Word(i))).Status);
            Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x0c, Code.Join(G1(1), Word(1), first, Word(0))).Status);
        }
    }

    /// <summary>Points of small order meet the sums that formulas in lanes do not make.</summary>
    [Fact]
    public void Points_of_small_order_are_refused()
    {
        BigInteger cofactor = BigInteger.Parse("76329603384216526031706109802092473003");
        Point<Fp381> p = Point<Fp381>.Infinity;
        for (int i = 1; p.IsInfinity; i++) p = BlsMaps.ToCurve(Fp381.From(i)).Multiply(Order * cofactor / 3);
        Assert.True(p.Multiply(3).IsInfinity);
        (Fp381 x, Fp381 y) = p.ToAffine();
        Assert.False(BlsSubgroups.Contains(p));
        Assert.False(BlsSums.TrySum([Point<Fp381>.FromAffine(x, y)], [BigInteger.One], out _));
        Assert.False(BlsSums.TrySum([BlsGenerators.G1, Point<Fp381>.FromAffine(x, y)], [BigInteger.One, 0], out _));
    }

    [Fact]
    public void Pairing_check_is_bilinear()
    {
        byte[] holds = Code.Join(G1(6), G2(5), G1(Order - 10), G2(3));
        (EvmStatus status, byte[] output, ulong gas) = PrecompileTests.Run(0x0f, holds);
        Assert.Equal((EvmStatus.Success, 37_700 + (2 * 32_600UL)), (status, gas));
        Assert.Equal(Word(1), output);
        Assert.Equal(Word(0), PrecompileTests.Run(0x0f, Code.Join(G1(6), G2(5), G1(Order - 10), G2(4))).Output);
        Assert.Equal(Word(0), PrecompileTests.Run(0x0f, Code.Join(G1(1), G2(1))).Output);
        Assert.Equal(Word(1), PrecompileTests.Run(0x0f, Code.Join(new byte[128], G2(1))).Output);
    }

    [Fact]
    public void Final_exponentiation_is_three_times_the_power_it_stands_for()
    {
        Assert.True(BlsPairing.TryMillerLoop(
            [(BlsGenerators.G1, BlsGenerators.G2)], out PairingValue<BlsLanes> product));
        Gt value = Codec.Unpack(product);
        Gt paired = Codec.Unpack(BlsPairing.FinalExponentiation(product));
        Assert.True(paired == Powers.Raise(value, 3 * (BigInteger.Pow(Fp381.Prime, 12) - 1) / Order));
        Assert.True(Powers.Raise(paired, Order) == Gt.One);
        Assert.True(paired != Gt.One);
    }

    /// <summary>First two vectors of EIP-2537's files for each map.</summary>
    [Theory]
    [InlineData(
        0x10,
        "156c8a6a2c184569d69a76be144b5cdc5141d2d2ca4fe341f011e25e3969c55ad9e9b9ce2eb833c81a908e5fa4ac5f03",
        "184bb665c37ff561a89ec2122dd343f20e0f4cbcaec84e3c3052ea81d1834e192c426074b02ed3dca4e7676ce4ce48ba"
        + "04407b8d35af4dacc809927071fc0405218f1401a6d15af775810e4e460064bcc9468beeba82fdc751be70476c888bf3")]
    [InlineData(
        0x10,
        "147e1ed29f06e4c5079b9d14fc89d2820d32419b990c1c7bb7dbea2a36a045124b31ffbde7c99329c05c559af1c6cc82",
        "009769f3ab59bfd551d53a5f846b9984c59b97d6842b20a2c565baa167945e3d026a3755b6345df8ec7e6acb6868ae6d"
        + "1532c00cf61aa3d0ce3e5aa20c3b531a2abd2c770a790a2613818303c6b830ffc0ecf6c357af3317b9575c567f11cd2c")]
    [InlineData(
        0x11,
        "07355d25caf6e7f2f0cb2812ca0e513bd026ed09dda65b177500fa31714e09ea0ded3a078b526bed3307f804d4b93b04"
        + "02829ce3c021339ccb5caf3e187f6370e1e2a311dec9b75363117063ab2015603ff52c3d3b98f19c2f65575e99e8b78c",
        "00e7f4568a82b4b7dc1f14c6aaa055edf51502319c723c4dc2688c7fe5944c213f510328082396515734b6612c4e7bb7"
        + "126b855e9e69b1f691f816e48ac6977664d24d99f8724868a184186469ddfd4617367e94527d4b74fc86413483afb35b"
        + "0caead0fd7b6176c01436833c79d305c78be307da5f6af6c133c47311def6ff1e0babf57a0fb5539fce7ee12407b0a42"
        + "1498aadcf7ae2b345243e281ae076df6de84455d766ab6fcdaad71fab60abb2e8b980a440043cd305db09d283c895e3d")]
    [InlineData(
        0x11,
        "138879a9559e24cecee8697b8b4ad32cced053138ab913b99872772dc753a2967ed50aabc907937aefb2439ba06cc50c"
        + "0a1ae7999ea9bab1dcc9ef8887a6cb6e8f1e22566015428d220b7eec90ffa70ad1f624018a9ad11e78d588bd3617f9f2",
        "108ed59fd9fae381abfd1d6bce2fd2fa220990f0f837fa30e0f27914ed6e1454db0d1ee957b219f61da6ff8be0d6441f"
        + "0296238ea82c6d4adb3c838ee3cb2346049c90b96d602d7bb1b469b905c9228be25c627bffee872def773d5b2a2eb57d"
        + "033f90f6057aadacae7963b0a0b379dd46750c1c94a6357c99b65f63b79e321ff50fe3053330911c56b6ceea08fee656"
        + "153606c417e59fb331b7ae6bce4fbf7c5190c33ce9402b5ebe2b70e44fca614f3f1382a3625ed5493843d0b0a652fc3f")]
    public void Map_gives_the_vectors_of_eip_2537(int number, string input, string expected)
    {
        static byte[] Padded(string hex) =>
            Code.Join([.. hex.Chunk(96).Select(static part => Code.Join(new byte[16], Convert.FromHexString(part)))]);
        (EvmStatus status, byte[] output, ulong gas) = PrecompileTests.Run((ulong)number, Padded(input));
        Assert.Equal((EvmStatus.Success, number == 0x10 ? 5500UL : 23_800UL), (status, gas));
        Assert.Equal(Padded(expected), output);
    }

    [Fact]
    public void Map_lands_on_the_curve_for_every_field_element_tried()
    {
        for (int i = 0; i < 20; i++)
        {
            BigInteger number = i < 3 ? i : BigInteger.Pow(i, 90) % Fp381.Prime;
            byte[] first = PrecompileTests.Run(0x10, Field(number)).Output;
            byte[] second = PrecompileTests.Run(0x11, Code.Join(Field(number), Field(i))).Output;
            Assert.True(BlsPoints.TryReadG1(first, inSubgroup: true, out _));
            Assert.True(BlsPoints.TryReadG2(second, inSubgroup: true, out _));
        }

        byte[] prime = Code.Join(new byte[16], Fp381.Prime.ToByteArray(isUnsigned: true, isBigEndian: true));
        Assert.Equal(EvmStatus.PrecompileFailure, PrecompileTests.Run(0x10, prime).Status);
    }

    [Fact]
    public void No_input_breaks_a_precompiled_contract()
    {
        Random random = new(2537);
        int[] lengths = [0, 1, 31, 32, 64, 96, 97, 128, 160, 192, 213, 256, 288, 320, 384, 512, 576, 768, 1000];
        ulong[] numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0x100];
        foreach (ulong number in numbers)
        {
            foreach (int length in lengths)
            {
                for (int kind = 0; kind < 4; kind++)
                {
                    byte[] input = new byte[length];
                    if (kind == 1) Array.Fill(input, (byte)0xff);
                    if (kind >= 2) random.NextBytes(input);
                    if (kind == 3 && number == 9 && length > 3) input[0] = input[1] = input[2] = 0;
                    if (kind == 2) for (int i = 0; i < length; i++) if (i % 32 < 30) input[i] = 0;
                    EvmResult result = new TestChain().Call(TestChain.At(number), 3_000_000, input);
                    Assert.Contains(result.Status, new[] { EvmStatus.Success, EvmStatus.PrecompileFailure });
                }
            }
        }
    }
}
