using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Types;

namespace CPChain.Storage.Tests.Keystore;

public sealed class KeystoreDocumentTests
{
    private static readonly ScryptCost Cheap = new(2, 1, 1);

    private static byte[] Changed(Action<JsonNode> change)
    {
        using PrivateKey key = PrivateKey.Generate(RandomNumberGenerator.Fill);
        JsonNode json = JsonNode.Parse(KeystoreDocument.Encrypt(key, "secret", Cheap, RandomNumberGenerator.Fill))!;
        change(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    [Fact]
    public void A_key_reads_back_and_names_its_address()
    {
        using PrivateKey key = PrivateKey.Generate(RandomNumberGenerator.Fill);
        byte[] document = KeystoreDocument.Encrypt(key, "pässword", ScryptCost.Development, RandomNumberGenerator.Fill);
        Assert.True(KeystoreDocument.TryReadAddress(document, out Address address));
        Assert.Equal(key.Address, address);
        Assert.Equal(KeystoreFault.None, KeystoreDocument.TryDecryptKey(document, "pässword", out PrivateKey? read));
        Assert.Equal(key.Address, read!.Address);
        byte[] secret = new byte[32];
        read.CopyTo(secret);
        Assert.DoesNotContain(Convert.ToHexStringLower(secret), Encoding.UTF8.GetString(document));
        read.Dispose();
    }

    [Fact]
    public void The_same_key_is_never_stored_alike_twice()
    {
        using PrivateKey key = PrivateKey.Generate(RandomNumberGenerator.Fill);
        byte[] first = KeystoreDocument.Encrypt(key, "p", Cheap, RandomNumberGenerator.Fill);
        byte[] second = KeystoreDocument.Encrypt(key, "p", Cheap, RandomNumberGenerator.Fill);
        Assert.NotEqual(
            JsonNode.Parse(first)!["crypto"]!["ciphertext"]!.ToString(),
            JsonNode.Parse(second)!["crypto"]!["ciphertext"]!.ToString());
    }

    [Fact]
    public void Damage_and_hostile_costs_are_refused_before_any_work()
    {
        (Action<JsonNode> Change, KeystoreFault Fault)[] cases =
        [
            (j => j["version"] = 4, KeystoreFault.UnknownVersion),
            (j => j["version"] = "3", KeystoreFault.Malformed),
            (j => j.AsObject().Remove("crypto"), KeystoreFault.Malformed),
            (j => j["address"] = "12", KeystoreFault.Malformed),
            (j => j["address"] = new string('0', 40), KeystoreFault.WrongKey),
            (j => j["crypto"]!["cipher"] = "aes-256-cbc", KeystoreFault.Unsupported),
            (j => j["crypto"]!["kdf"] = "argon2", KeystoreFault.Unsupported),
            (j => j["crypto"]!["mac"] = "00", KeystoreFault.Malformed),
            (j => j["crypto"]!["mac"] = new string('0', 64), KeystoreFault.WrongPassphrase),
            (j => j["crypto"]!["cipherparams"]!["iv"] = 7, KeystoreFault.Malformed),
            (j => j["crypto"]!["cipherparams"] = 7, KeystoreFault.Malformed),
            (j => j["crypto"]!["kdfparams"]!["n"] = 3, KeystoreFault.TooExpensive),
            (j => j["crypto"]!["kdfparams"]!["n"] = 1UL << 40, KeystoreFault.TooExpensive),
            (j => j["crypto"]!["kdfparams"]!["r"] = ulong.MaxValue, KeystoreFault.TooExpensive),
            (j => j["crypto"]!["kdfparams"]!["p"] = 0, KeystoreFault.TooExpensive),
            (j => j["crypto"]!["kdfparams"]!["dklen"] = 64, KeystoreFault.Unsupported),
        ];
        foreach ((Action<JsonNode> change, KeystoreFault fault) in cases)
        {
            Assert.Equal(fault, KeystoreDocument.TryDecryptKey(Changed(change), "secret", out PrivateKey? key));
            Assert.Null(key);
        }
    }

    [Fact]
    public void Any_bytes_are_refused_without_an_exception()
    {
        byte[] document = Changed(_ => { });
        for (int length = 0; length < document.Length; length++)
            Assert.NotEqual(KeystoreFault.None, KeystoreDocument.TryDecrypt(document.AsSpan(0, length), "secret", out _));
        foreach (string text in new[] { "", "[]", "null", "3", "{", "{}", "{\"version\":3,\"crypto\":[]}", "\ud800", "{}{}" })
            Assert.NotEqual(KeystoreFault.None, KeystoreDocument.TryDecrypt(Encoding.UTF8.GetBytes(text), "secret", out _));
        Assert.Equal(KeystoreFault.Malformed, KeystoreDocument.TryDecrypt(new byte[100_000], "secret", out _));
    }
}
