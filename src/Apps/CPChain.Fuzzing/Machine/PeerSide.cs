using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.EvmTools.Benchmarks;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>A block of cases as the peer runs it.</summary>
/// <param name="Outcomes">One for each case, as the cases were given.</param>
/// <param name="Order">Places of the included cases in the order of the block.</param>
/// <param name="Accounts">All accounts after the block; the root that the peer names counts cleared slots and touched accounts too.</param>
/// <param name="ParentHash">Hash of block 0.</param>
public sealed record PeerBlock(
    IReadOnlyList<CaseOutcome> Outcomes, IReadOnlyList<int> Order, ImmutableArray<GenesisAccount> Accounts, Hash256 ParentHash);

/// <summary>anvil, which mines a block of cases in a handful of requests: state, transactions, block, receipts, output.</summary>
public sealed class PeerSide : IAsyncDisposable
{
    private readonly AnvilProcess _anvil;
    private string _genesis = "";

    private PeerSide(AnvilProcess anvil) => _anvil = anvil;

    /// <summary>Accounts that the peer always has.</summary>
    public IReadOnlyList<GenesisAccount> Own { get; private set; } = [];

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime => _anvil.ProcessorTime;

    /// <summary>Its name and version, and its rule set.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Starts the peer under the newest rules, which both sides know.</summary>
    /// <exception cref="IOException">It does not start, or does not have these rules.</exception>
    public static async Task<PeerSide> StartAsync(string program, CancellationToken cancel)
    {
        AnvilProcess anvil = await AnvilProcess.StartAsync(
            program,
            [
                "--hardfork", "osaka", "--no-mining", "--order", "fifo", "--accounts", "1", "--disable-default-create2-deployer",
                "--disable-console-log", "--enable-tx-gas-limit", "--no-request-size-limit", "--timestamp", Text(CommonState.GenesisTimestamp),
                "--gas-limit", Text(CommonState.GasLimit), "--base-fee", Text(CommonState.BaseFee),
            ],
            cancel);
        PeerSide peer = new(anvil);
        try
        {
            await peer.BeginAsync(cancel);
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }

        return peer;
    }

    /// <summary>Mines the cases as block 1 of a new chain.</summary>
    /// <exception cref="IOException">The peer does not answer as it should.</exception>
    public async Task<PeerBlock> RunAsync(IReadOnlyList<MachineCase> cases, CancellationToken cancel)
    {
        await AskAsync([("anvil_dropAllTransactions", []), ("evm_revert", [_genesis])], cancel);
        _genesis = await SnapshotAsync(cancel);
        string state = "0x" + Convert.ToHexStringLower(Pack([.. CommonState.Accounts, .. cases.SelectMany(static one => one.Accounts)]));
        await AskAsync(
            [
                ("anvil_loadState", [state]),
                ("anvil_setCoinbase", [CommonState.Coinbase.ToString()]),
                ("anvil_setNextBlockBaseFeePerGas", ["0x" + CommonState.BaseFee.ToString("x", CultureInfo.InvariantCulture)]),
                ("evm_setNextBlockTimestamp", ["0x" + CommonState.Timestamp.ToString("x", CultureInfo.InvariantCulture)]),
            ],
            cancel);
        using (JsonDocument sent = await PostAsync(
            cases.Select(static one => ("eth_sendRawTransaction", (object[])[Hex.Encode(one.Encoded.Span)])), cancel))
        {
            // Refusals show as absence from the block.
        }

        await AskAsync([("evm_mine", [])], cancel);
        using JsonDocument mined = await PostAsync(
            [("eth_getBlockByNumber", ["0x1", false]), ("eth_getBlockReceipts", ["0x1"])], cancel);
        JsonElement[] answers = Ordered(mined);
        return await ReadAsync(cases, answers[0], answers[1], cancel);
    }

    /// <summary>All accounts after the last block.</summary>
    private async Task<ImmutableArray<GenesisAccount>> DumpAsync(CancellationToken cancel)
    {
        using JsonDocument answer = await PostAsync([("anvil_dumpState", [])], cancel);
        byte[] packed = Hex.Decode(Ordered(answer)[0].GetString());
        using GZipStream unpacked = new(new MemoryStream(packed), CompressionMode.Decompress);
        using JsonDocument state = await JsonDocument.ParseAsync(unpacked, default, cancel);
        return [.. state.RootElement.GetProperty("accounts").EnumerateObject().Select(ReadAccount)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _anvil.DisposeAsync();

    private async Task BeginAsync(CancellationToken cancel)
    {
        await AskAsync([("anvil_reset", [])], cancel);
        using JsonDocument info = await PostAsync([("anvil_nodeInfo", []), ("web3_clientVersion", [])], cancel);
        JsonElement[] answers = Ordered(info);
        string? fork = answers[0].GetProperty("hardFork").GetString();
        if (!string.Equals(fork, "osaka", StringComparison.OrdinalIgnoreCase)) throw new IOException($"the peer runs {fork}, not Osaka");
        Version = $"{answers[1].GetString()}, {fork}";
        _genesis = await SnapshotAsync(cancel);
        Own = [.. (await DumpAsync(cancel)).Where(static account => !IsEmpty(account))];
    }

    /// <summary>A snapshot can be returned to once; making a new chain instead costs the peer many times as much.</summary>
    private async Task<string> SnapshotAsync(CancellationToken cancel)
    {
        using JsonDocument answer = await PostAsync([("evm_snapshot", [])], cancel);
        return Ordered(answer)[0].GetString()!;
    }

    private async Task<PeerBlock> ReadAsync(
        IReadOnlyList<MachineCase> cases, JsonElement block, JsonElement receipts, CancellationToken cancel)
    {
        CaseOutcome[] outcomes = new CaseOutcome[cases.Count];
        Array.Fill(outcomes, CaseOutcome.Refused);
        Dictionary<string, int> places = [];
        for (int index = 0; index < cases.Count; index++)
            places[Keccak256.Hash(cases[index].Encoded.Span).ToString()] = index;
        List<int> order = [];
        foreach (JsonElement receipt in receipts.EnumerateArray())
        {
            int place = places[receipt.GetProperty("transactionHash").GetString()!];
            order.Add(place);
            outcomes[place] = new CaseOutcome(
                true,
                receipt.GetProperty("status").GetString() == "0x1",
                Number(receipt.GetProperty("gasUsed")),
                default,
                [.. receipt.GetProperty("logs").EnumerateArray().Select(ReadLog)]);
        }

        // Traces of the call kind would run the block again for each transaction; these were kept when it was mined.
        IEnumerable<(string, object[])> traces = receipts.EnumerateArray().Select(static receipt =>
            ("trace_transaction", (object[])[receipt.GetProperty("transactionHash").GetString()!]));
        if (order.Count > 0)
        {
            using JsonDocument traced = await PostAsync(traces, cancel);
            JsonElement[] calls = Ordered(traced);
            for (int index = 0; index < calls.Length; index++)
            {
                JsonElement outermost = calls[index][0];
                byte[] output = IsRevertedCreation(outermost)
                    ? await ReasonAsync(outermost.GetProperty("transactionHash").GetString()!, cancel) : OutputOf(outermost);
                outcomes[order[index]] = outcomes[order[index]] with { Output = output };
            }
        }

        return new PeerBlock(
            outcomes, order, await DumpAsync(cancel),
            Hash256.Parse(block.GetProperty("parentHash").GetString()));
    }

    private static byte[] OutputOf(JsonElement outermost) =>
        outermost.TryGetProperty("result", out JsonElement result) && result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("output", out JsonElement output) ? Hex.Decode(output.GetString()) : [];

    private static bool IsRevertedCreation(JsonElement outermost) =>
        outermost.GetProperty("type").GetString() == "create"
        && outermost.TryGetProperty("error", out JsonElement error) && error.GetString() == "Reverted";

    /// <summary>The kept trace of a creation has no place for the reason of its revert.</summary>
    private async Task<byte[]> ReasonAsync(string transaction, CancellationToken cancel)
    {
        using JsonDocument answer = await PostAsync([("debug_traceTransaction", [transaction, TopCall.Instance])], cancel);
        return Ordered(answer)[0].TryGetProperty("output", out JsonElement output) ? Hex.Decode(output.GetString()) : [];
    }

    private static LogEntry ReadLog(JsonElement log) => new(
        Address.Parse(log.GetProperty("address").GetString()),
        [.. log.GetProperty("topics").EnumerateArray().Select(static topic => Hash256.Parse(topic.GetString()))],
        Hex.Decode(log.GetProperty("data").GetString()));

    private static GenesisAccount ReadAccount(JsonProperty account) => new(
        Address.Parse(account.Name),
        Word(account.Value.GetProperty("balance")),
        account.Value.GetProperty("nonce").GetUInt64(),
        Hex.Decode(account.Value.GetProperty("code").GetString()),
        [
            .. account.Value.GetProperty("storage").EnumerateObject()
                .Select(static slot => KeyValuePair.Create(UInt256.FromBigEndian(Hex.Decode(slot.Name)), Word(slot.Value)))
                .Where(static slot => !slot.Value.IsZero),
        ]);

    internal static bool IsEmpty(GenesisAccount account) => account.Nonce == 0 && account.Balance.IsZero && account.Code.IsEmpty;

    private static UInt256 Word(JsonElement quantity) => UInt256.Parse(quantity.GetString());

    private static ulong Number(JsonElement quantity) => Word(quantity).U0;

    private static byte[] Pack(IEnumerable<GenesisAccount> accounts)
    {
        using MemoryStream packed = new();
        using (GZipStream pack = new(packed, CompressionLevel.Fastest))
        using (Utf8JsonWriter json = new(pack))
        {
            json.WriteStartObject();
            json.WriteNull("block");
            json.WriteStartObject("accounts");
            foreach (GenesisAccount account in accounts)
            {
                json.WriteStartObject(account.Address.ToString());
                json.WriteNumber("nonce", account.Nonce);
                json.WriteString("balance", account.Balance.ToHexQuantity());
                json.WriteString("code", Hex.Encode(account.Code.Span));
                json.WriteStartObject("storage");
                foreach ((UInt256 slot, UInt256 value) in account.Storage)
                    json.WriteString(Hex.Encode(slot.ToBigEndian()), Hex.Encode(value.ToBigEndian()));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteNull("best_block_number");
            json.WriteStartArray("blocks");
            json.WriteEndArray();
            json.WriteStartArray("transactions");
            json.WriteEndArray();
            json.WriteNull("historical_states");
            json.WriteEndObject();
        }

        return packed.ToArray();
    }

    /// <summary>Requests whose answers are not needed, but none may be an error.</summary>
    private async Task AskAsync((string Method, object[] Parameters)[] requests, CancellationToken cancel)
    {
        using JsonDocument answers = await PostAsync(requests, cancel);
        Ordered(answers);
    }

    private async Task<JsonDocument> PostAsync(IEnumerable<(string Method, object[] Parameters)> requests, CancellationToken cancel)
    {
        ArrayBufferWriter<byte> body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartArray();
            int id = 0;
            foreach ((string method, object[] parameters) in requests)
            {
                json.WriteStartObject();
                json.WriteString("jsonrpc", "2.0");
                json.WriteNumber("id", id++);
                json.WriteString("method", method);
                json.WriteStartArray("params");
                foreach (object parameter in parameters) Write(json, parameter);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        using ReadOnlyMemoryContent content = new(body.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return JsonDocument.Parse(await _anvil.PostAsync(content, cancel));
    }

    private static void Write(Utf8JsonWriter json, object parameter)
    {
        switch (parameter)
        {
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case TopCall:
                json.WriteStartObject();
                json.WriteString("tracer", "callTracer");
                json.WriteStartObject("tracerConfig");
                json.WriteBoolean("onlyTopCall", true);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            default: throw new ArgumentException("no parameter of this kind", nameof(parameter));
        }
    }

    /// <summary>Results by the number of the request.</summary>
    private static JsonElement[] Ordered(JsonDocument answers)
    {
        JsonElement[] ordered = new JsonElement[answers.RootElement.GetArrayLength()];
        foreach (JsonElement answer in answers.RootElement.EnumerateArray())
        {
            if (answer.TryGetProperty("error", out JsonElement error)) throw new IOException($"the peer refuses: {error.GetRawText()}");
            ordered[answer.GetProperty("id").GetInt32()] = answer.GetProperty("result");
        }

        return ordered;
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Asks a trace for the outermost call alone.</summary>
    private sealed class TopCall
    {
        internal static readonly TopCall Instance = new();
    }
}
