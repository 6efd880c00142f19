using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CPChain.Crypto;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Evm.Tests;

/// <summary>Precompiled contracts 0x01 to 0x05, 0x09 and 0x100 against published vectors and the platform.</summary>
public sealed class PrecompileTests
{
    private const ulong Gas = 50_000_000;

    internal static (EvmStatus Status, byte[] Output, ulong Gas) Run(ulong number, byte[] input, EvmRules? rules = null)
    {
        EvmResult result = new TestChain(rules).Call(TestChain.At(number), Gas, input);
        return (result.Status, result.Output.ToArray(), Gas - result.GasLeft);
    }

    private static byte[] Word(UInt256 number) => number.ToBigEndian();

    [Fact]
    public void Ecrecover_finds_the_signer_also_with_the_upper_s()
    {
        Assert.True(PrivateKey.TryFromBytes(Enumerable.Repeat((byte)7, 32).ToArray(), out PrivateKey? key));
        Hash256 digest = Keccak256.Hash("reading"u8);
        Signature signature = key!.Sign(digest);
        UInt256 order = UInt256.Parse("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        foreach ((UInt256 s, int v) in new[] { (signature.S, signature.V), (order - signature.S, 1 - signature.V) })
        {
            byte[] input = Code.Join(digest.ToArray(), Word((ulong)(27 + v)), Word(signature.R), Word(s));
            (EvmStatus status, byte[] output, ulong gas) = Run(1, input);
            Assert.Equal((EvmStatus.Success, 3000UL), (status, gas));
            Assert.Equal(key.Address.ToUInt256(), UInt256.FromBigEndian(output));
        }

        foreach (byte[] bad in new[]
        {
            Code.Join(digest.ToArray(), Word(29U), Word(signature.R), Word(signature.S)),
            Code.Join(digest.ToArray(), Word(UInt256.One << 255 | 27U), Word(signature.R), Word(signature.S)),
            Code.Join(digest.ToArray(), Word(27U), Word(0U), Word(signature.S)),
            Code.Join(digest.ToArray(), Word(27U), Word(signature.R), Word(order)),
            [],
        })
        {
            (EvmStatus status, byte[] output, _) = Run(1, bad);
            Assert.Equal((EvmStatus.Success, 0), (status, output.Length));
        }
    }

    [Fact]
    public void Sha256_equals_the_platform_and_costs_twelve_a_word()
    {
        for (int length = 0; length < 200; length += 13)
        {
            byte[] input = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
            (_, byte[] output, ulong gas) = Run(2, input);
            Assert.Equal(SHA256.HashData(input), output);
            Assert.Equal(60 + (12 * ((ulong)(length + 31) / 32)), gas);
        }
    }

    [Theory]
    [InlineData("", "9c1185a5c5e9fc54612808977ee8f548b2258d31")]
    [InlineData("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe")]
    [InlineData("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc")]
    [InlineData("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189")]
    public void Ripemd160_gives_the_digests_of_its_authors(string text, string digest)
    {
        (_, byte[] output, ulong gas) = Run(3, Encoding.ASCII.GetBytes(text));
        Assert.Equal("000000000000000000000000" + digest, Convert.ToHexStringLower(output));
        Assert.Equal(600 + (120 * ((ulong)(text.Length + 31) / 32)), gas);
    }

    [Fact]
    public void Identity_returns_its_input()
    {
        (_, byte[] output, ulong gas) = Run(4, [1, 2, 3]);
        Assert.Equal([1, 2, 3], output);
        Assert.Equal(18UL, gas);
    }

    [Fact]
    public void Modexp_equals_unbounded_integers()
    {
        Gen<byte[]> operand = from length in Gen.Choose(0, 70)
                              from bytes in Gen.ArrayOf(Gen.Choose(0, 255), length)
                              select bytes.Select(static b => (byte)b).ToArray();
        Prop.ForAll(operand.Three().ToArbitrary(), triple =>
        {
            (byte[] b, byte[] e, byte[] m) = triple;
            byte[] input = Code.Join(Word((ulong)b.Length), Word((ulong)e.Length), Word((ulong)m.Length), b, e, m);
            (EvmStatus status, byte[] output, _) = Run(5, input);
            BigInteger modulus = Big(m);
            BigInteger expected = modulus.IsZero ? 0 : BigInteger.ModPow(Big(b), Big(e), modulus);
            Assert.Equal(EvmStatus.Success, status);
            Assert.Equal(m.Length, output.Length);
            Assert.Equal(expected, Big(output));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Powers_modulo_odd_even_and_power_of_two_moduli_equal_unbounded_integers()
    {
        Random random = new(5);
        for (int i = 0; i < 600; i++)
        {
            byte[] modulus = new byte[random.Next(1, i % 50 == 0 ? 300 : 45)];
            byte[] number = new byte[random.Next(60)];
            byte[] exponent = new byte[random.Next(20)];
            random.NextBytes(modulus);
            random.NextBytes(number);
            random.NextBytes(exponent);
            switch (i % 6)
            {
                case 0: Array.Fill(modulus, (byte)0xff); break;
                case 1: Array.Clear(modulus, modulus.Length / 2, modulus.Length - (modulus.Length / 2)); break;
                case 2: Array.Clear(modulus, 1, modulus.Length - 1); modulus[0] = (byte)(1 << random.Next(8)); break;
                case 3: modulus[^1] |= 1; break;
                default: break;
            }

            if (i % 5 == 0 && exponent.Length > 0) Array.Clear(exponent, 0, (exponent.Length + 1) / 2);
            if (Big(modulus).IsZero) continue;
            BigInteger expected = BigInteger.ModPow(Big(number), Big(exponent), Big(modulus));
            Assert.Equal(expected, CPChain.Evm.Precompiles.ModularPower.Of(Big(number), exponent, Big(modulus)));
        }
    }

    private static BigInteger Big(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    /// <summary>Lengths of base, exponent, modulus, first bytes of the exponent; price since Berlin and since Osaka.</summary>
    [Theory]
    [InlineData(1, 32, 32, "ff", 1360, 4080)]
    [InlineData(64, 1, 64, "03", 200, 500)]
    [InlineData(128, 1, 128, "ff", 597, 3584)]
    [InlineData(256, 3, 256, "010001", 5461, 32768)]
    [InlineData(0, 0, 0, "", 200, 500)]
    [InlineData(32, 33, 32, "80", 1402, 4336)]
    public void Modexp_price_follows_eip_2565_and_eip_7883(
        int baseLength, int exponentLength, int modulusLength, string head, ulong berlin, ulong osaka)
    {
        byte[] exponent = new byte[exponentLength];
        Convert.FromHexString(head).CopyTo(exponent, 0);
        byte[] input = Code.Join(
            Word((ulong)baseLength), Word((ulong)exponentLength), Word((ulong)modulusLength), new byte[baseLength], exponent);
        Assert.Equal((berlin, osaka), (Run(5, input, EvmRules.Prague).Gas, Run(5, input).Gas));
    }

    [Theory]
    [InlineData(6, 0, 500, 150)]
    [InlineData(7, 0, 40_000, 6000)]
    [InlineData(8, 192, 180_000, 79_000)]
    public void Curve_operations_were_dearer_until_istanbul(ulong contract, int length, ulong before, ulong since) =>
        Assert.Equal(
            (before, since),
            (Run(contract, new byte[length], EvmRules.Petersburg).Gas, Run(contract, new byte[length], EvmRules.Istanbul).Gas));

    [Theory]
    [InlineData(32, 32, 32, "ff", 13_056)]
    [InlineData(128, 1, 128, "ff", 4659)]
    [InlineData(2048, 1, 2048, "03", 52_275)]
    public void Modexp_price_followed_eip_198_until_berlin(
        int baseLength, int exponentLength, int modulusLength, string head, ulong gas)
    {
        byte[] exponent = new byte[exponentLength];
        Convert.FromHexString(head).CopyTo(exponent, 0);
        byte[] input = Code.Join(
            Word((ulong)baseLength), Word((ulong)exponentLength), Word((ulong)modulusLength), new byte[baseLength], exponent);
        Assert.Equal(gas, Run(5, input, EvmRules.Istanbul).Gas);
    }

    [Fact]
    public void Contracts_of_byzantium_and_istanbul_are_missing_before()
    {
        Assert.False(new EvmMachine(EvmRules.SpuriousDragon).IsPrecompile(TestChain.At(5)));
        Assert.True(new EvmMachine(EvmRules.Byzantium).IsPrecompile(TestChain.At(8)));
        Assert.False(new EvmMachine(EvmRules.Petersburg).IsPrecompile(TestChain.At(9)));
        Assert.True(new EvmMachine(EvmRules.Istanbul).IsPrecompile(TestChain.At(9)));
    }

    [Fact]
    public void Modexp_operands_are_bounded_since_osaka()
    {
        byte[] input = Code.Join(Word(1025U), Word(1U), Word(1U));
        Assert.Equal(EvmStatus.Success, Run(5, input, EvmRules.Prague).Status);
        Assert.Equal(EvmStatus.PrecompileFailure, Run(5, input).Status);
        Assert.Equal(EvmStatus.PrecompileFailure, Run(5, Code.Join(Word(0U), Word(UInt256.MaxValue), Word(1U))).Status);
        Assert.Equal(
            EvmStatus.PrecompileFailure, Run(5, Code.Join(Word(UInt256.MaxValue), Word(1U), Word(1U)), EvmRules.Prague).Status);
    }

    /// <summary>Vectors 4 to 7 of EIP-152: the block of "abc" with 0, 12 and 1 rounds, final or not.</summary>
    [Theory]
    [InlineData(0, 1, "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b")]
    [InlineData(12, 1, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")]
    [InlineData(12, 0, "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d2875298743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735")]
    [InlineData(1, 1, "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fba551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421")]
    public void Blake2f_gives_the_vectors_of_eip_152(int rounds, int final, string expected)
    {
        byte[] input = new byte[213];
        input[3] = (byte)rounds;
        Convert.FromHexString(
            "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
            + "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b616263").CopyTo(input, 4);
        input[196] = 3;
        input[212] = (byte)final;
        (EvmStatus status, byte[] output, ulong gas) = Run(9, input);
        Assert.Equal((EvmStatus.Success, (ulong)rounds), (status, gas));
        Assert.Equal(expected, Convert.ToHexStringLower(output));
        input[212] = 2;
        Assert.Equal(EvmStatus.PrecompileFailure, Run(9, input).Status);
        Assert.Equal(EvmStatus.PrecompileFailure, Run(9, input[..212]).Status);
    }

    /// <summary>RFC 6979, A.2.5: P-256, SHA-256, message "sample".</summary>
    private const string P256Vector =
        "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"
        + "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
        + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";

    [Fact]
    public void P256_accepts_the_rfc_6979_signature_and_nothing_near_it()
    {
        byte[] input = Convert.FromHexString(P256Vector);
        (EvmStatus status, byte[] output, ulong gas) = Run(0x100, input);
        Assert.Equal((EvmStatus.Success, 6900UL), (status, gas));
        Assert.Equal(Word(1U), output);
        for (int at = 0; at < 160; at += 7)
        {
            byte[] bad = [.. input];
            bad[at] ^= 1;
            (status, output, _) = Run(0x100, bad);
            Assert.Equal((EvmStatus.Success, 0), (status, output.Length));
        }

        Assert.Empty(Run(0x100, input[..159]).Output);
        Assert.Empty(Run(0x100, new byte[160]).Output);
        Assert.Equal(0UL, Run(0x100, input, EvmRules.Prague).Gas);
    }
}
