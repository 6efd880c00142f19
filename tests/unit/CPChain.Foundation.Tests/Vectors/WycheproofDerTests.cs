using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Vectors;

/// <summary>
/// ECDSA vectors whose signatures are DER. No format of the product has DER, so the test reads it, strictly; what is left, two numbers, a digest
/// and a key, is the product's matter.
/// </summary>
public sealed class WycheproofDerTests
{
    private const string Archive = "wycheproof/vectors.tar.xz";

    [Theory]
    [InlineData("ecdsa_secp256k1_sha256_test.json", "SHA256")]
    [InlineData("ecdsa_secp256k1_sha256_bitcoin_test.json", "SHA256")]
    [InlineData("ecdsa_secp256k1_sha512_test.json", "SHA512")]
    [InlineData("ecdsa_secp256k1_sha3_256_test.json", "SHA3-256")]
    [InlineData("ecdsa_secp256k1_sha3_512_test.json", "SHA3-512")]
    [InlineData("ecdsa_secp256k1_shake128_test.json", "SHAKE128")]
    [InlineData("ecdsa_secp256k1_shake256_test.json", "SHAKE256")]
    public void Signatures_verify_exactly_when_valid_and_low_s(string file, string hash)
    {
        // What only an own implementation of SHA-3 would give is not run where the platform has none.
        if (hash.StartsWith("SHA3", StringComparison.Ordinal)) Assert.SkipUnless(SHA3_256.IsSupported, "the platform has no SHA-3");
        bool isLowOnly = file.Contains("bitcoin", StringComparison.Ordinal);
        int valid = 0, invalid = 0;
        foreach (JsonElement group in PublicVectors.Json(Archive, file).GetProperty("testGroups").EnumerateArray())
        {
            Assert.True(PublicKey.TryFromBytes(group.GetProperty("publicKey").Bytes("uncompressed"), out PublicKey key));
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                string name = $"{file} {test.GetProperty("tcId")}";
                bool isValid = test.Text("result") == "valid";
                if (isValid) valid++;
                else invalid++;
                if (!TryReadDer(test.Bytes("sig"), out UInt256 r, out UInt256 s))
                {
                    Assert.False(isValid, name);
                    continue;
                }

                Hash256 digest = Hash256.FromBytes(Digest(hash, test.Bytes("msg")).AsSpan(0, 32));
                bool isHigh = s > Signature.HalfGroupOrder;
                Assert.True((isValid && !isHigh) == Secp256k1.Verify(digest, new Signature(r, s, 0), key), name);
                if (!isHigh || isLowOnly || s >= Signature.GroupOrder) continue;
                Assert.True(isValid == Secp256k1.Verify(digest, new Signature(r, Signature.GroupOrder - s, 0), key), name + " with low s");
            }
        }

        Assert.True(valid > 50 && invalid > 50, $"{valid} valid, {invalid} invalid");
    }

    private static bool TryReadDer(byte[] bytes, out UInt256 r, out UInt256 s)
    {
        (r, s) = (default, default);
        try
        {
            AsnReader reader = new(bytes, AsnEncodingRules.DER);
            AsnReader numbers = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            BigInteger first = numbers.ReadInteger(), second = numbers.ReadInteger();
            numbers.ThrowIfNotEmpty();
            if (first.Sign < 0 || second.Sign < 0 || first.GetBitLength() > 256 || second.GetBitLength() > 256) return false;
            (r, s) = (UInt256.FromBigInteger(first), UInt256.FromBigInteger(second));
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static byte[] Digest(string hash, byte[] message) => hash switch
    {
        "SHA256" => SHA256.HashData(message),
        "SHA512" => SHA512.HashData(message),
        "SHA3-256" => SHA3_256.HashData(message),
        "SHA3-512" => SHA3_512.HashData(message),
        "SHAKE128" => Shake128.HashData(message, 32),
        _ => Shake256.HashData(message, 64),
    };
}
