using System.Text.Json;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.EvmTools.StateTests;

/// <summary>The cases of one file in the format of GeneralStateTests.</summary>
public static class StateTestFile
{
    /// <summary>Every case: one to run, or one that cannot run and why.</summary>
    /// <param name="file">Name for the cases.</param>
    /// <param name="json">The content.</param>
    /// <param name="fork">The only fork wanted, or null.</param>
    /// <exception cref="FormatException">The content is not what the format says.</exception>
    public static IEnumerable<(StateTestCase? Case, SkippedCase? Skipped)> Read(string file, byte[] json, string? fork = null)
    {
        foreach ((string name, JsonElement test, JsonElement post, string forkName) in Entries(file, json, fork))
        {
            SkippedCase? skipped = WhyNot(name, forkName);
            yield return skipped is null ? (ReadCase(name, forkName, test, post), null) : (null, skipped);
        }
    }

    /// <summary>Names of the cases that cannot run, without reading the others.</summary>
    public static IEnumerable<SkippedCase> Skipped(string file, byte[] json, string? fork = null) =>
        Entries(file, json, fork).Select(static entry => WhyNot(entry.Name, entry.Fork)).OfType<SkippedCase>();

    private static SkippedCase? WhyNot(string name, string fork) => EvmRules.All.Any(known => known.Name == fork)
        ? null
        : new SkippedCase(name, $"the rule set {fork} is older than Homestead, the oldest one kept, or unknown");

    private static IEnumerable<(string Name, JsonElement Test, JsonElement Post, string Fork)> Entries(
        string file, byte[] json, string? wanted)
    {
        using JsonDocument document = Parse(file, json);
        foreach (JsonProperty test in document.RootElement.EnumerateObject())
        {
            if (test.Value.ValueKind != JsonValueKind.Object || !test.Value.TryGetProperty("post", out JsonElement posts)
                || !test.Value.TryGetProperty("transaction", out _)) continue;
            foreach (JsonProperty fork in posts.EnumerateObject())
            {
                if (wanted is not null && wanted != fork.Name) continue;
                int index = 0;
                foreach (JsonElement post in fork.Value.EnumerateArray())
                {
                    yield return ($"{file}:{test.Name}:{fork.Name}:{index++}", test.Value, post, fork.Name);
                }
            }
        }
    }

    private static JsonDocument Parse(string file, byte[] json)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document : throw new FormatException($"{file} is not an object of tests");
        }
        catch (JsonException broken)
        {
            throw new FormatException($"{file} is not JSON: {broken.Message}", broken);
        }
    }

    private static StateTestCase ReadCase(string name, string fork, JsonElement test, JsonElement post)
    {
        EvmRules rules = EvmRules.All.First(known => known.Name == fork);
        test.TryGetProperty("config", out JsonElement config);
        JsonElement transaction = test.GetProperty("transaction");
        BlobSchedule blobs = BlobSchedule.Of(rules, config);
        ulong chainId = config.ValueKind == JsonValueKind.Object ? (ulong)(config.WordOrNull("chainid") ?? 1UL) : 1;
        return new StateTestCase
        {
            Name = name,
            Rules = rules,
            ChainId = chainId,
            BlobsMax = blobs.TransactionMax,
            Block = ReadBlock(test.GetProperty("env"), rules, chainId, blobs),
            Pre = StateTestState.Read(test.GetProperty("pre")),
            Transaction = StateTestTransaction.Read(transaction, post.GetProperty("indexes"), chainId),
            Encoded = post.TryGetSet("txbytes", out JsonElement encoded) ? Hex.Decode(encoded.GetString()) : default,
            Sender = StateTestTransaction.Sender(transaction),
            MustFail = post.TryGetSet("expectException", out _),
            StateRoot = Hash256.Parse(post.GetProperty("hash").GetString()),
            LogsHash = Hash256.Parse(post.GetProperty("logs").GetString()),
        };
    }

    private static BlockContext ReadBlock(JsonElement env, EvmRules rules, ulong chainId, BlobSchedule blobs) => new()
    {
        Number = env.Small("currentNumber"),
        Timestamp = env.Small("currentTimestamp"),
        Coinbase = Address.Parse(env.GetProperty("currentCoinbase").GetString()),
        GasLimit = env.Small("currentGasLimit"),
        BaseFee = rules.HasBaseFee ? env.WordOrNull("currentBaseFee") ?? UInt256.Zero : UInt256.Zero,
        PrevRandao = Hash256.FromUInt256(
            env.WordOrNull(rules.HasPrevRandao ? "currentRandom" : "currentDifficulty") ?? UInt256.Zero),
        ChainId = chainId,
        BlobBaseFee = blobs.BaseFee(env.WordOrNull("currentExcessBlobGas") ?? UInt256.Zero),
        GetBlockHash = StateTestJson.BlockHash,
    };
}
