using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.EvmTools.StateTests;
using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>Calls of every precompiled contract at inputs that give it much to do for its price.</summary>
public static class PrecompilePrograms
{
    private static readonly Address Caller = Address.Parse("0x0000000000000000000000000000000000b1b1b1");

    private static readonly BigInteger Bn254Order = UInt256.Parse(
        "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001").ToBigInteger();

    /// <summary>The generator of the second group of alt_bn128 (EIP-197).</summary>
    private const string Bn254G2 = "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        + "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
        + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";

    /// <summary>The secret times G1 from Ethereum's ceremony (consensus specification, trusted setup, second monomial G1 point): the
    /// commitment to the polynomial X, whose proof at any point is the generator.</summary>
    private const string KzgCommitment =
        "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";

    private const string G1Compressed =
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";

    /// <summary>All of them under the rules of the benchmark; those of later forks only where those rules have them.</summary>
    public static IEnumerable<BenchProgram> All(EvmRules rules)
    {
        PrecompileCaller contracts = new(rules);
        yield return At(0x01, "ecrecover", EcRecover());
        yield return At(0x02, "sha256/32", Filled(32));
        yield return At(0x02, "sha256/4096", Filled(4096));
        yield return At(0x03, "ripemd160/64", Filled(64));
        yield return At(0x03, "ripemd160/4096", Filled(4096));
        yield return At(0x04, "identity/4096", Filled(4096));
        foreach ((string name, int length, byte last, int exponentBytes) in ModExpCases)
        {
            yield return At(0x05, $"modexp/{name}", ModExp(length, last, exponentBytes));
        }

        byte[] bnP = contracts.Run(0x07, [.. Word(1), .. Word(2), .. Word(Bn254Order - 12_345)]);
        byte[] bnQ = contracts.Run(0x07, [.. Word(1), .. Word(2), .. Word(987_654_321)]);
        yield return At(0x06, "bn254-add", [.. bnP, .. bnQ]);
        yield return At(0x07, "bn254-mul", [.. bnP, .. Word((BigInteger.One << 256) - 3)]);
        byte[] bnG2 = Convert.FromHexString(Bn254G2);
        foreach (int pairs in PairCounts) yield return At(0x08, $"bn254-pairing/{pairs}", Repeat([.. bnP, .. bnG2], pairs));
        yield return At(0x09, "blake2f/12", Blake2(12));
        yield return At(0x09, "blake2f/100000", Blake2(100_000));
        yield return At(0x0a, "kzg-point-evaluation", Kzg());
        foreach (BenchProgram program in Bls(contracts)) yield return program;
        if (rules.HasP256) yield return At(0x100, "p256-verify", P256());
    }

    private static readonly int[] PairCounts = [1, 2, 8];

    private static readonly int[] SumCounts = [1, 2, 16, 128];

    /// <summary>Length of base and modulus, last byte of the modulus, length of the exponent.</summary>
    private static readonly (string Name, int Length, byte Last, int ExponentBytes)[] ModExpCases =
    [
        ("32-odd", 32, 0xfd, 32), ("32-even", 32, 0xfe, 32), ("40-odd", 40, 0xfd, 40), ("40-even", 40, 0xfe, 40),
        ("256-odd", 256, 0xfd, 256), ("256-even", 256, 0xfe, 256), ("512-odd", 512, 0xfd, 64), ("1024-odd", 1024, 0xfd, 16),
        ("1024-even", 1024, 0xfe, 16), ("32-exponent-1024", 32, 0xfd, 1024), ("256-power-3", 256, 0xfd, 1),
    ];

    private static IEnumerable<BenchProgram> Bls(PrecompileCaller contracts)
    {
        List<byte[]> first = [];
        List<byte[]> second = [];
        for (int i = 0; i < SumCounts[^1]; i++)
        {
            byte[] element = [.. new byte[32], .. Word(i + 2)];
            first.Add(contracts.Run(0x10, element));
            second.Add(contracts.Run(0x11, [.. element, .. element]));
        }

        byte[] scalar = Word((BigInteger.One << 255) - 19);
        yield return At(0x0b, "bls-g1-add", [.. first[0], .. first[1]]);
        foreach (int count in SumCounts)
        {
            yield return At(0x0c, $"bls-g1-msm/{count}", [.. first.Take(count).SelectMany(point => point.Concat(scalar))]);
        }

        yield return At(0x0d, "bls-g2-add", [.. second[0], .. second[1]]);
        foreach (int count in SumCounts)
        {
            yield return At(0x0e, $"bls-g2-msm/{count}", [.. second.Take(count).SelectMany(point => point.Concat(scalar))]);
        }

        foreach (int pairs in PairCounts)
        {
            yield return At(0x0f, $"bls-pairing/{pairs}", [.. Enumerable.Range(0, pairs).SelectMany(i => first[i].Concat(second[i]))]);
        }

        byte[] number = [.. new byte[16], 0x0f, .. Filled(47)];
        yield return At(0x10, "bls-map-g1", number);
        yield return At(0x11, "bls-map-g2", [.. number, .. number]);
    }

    private static BenchProgram At(int number, string name, byte[] input)
    {
        byte[] address = new byte[20];
        address[18] = (byte)(number >> 8);
        address[19] = (byte)(number & 0xff);
        return new BenchProgram(name, ImmutableArray<Chain.GenesisAccount>.Empty, Caller, Address.FromBytes(address), input);
    }

    private static byte[] EcRecover()
    {
        Invariant.Check(PrivateKey.TryFromBytes(Filled(32), out PrivateKey? key), "a number below the order");
        Hash256 digest = Keccak256.Hash("precompile"u8);
        Signature signature = key!.Sign(digest);
        return [.. digest.ToArray(), .. Word(27 + signature.V), .. signature.R.ToBigEndian(), .. signature.S.ToBigEndian()];
    }

    private static byte[] P256()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] digest = SHA256.HashData("precompile"u8);
        ECPoint q = key.ExportParameters(includePrivateParameters: false).Q;
        return [.. digest, .. key.SignHash(digest), .. q.X!, .. q.Y!];
    }

    /// <summary>Some base, an exponent of all ones, a modulus of ones with another last byte.</summary>
    private static byte[] ModExp(int length, byte last, int exponentBytes)
    {
        byte[] modulus = Ones(length);
        modulus[^1] = last;
        byte[] exponent = Ones(exponentBytes);
        if (exponentBytes == 1) exponent[0] = 3;
        return [.. Word(length), .. Word(exponentBytes), .. Word(length), .. Filled(length), .. exponent, .. modulus];
    }

    private static byte[] Blake2(uint rounds)
    {
        byte[] input = [.. Filled(212), 1];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(input, rounds);
        return input;
    }

    private static byte[] Kzg()
    {
        byte[] commitment = Convert.FromHexString(KzgCommitment);
        byte[] hash = SHA256.HashData(commitment);
        hash[0] = 1;
        byte[] z = Filled(32);
        z[0] = 0x31;
        return [.. hash, .. z, .. z, .. commitment, .. Convert.FromHexString(G1Compressed)];
    }

    private static byte[] Repeat(byte[] bytes, int count) => [.. Enumerable.Repeat(bytes, count).SelectMany(static one => one)];

    private static byte[] Ones(int length) => [.. Enumerable.Repeat((byte)0xff, length)];

    private static byte[] Filled(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(((i * 37) + 11) & 0xff))];

    private static byte[] Word(BigInteger number) => UInt256.FromBigInteger(number).ToBigEndian();
}
