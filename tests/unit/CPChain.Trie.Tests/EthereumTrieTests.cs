using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Trie.Proofs;
using CPChain.Types;

namespace CPChain.Trie.Tests;

/// <summary>The TrieTests of ethereum-tests, every case of every file with a root.</summary>
public sealed class EthereumTrieTests
{
    [Theory]
    [InlineData("trietest.json", false, true)]
    [InlineData("trietest_secureTrie.json", true, true)]
    [InlineData("trieanyorder.json", false, false)]
    [InlineData("trieanyorder_secureTrie.json", true, false)]
    [InlineData("hex_encoded_securetrie_test.json", true, false)]
    public void T3_roots_equal_those_of_ethereum_tests(string file, bool secure, bool isOrdered)
    {
        using JsonDocument document = JsonDocument.Parse(ReadTest(file));
        int cases = 0;
        foreach (JsonProperty test in document.RootElement.EnumerateObject())
        {
            Hash256 expected = Hash256.Parse(test.Value.GetProperty("root").GetString()!);
            List<TrieUpdate> updates = Updates(test.Value.GetProperty("in"), isOrdered, secure);
            Check(test.Name, updates, expected);
            if (!isOrdered)
            {
                updates.Reverse();
                Check(test.Name, updates, expected);
            }

            cases++;
        }

        Assert.True(cases > 0);
    }

    [Fact]
    public void T3_the_next_and_previous_keys_file_builds_one_trie_in_any_order()
    {
        using JsonDocument document = JsonDocument.Parse(ReadTest("trietestnextprev.json"));
        foreach (JsonProperty test in document.RootElement.EnumerateObject())
        {
            List<TrieUpdate> updates = [.. test.Value.GetProperty("in").EnumerateArray().Select(
                static k => new TrieUpdate(Bytes(k.GetString()!), new byte[] { 1 }))];
            Hash256 expected = TrieRoot.OfEntries(updates.Select(
                static u => new KeyValuePair<byte[], byte[]>(u.Key.ToArray(), u.Value!.Value.ToArray())));
            Check(test.Name, updates, expected);
        }
    }

    [Fact]
    public void Paths_of_nibbles_are_packed_as_the_basic_tests_say()
    {
        using JsonDocument document = JsonDocument.Parse(Read("BasicTests/hexencodetest.json"));
        foreach (JsonProperty test in document.RootElement.EnumerateObject())
        {
            byte[] path = [.. test.Value.GetProperty("seq").EnumerateArray().Select(static nibble => nibble.GetByte())];
            bool isLeaf = test.Value.GetProperty("term").GetBoolean();
            byte[] expected = Convert.FromHexString(test.Value.GetProperty("out").GetString()!);
            byte[] packed = new byte[64];
            Assert.Equal(expected, packed[..Nibbles.WriteCompact(path, isLeaf, packed)]);
            Assert.True(Nibbles.TryReadCompact(expected, out byte[] read, out bool readLeaf), test.Name);
            Assert.Equal(path, read);
            Assert.Equal(isLeaf, readLeaf);
        }
    }

    private static void Check(string name, List<TrieUpdate> updates, in Hash256 expected)
    {
        (Hash256 atOnce, _) = MerkleTrie.Apply(EmptyNodeSource.Instance, TrieOwner.Accounts, Account.EmptyTrieRoot, updates);
        Assert.True(expected == atOnce, name);

        MemoryNodeSource source = new();
        Hash256 root = Account.EmptyTrieRoot;
        SortedDictionary<string, byte[]> model = new(StringComparer.Ordinal);
        foreach (TrieUpdate update in updates)
        {
            (root, TrieChanges changes) = MerkleTrie.Apply(source, TrieOwner.Accounts, root, [update]);
            source.Write(changes);
            model[Convert.ToHexString(update.Key.Span)] = update.Value?.ToArray() ?? [];
        }

        Assert.True(expected == root, name);
        Assert.Equal(expected, TrieRoot.OfEntries(
            model.Select(static p => new KeyValuePair<byte[], byte[]>(Convert.FromHexString(p.Key), p.Value))));
        foreach ((string key, byte[] value) in model)
        {
            byte[] bytes = Convert.FromHexString(key);
            ProofVerdict verdict = TrieProof.Verify(
                root, bytes, TrieProof.Of(source, TrieOwner.Accounts, root, bytes), out ReadOnlyMemory<byte> proven);
            Assert.Equal(value.Length == 0 ? ProofVerdict.Absent : ProofVerdict.Present, verdict);
            Assert.Equal(value, proven.ToArray());
        }
    }

    private static List<TrieUpdate> Updates(JsonElement input, bool isOrdered, bool secure)
    {
        List<TrieUpdate> updates = [];
        if (isOrdered)
        {
            foreach (JsonElement pair in input.EnumerateArray())
            {
                updates.Add(Update(pair[0].GetString()!, pair[1].GetString(), secure));
            }
        }
        else
        {
            foreach (JsonProperty pair in input.EnumerateObject())
            {
                updates.Add(Update(pair.Name, pair.Value.GetString(), secure));
            }
        }

        return updates;
    }

    private static TrieUpdate Update(string key, string? value, bool secure)
    {
        byte[] bytes = Bytes(key);
        return new TrieUpdate(secure ? Keccak256.Hash(bytes).ToArray() : bytes, value is null ? null : Bytes(value));
    }

    private static byte[] Bytes(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) ? Convert.FromHexString(text[2..]) : Encoding.UTF8.GetBytes(text);

    private static string ReadTest(string file) => Read($"TrieTests/{file}");

    private static string Read(string entry)
    {
        string? data = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "CPCHAIN_DATA is not set: the TrieTests of ethereum-tests are not there");
        string archive = Path.Combine(data!, "ethereum-tests", "basic-tests.tar.xz");
        ProcessStartInfo start = new("tar", ["-xJOf", archive, entry]) { RedirectStandardOutput = true };
        using Process tar = Process.Start(start)!;
        string text = tar.StandardOutput.ReadToEnd();
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
        return text;
    }
}
