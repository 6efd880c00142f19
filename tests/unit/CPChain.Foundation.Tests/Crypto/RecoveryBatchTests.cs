using System.Numerics;
using CPChain.Crypto;
using CPChain.Crypto.Lanes;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Crypto;

/// <summary>Many signatures together give the same signers as one by one by the library.</summary>
public sealed class RecoveryBatchTests
{
    private static readonly BigInteger Order = Signature.GroupOrder.ToBigInteger();
    private static readonly UInt256 GeneratorX = UInt256.Parse("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

    private static void AssertSame(List<(Hash256 Digest, Signature Signature)> signed)
    {
        Address?[] signers = new Address?[signed.Count];
        RecoveryBatch.Recover([.. signed.Select(static one => one.Digest)], [.. signed.Select(static one => one.Signature)], signers);
        for (int i = 0; i < signed.Count; i++)
        {
            Address? expected = Secp256k1.TryRecoverAddress(signed[i].Digest, signed[i].Signature, out Address signer) ? signer : null;
            Assert.True(expected == signers[i], $"{i} of {signed.Count}: {signed[i]}");
        }
    }

    private static Hash256 Draw(Random random)
    {
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return Hash256.FromBytes(bytes);
    }

    private static PrivateKey Key(BigInteger number)
    {
        Assert.True(PrivateKey.TryFromBytes(UInt256.FromBigInteger(number).ToBigEndian(), out PrivateKey? key));
        return key;
    }

    private static IEnumerable<(Hash256, Signature)> Sign(int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            using PrivateKey key = Key((Draw(random).ToUInt256().ToBigInteger() % (Order - 1)) + 1);
            Hash256 digest = Draw(random);
            yield return (digest, key.Sign(digest));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(131)]
    public void Signers_are_found_whatever_the_number_of_signatures(int count) => AssertSame([.. Sign(count, count)]);

    [Fact]
    public void Two_thousand_signatures_have_their_signers() => AssertSame([.. Sign(2_000, 7)]);

    [Fact]
    public void Ordinary_signatures_are_all_found_by_lanes()
    {
        Assert.SkipUnless(FieldLanes.IsSupported, "The processor has no AVX-512.");
        (Hash256 Digest, Signature Signature)[] signed = [.. Sign(RecoveryBatch.Size, 11)];
        byte[] coordinates = new byte[signed.Length * PublicKey.UncompressedLength];
        ulong found = RecoveryLanes.Recover([.. signed.Select(static one => one.Digest)], [.. signed.Select(static one => one.Signature)], coordinates);
        Assert.Equal(ulong.MaxValue, found);
        for (int i = 0; i < signed.Length; i++)
        {
            Assert.True(Secp256k1.TryRecover(signed[i].Digest, signed[i].Signature, out PublicKey key));
            Assert.Equal(key.ToUncompressed(), coordinates.AsSpan(i * PublicKey.UncompressedLength, PublicKey.UncompressedLength).ToArray());
        }
    }

    [Fact]
    public void Numbers_that_nobody_signed_lead_to_the_same_key_or_to_none()
    {
        Random random = new(8);
        AssertSame([.. Enumerable.Range(0, 1_000).Select(i => (Draw(random), new Signature(
            UInt256.FromBigInteger(Draw(random).ToUInt256().ToBigInteger() % Order), Draw(random).ToUInt256() >> (1 + (i % 200)), (byte)(i % 2))))]);
    }

    [Fact]
    public void What_is_not_canonical_has_no_signer_and_disturbs_nobody()
    {
        (Hash256 Digest, Signature Signature)[] signed = [.. Sign(16, 9)];
        Signature[] bad =
        [
            signed[0].Signature with { R = UInt256.Zero }, signed[0].Signature with { S = UInt256.Zero }, signed[0].Signature with { V = 2 },
            signed[0].Signature with { R = Signature.GroupOrder }, signed[0].Signature with { S = Signature.HalfGroupOrder + UInt256.One },
        ];
        foreach (Signature one in bad) AssertSame([.. signed[..5], (signed[0].Digest, one), .. signed[5..]]);
    }

    [Fact]
    public void Digests_at_the_edges_of_the_order_are_reduced_as_the_library_does()
    {
        (Hash256, Signature Signature)[] signed = [.. Sign(8, 10)];
        UInt256[] edges = [UInt256.Zero, UInt256.One, Signature.GroupOrder - 1UL, Signature.GroupOrder, Signature.GroupOrder + 1UL, UInt256.MaxValue];
        AssertSame([.. edges.SelectMany(edge => signed.Select(one => (Hash256.FromUInt256(edge), one.Signature)))]);
    }

    [Fact]
    public void Sums_that_the_formulas_cannot_tell_apart_are_left_to_the_library()
    {
        // R = G or -G: then Q = (s -+ z) / r G, a doubling of equal points, infinity, or a sum of mirrored table entries, as s and z are chosen.
        List<(Hash256, Signature)> signed = [];
        for (ulong s = 1; s <= 40; s++)
        {
            foreach (byte v in (byte[])[0, 1])
            {
                Signature signature = new(GeneratorX, s, v);
                UInt256[] digests = [s, Signature.GroupOrder - s, s * 2UL, s * 3UL, s + 1UL, s * 256UL, Signature.GroupOrder - (UInt256)(s * 16UL)];
                signed.AddRange(digests.Select(digest => (Hash256.FromUInt256(digest), signature)));
            }
        }

        AssertSame(signed);
    }

    [Fact]
    public void Scalars_with_few_digits_or_long_runs_are_multiplied_right()
    {
        // s = r a and z = -r b make Q = a R + b G for any a, b that leave s low.
        BigInteger r = GeneratorX.ToBigInteger();
        BigInteger[] factors =
        [
            1, 2, 7, 8, 9, 15, 16, 127, 128, 129, 255, 256, BigInteger.One << 127, (BigInteger.One << 128) - 1, BigInteger.One << 128, Order - 1, Order - 8,
            (BigInteger.One << 255) - 1, BigInteger.Parse("0" + new string('8', 32), System.Globalization.NumberStyles.HexNumber),
            BigInteger.Parse("0" + new string('8', 64), System.Globalization.NumberStyles.HexNumber) % Order,
            BigInteger.Parse("0" + string.Concat(Enumerable.Repeat("80", 32)), System.Globalization.NumberStyles.HexNumber) % Order,
        ];
        List<(Hash256, Signature)> signed = [];
        foreach (BigInteger a in factors)
        {
            foreach (BigInteger b in factors)
            {
                BigInteger s = r * a % Order;
                BigInteger z = (Order - (r * b % Order)) % Order;
                bool isHigh = s > Order / 2;
                Signature signature = new(GeneratorX, UInt256.FromBigInteger(isHigh ? Order - s : s), isHigh ? (byte)1 : (byte)0);
                signed.Add((Hash256.FromUInt256(UInt256.FromBigInteger(z)), signature));
            }
        }

        AssertSame(signed);
    }
}
