using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Conformance;

/// <summary>One transaction of a GeneralStateTests file under one fork, and what must come of it.</summary>
/// <param name="Name">File, test, fork and index.</param>
/// <param name="Rules">Rule set of the fork.</param>
/// <param name="Block">The block it runs in.</param>
/// <param name="Pre">State before.</param>
/// <param name="Transaction">What the sender asks for; null where this chain has no such transaction.</param>
/// <param name="Encoded">The signed transaction.</param>
/// <param name="Sender">Who signed it.</param>
/// <param name="MustFail">Whether it must be refused.</param>
/// <param name="StateRoot">Root of the state after it.</param>
/// <param name="LogsHash">Keccak-256 of the RLP of its logs.</param>
public sealed record StateTestCase(
    string Name,
    EvmRules Rules,
    BlockContext Block,
    ImmutableArray<GenesisAccount> Pre,
    UnsignedTransaction? Transaction,
    ReadOnlyMemory<byte> Encoded,
    Address Sender,
    bool MustFail,
    Hash256 StateRoot,
    Hash256 LogsHash)
{
    /// <summary>The cases of one file, of the forks that <see cref="EvmRules"/> knows.</summary>
    public static IEnumerable<StateTestCase> Read(string file, byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        foreach (JsonProperty test in document.RootElement.EnumerateObject())
        {
            ImmutableArray<GenesisAccount> pre = ReadState(test.Value.GetProperty("pre"));
            foreach (JsonProperty fork in test.Value.GetProperty("post").EnumerateObject())
            {
                EvmRules? rules = EvmRules.All.FirstOrDefault(known => known.Name == fork.Name);
                if (rules is null) continue;
                int index = 0;
                foreach (JsonElement post in fork.Value.EnumerateArray())
                {
                    string name = $"{file}:{test.Name}:{fork.Name}:{index++}";
                    yield return ReadCase(name, rules, test.Value, pre, post);
                }
            }
        }
    }

    private static StateTestCase ReadCase(
        string name, EvmRules rules, JsonElement test, ImmutableArray<GenesisAccount> pre, JsonElement post)
    {
        JsonElement transaction = test.GetProperty("transaction");
        return new StateTestCase(
            name,
            rules,
            ReadBlock(test.GetProperty("env"), rules),
            pre,
            ReadTransaction(transaction, post.GetProperty("indexes")),
            Hex.Decode(post.GetProperty("txbytes").GetString()),
            Address.Parse(transaction.GetProperty("sender").GetString()),
            post.TryGetProperty("expectException", out _),
            Hash256.Parse(post.GetProperty("hash").GetString()),
            Hash256.Parse(post.GetProperty("logs").GetString()));
    }

    private static BlockContext ReadBlock(JsonElement env, EvmRules rules) => new()
    {
        Number = Small(env, "currentNumber"),
        Timestamp = Small(env, "currentTimestamp"),
        Coinbase = Address.Parse(env.GetProperty("currentCoinbase").GetString()),
        GasLimit = Small(env, "currentGasLimit"),
        BaseFee = rules.HasBaseFee && env.TryGetProperty("currentBaseFee", out JsonElement fee) ? Word(fee) : UInt256.Zero,
        PrevRandao = Hash256.FromUInt256(
            env.TryGetProperty(rules.HasPrevRandao ? "currentRandom" : "currentDifficulty", out JsonElement random)
                ? Word(random)
                : UInt256.Zero),
        ChainId = 1,
        GetBlockHash = static number =>
            Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(
                number.ToString(System.Globalization.CultureInfo.InvariantCulture))),
    };

    private static UnsignedTransaction? ReadTransaction(JsonElement json, JsonElement indexes)
    {
        if (json.TryGetProperty("blobVersionedHashes", out _)) return null;
        int data = indexes.GetProperty("data").GetInt32();
        JsonElement list = default;
        bool hasList = json.TryGetProperty("accessLists", out JsonElement lists)
            && (list = lists[data]).ValueKind == JsonValueKind.Array;
        bool hasFees = json.TryGetProperty("maxFeePerGas", out JsonElement maxFee);
        UInt256 feeCap = Word(hasFees ? maxFee : json.GetProperty("gasPrice"));
        string to = json.GetProperty("to").GetString()!;
        UInt256 gasLimit = Word(json.GetProperty("gasLimit")[indexes.GetProperty("gas").GetInt32()]);
        string value = json.GetProperty("value")[indexes.GetProperty("value").GetInt32()].GetString()!;
        UInt256 nonce = Word(json.GetProperty("nonce"));
        if (!gasLimit.FitsUlong || !nonce.FitsUlong || !TryWord(value, out UInt256 amount)) return null;
        return new UnsignedTransaction
        {
            Type = hasFees ? TxType.FeeMarket : hasList ? TxType.AccessList : TxType.Legacy,
            ChainId = 1,
            Nonce = (ulong)nonce,
            MaxFeePerGas = feeCap,
            MaxPriorityFeePerGas = hasFees ? Word(json.GetProperty("maxPriorityFeePerGas")) : feeCap,
            GasLimit = (ulong)gasLimit,
            To = to is "" or "0x" ? null : Address.Parse(to),
            Value = amount,
            Data = Hex.Decode(json.GetProperty("data")[data].GetString()),
            AccessList = hasList ? ReadAccessList(list) : [],
        };
    }

    private static ImmutableArray<AccessListEntry> ReadAccessList(JsonElement list) =>
    [
        .. list.EnumerateArray().Select(static entry => new AccessListEntry(
            Address.Parse(entry.GetProperty("address").GetString()),
            [.. entry.GetProperty("storageKeys").EnumerateArray().Select(Word)])),
    ];

    private static ImmutableArray<GenesisAccount> ReadState(JsonElement state) =>
    [
        .. state.EnumerateObject().Select(static account => new GenesisAccount(
            Address.Parse(account.Name),
            Word(account.Value.GetProperty("balance")),
            Small(account.Value, "nonce"),
            Hex.Decode(account.Value.GetProperty("code").GetString()),
            [.. account.Value.GetProperty("storage").EnumerateObject()
                .Select(static slot => KeyValuePair.Create(Word(slot.Name), Word(slot.Value)))])),
    ];

    private static ulong Small(JsonElement parent, string name) => (ulong)Word(parent.GetProperty(name));

    private static UInt256 Word(JsonElement element) => Word(element.GetString()!);

    /// <summary>Hexadecimal digits of any number, also an odd or too large one written with a prefix of the tests.</summary>
    private static UInt256 Word(string text) =>
        TryWord(text, out UInt256 word) ? word : throw new FormatException($"{text} exceeds 256 bits");

    private static bool TryWord(string text, out UInt256 word)
    {
        string digits = text.Replace("0x:bigint ", "", StringComparison.Ordinal);
        digits = digits.StartsWith("0x", StringComparison.Ordinal) ? digits[2..] : digits;
        digits = digits.TrimStart('0');
        word = default;
        if (digits.Length > 64) return false;
        word = UInt256.FromBigEndian(Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits));
        return true;
    }
}
