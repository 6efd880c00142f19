using System.Security.Cryptography;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Vectors;

public sealed class WycheproofTests
{
    private const string Archive = "wycheproof/vectors.tar.xz";

    // SubjectPublicKeyInfo of an uncompressed secp256k1 key up to its 65 bytes.
    private static readonly byte[] SpkiPrefix = Convert.FromHexString("3056301006072a8648ce3d020106052b8104000a034200");

    private static IEnumerable<(JsonElement Group, JsonElement Case)> Cases(string file) =>
        from g in PublicVectors.Json(Archive, file).GetProperty("testGroups").EnumerateArray()
        from c in g.GetProperty("tests").EnumerateArray()
        select (g, c);

    [Theory]
    [InlineData("ecdsa_secp256k1_sha256_p1363_test.json", "SHA256")]
    [InlineData("ecdsa_secp256k1_sha512_p1363_test.json", "SHA512")]
    [InlineData("ecdsa_secp256k1_shake128_p1363_test.json", "SHAKE128")]
    [InlineData("ecdsa_secp256k1_shake256_p1363_test.json", "SHAKE256")]
    public void Signatures_verify_exactly_when_valid_and_low_s(string file, string hash)
    {
        int seen = 0;
        foreach ((JsonElement group, JsonElement test) in Cases(file))
        {
            Assert.True(PublicKey.TryFromBytes(group.GetProperty("publicKey").Bytes("uncompressed"), out PublicKey key));
            byte[] message = test.Bytes("msg");
            Hash256 digest = Hash256.FromBytes(Digest(hash, message).AsSpan(0, 32));
            byte[] bytes = test.Bytes("sig");
            bool valid = test.Text("result") == "valid";
            string name = $"{file} {test.GetProperty("tcId")}";
            seen++;
            if (bytes.Length != 64)
            {
                Assert.False(valid, name);
                continue;
            }

            var signature = new Signature(UInt256.FromBigEndian(bytes.AsSpan(0, 32)), UInt256.FromBigEndian(bytes.AsSpan(32)), 0);
            bool high = signature.S > Signature.HalfGroupOrder;
            Assert.True((valid && !high) == Secp256k1.Verify(digest, signature, key), name);
            if (!high || signature.S >= Signature.GroupOrder) continue;
            Signature low = signature with { S = Signature.GroupOrder - signature.S };
            Assert.True(valid == Secp256k1.Verify(digest, low, key), name + " with low s");
        }

        Assert.True(seen > 200);
    }

    private static byte[] Digest(string hash, byte[] message) => hash switch
    {
        "SHA256" => SHA256.HashData(message),
        "SHA512" => SHA512.HashData(message),
        "SHAKE128" => Shake128.HashData(message, 32),
        _ => Shake256.HashData(message, 64),
    };

    [Fact]
    public void Key_agreement_matches_and_bad_points_are_refused()
    {
        int agreed = 0;
        int refused = 0;
        foreach ((_, JsonElement test) in Cases("ecdh_secp256k1_test.json"))
        {
            byte[] encoded = test.Bytes("public");
            if (encoded.Length != SpkiPrefix.Length + 65 || !encoded.AsSpan().StartsWith(SpkiPrefix)) continue;
            string name = test.GetProperty("tcId").ToString();
            byte[] point = encoded[SpkiPrefix.Length..];
            bool parsed = PublicKey.TryFromBytes(point, out PublicKey key);
            if (test.Text("result") == "invalid")
            {
                Assert.False(parsed, name);
                refused++;
                continue;
            }

            if (!parsed && test.Text("result") == "acceptable") continue;
            Assert.True(parsed, name);
            UInt256 secret = UInt256.FromBigEndian(test.Bytes("private").SkipWhile(b => b == 0).ToArray());
            Assert.True(PrivateKey.TryFromBytes(secret.ToBigEndian(), out PrivateKey? privateKey), name);
            Assert.True(Scalar.TryFromBytes32(secret.ToBigEndian(), out Scalar scalar), name);
            Point product = key.ToPoint().Multiply(scalar);
            Assert.Equal(product, key.ToPoint().MultiplyPublic(scalar));
            Assert.Equal(test.Bytes("shared"), product.ToCompressed()[1..]);
            Assert.Equal(SHA256.HashData(product.ToCompressed()), Secp256k1.Ecdh(privateKey, key));
            privateKey.Dispose();
            agreed++;
        }

        Assert.True(agreed > 400 && refused > 10, $"{agreed} agreed, {refused} refused.");
    }

    [Fact]
    public void The_platforms_Hkdf_matches()
    {
        foreach ((_, JsonElement test) in Cases("hkdf_sha256_test.json"))
        {
            if (test.Text("result") != "valid") continue;
            byte[] okm = HKDF.DeriveKey(
                HashAlgorithmName.SHA256, test.Bytes("ikm"), test.GetProperty("size").GetInt32(), test.Bytes("salt"), test.Bytes("info"));
            Assert.Equal(test.Bytes("okm"), okm);
        }
    }

    [Fact]
    public void The_platforms_Hmac_gives_exactly_the_valid_tags()
    {
        foreach ((JsonElement group, JsonElement test) in Cases("hmac_sha256_test.json"))
        {
            byte[] tag = HMACSHA256.HashData(test.Bytes("key"), test.Bytes("msg"))[..(group.GetProperty("tagSize").GetInt32() / 8)];
            Assert.True(
                (test.Text("result") == "valid") == tag.AsSpan().SequenceEqual(test.Bytes("tag")),
                test.GetProperty("tcId").ToString());
        }
    }

    [Fact]
    public void The_platforms_AesGcm_opens_exactly_the_valid_cases()
    {
        foreach ((JsonElement group, JsonElement test) in Cases("aes_gcm_test.json"))
        {
            if (group.GetProperty("ivSize").GetInt32() != 96 || group.GetProperty("keySize").GetInt32() != 256) continue;
            using var aes = new AesGcm(test.Bytes("key"), 16);
            byte[] plain = new byte[test.Bytes("ct").Length];
            bool opened = true;
            try
            {
                aes.Decrypt(test.Bytes("iv"), test.Bytes("ct"), test.Bytes("tag"), plain, test.Bytes("aad"));
            }
            catch (AuthenticationTagMismatchException)
            {
                opened = false;
            }

            Assert.True(opened == (test.Text("result") == "valid"), test.GetProperty("tcId").ToString());
            if (opened) Assert.Equal(test.Bytes("msg"), plain);
        }
    }
}
