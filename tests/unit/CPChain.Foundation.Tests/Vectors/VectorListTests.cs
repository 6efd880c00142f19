using System.Diagnostics;
using System.Formats.Tar;

namespace CPChain.Foundation.Tests.Vectors;

/// <summary>
/// Every file of the public vectors is run by a test or has a reason why it is not. A file that comes with newer vectors fails here until
/// somebody has decided.
/// </summary>
public sealed class VectorListTests(ITestOutputHelper output)
{
    private const string NotShipped = "not run: the product has no ";

    private static readonly Dictionary<string, string> Wycheproof = new()
    {
        ["aes_gcm_test.json"] = "WycheproofTests: keys of 256 and nonces of 96 bits, which are all that the product uses; "
            + NotShipped + "other sizes",
        ["ecdh_secp256k1_test.json"] = "WycheproofTests: uncompressed keys in the usual envelope; " + NotShipped + "other encodings of keys",
        ["ecdsa_secp256k1_sha256_bitcoin_test.json"] = "WycheproofDerTests",
        ["ecdsa_secp256k1_sha256_test.json"] = "WycheproofDerTests",
        ["ecdsa_secp256k1_sha3_256_test.json"] = "WycheproofDerTests",
        ["ecdsa_secp256k1_sha3_512_test.json"] = "WycheproofDerTests",
        ["ecdsa_secp256k1_sha512_test.json"] = "WycheproofDerTests",
        ["ecdsa_secp256k1_shake128_test.json"] = "WycheproofDerTests",
        ["ecdsa_secp256k1_shake256_test.json"] = "WycheproofDerTests",
        ["ecdsa_secp256k1_sha256_p1363_test.json"] = "WycheproofTests",
        ["ecdsa_secp256k1_sha512_p1363_test.json"] = "WycheproofTests",
        ["ecdsa_secp256k1_shake128_p1363_test.json"] = "WycheproofTests",
        ["ecdsa_secp256k1_shake256_p1363_test.json"] = "WycheproofTests",
        ["hkdf_sha256_test.json"] = "WycheproofTests",
        ["hmac_sha256_test.json"] = "WycheproofTests",
        ["aes_gcm_siv_test.json"] = NotShipped + "AES-GCM-SIV",
        ["chacha20_poly1305_test.json"] = NotShipped + "ChaCha20-Poly1305",
        ["ed25519_test.json"] = NotShipped + "Ed25519",
        ["x25519_test.json"] = NotShipped + "X25519",
    };

    private static readonly Dictionary<string, string> Ethereum = new()
    {
        ["TrieTests/"] = "EthereumTrieTests (CPChain.Trie.Tests)",
        ["RLPTests/"] = "EthereumVectorTests",
        ["TransactionTests/"] = "EthereumTransactionTests (CPChain.Execution.Tests)",
        ["KeyStoreTests/"] = "KeystoreVectorTests (CPChain.Storage.Tests)",
        ["ABITests/"] = "AbiVectorTests (CPChain.Rpc.Tests)",
        ["BasicTests/keyaddrtest.json"] = "EthereumVectorTests; its signatures are over a digest that the file does not name",
        ["BasicTests/txtest.json"] = "EthereumVectorTests",
        ["BasicTests/genesishashestest.json"] = "EthereumVectorTests",
        ["BasicTests/hexencodetest.json"] = "EthereumTrieTests (CPChain.Trie.Tests)",
        ["BasicTests/crypto.json"] = NotShipped + "ECIES and no AES-CTR with keys of 256 bits",
    };

    [Fact]
    public void Every_file_of_wycheproof_is_run_or_has_a_reason() =>
        Check(Names("wycheproof/vectors.tar.xz").Select(static name => name[(name.LastIndexOf('/') + 1)..]), Wycheproof);

    [Fact]
    public void Every_file_of_the_basic_tests_is_run_or_has_a_reason() =>
        Check(Names("ethereum-tests/basic-tests.tar.xz"), Ethereum);

    private void Check(IEnumerable<string> names, Dictionary<string, string> known)
    {
        HashSet<string> seen = [];
        foreach (string name in names)
        {
            string key = known.Keys.FirstOrDefault(one => name == one || (one.EndsWith('/') && name.StartsWith(one, StringComparison.Ordinal)))
                ?? throw new Xunit.Sdk.XunitException($"nobody has decided about {name}");
            if (seen.Add(key)) output.WriteLine($"{key}: {known[key]}");
        }

        Assert.Equal(known.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    private static List<string> Names(string archive)
    {
        ProcessStartInfo start = new("xz", ["-dc", Path.Combine(PublicVectors.Folder, archive)]) { RedirectStandardOutput = true };
        using Process xz = Process.Start(start) ?? throw new InvalidOperationException("xz does not start.");
        using TarReader tar = new(xz.StandardOutput.BaseStream);
        List<string> names = [];
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name.EndsWith(".json", StringComparison.Ordinal)) names.Add(entry.Name);
        }

        xz.StandardOutput.BaseStream.CopyTo(Stream.Null);
        xz.WaitForExit();
        return names;
    }
}
