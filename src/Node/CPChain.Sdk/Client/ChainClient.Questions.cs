using System.Text.Json;
using System.Text.Json.Nodes;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>The questions that applications ask.</summary>
public sealed partial class ChainClient
{
    /// <summary>The chain id, asked once.</summary>
    public async Task<ulong> GetChainIdAsync(CancellationToken cancel = default)
    {
        ulong known = Volatile.Read(ref _chainId);
        if (known != 0) return known;
        ulong id = new AnswerReader("eth_chainId").Ulong(await AskAsync("eth_chainId", [], cancel).ConfigureAwait(false));
        Volatile.Write(ref _chainId, id);
        return id;
    }

    /// <summary>The number of the newest final block.</summary>
    public Task<ulong> GetBlockNumberAsync(CancellationToken cancel = default) =>
        AskAsync("eth_blockNumber", [], static (r, e) => r.Ulong(e), cancel);

    public Task<UInt256> GetBalanceAsync(Address address, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("eth_getBalance", [address.ToString(), block.ToString()], static (r, e) => r.Quantity(e), cancel);

    /// <summary>How many transactions the account has made; with <see cref="BlockTag.Pending"/> also those in the pool.</summary>
    public Task<ulong> GetTransactionCountAsync(Address address, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("eth_getTransactionCount", [address.ToString(), block.ToString()], static (r, e) => r.Ulong(e), cancel);

    public Task<byte[]> GetCodeAsync(Address address, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("eth_getCode", [address.ToString(), block.ToString()], static (r, e) => r.Bytes(e), cancel);

    /// <summary>The block, or null when there is none yet.</summary>
    public Task<BlockInfo?> GetBlockAsync(BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("eth_getBlockByNumber", [block.ToString(), false], static (r, e) => IsNull(e) ? null : r.Block(e), cancel);

    /// <summary>The block, or null when none has this hash.</summary>
    public Task<BlockInfo?> GetBlockAsync(Hash256 hash, CancellationToken cancel = default) =>
        AskAsync("eth_getBlockByHash", [hash.ToString(), false], static (r, e) => IsNull(e) ? null : r.Block(e), cancel);

    /// <summary>The transaction in a block or in the pool, or null.</summary>
    public Task<TransactionInfo?> GetTransactionAsync(Hash256 hash, CancellationToken cancel = default) =>
        AskAsync("eth_getTransactionByHash", [hash.ToString()], static (r, e) => IsNull(e) ? null : r.Transaction(e), cancel);

    /// <summary>The receipt, or null while the transaction is in no block.</summary>
    public Task<ReceiptInfo?> GetReceiptAsync(Hash256 hash, CancellationToken cancel = default) =>
        AskAsync("eth_getTransactionReceipt", [hash.ToString()], static (r, e) => IsNull(e) ? null : r.Receipt(e), cancel);

    /// <summary>What the call returns; a revert is an <see cref="RpcException"/> with code 3 and its data.</summary>
    public Task<byte[]> CallAsync(CallRequest call, BlockTag block = default, CancellationToken cancel = default) =>
        AskAsync("eth_call", [ToJson(call), block.ToString()], static (r, e) => r.Bytes(e), cancel);

    /// <summary>Gas that the call needs at the newest block.</summary>
    public Task<ulong> EstimateGasAsync(CallRequest call, CancellationToken cancel = default) =>
        AskAsync("eth_estimateGas", [ToJson(call)], static (r, e) => r.Ulong(e), cancel);

    /// <summary>Hands in a signed transaction. When its hash comes back the node keeps it through a restart.</summary>
    public Task<Hash256> SendRawTransactionAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancel = default) =>
        AskAsync("eth_sendRawTransaction", [Hex.Encode(encoded.Span)], static (r, e) => r.Hash(e), cancel);

    public Task<IReadOnlyList<LogInfo>> GetLogsAsync(LogQuery query, CancellationToken cancel = default)
    {
        JsonObject filter = new() { ["fromBlock"] = query.From.ToString(), ["toBlock"] = query.To.ToString() };
        if (query.Addresses.Count > 0)
            filter["address"] = new JsonArray([.. query.Addresses.Select(a => JsonValue.Create(a.ToString()))]);
        if (query.Topics.Count > 0)
            filter["topics"] = new JsonArray([.. query.Topics.Select(AlternativesToJson)]);
        return AskAsync("eth_getLogs", [filter], static (r, e) => r.List(e, r.Log), cancel);
    }

    /// <summary>Twice the base fee and the usual tip: good for several full blocks in a row.</summary>
    public async Task<FeeSuggestion> SuggestFeesAsync(CancellationToken cancel = default)
    {
        IReadOnlyList<JsonElement> answers = await AskAllAsync(
            [("eth_getBlockByNumber", ["latest", false]), ("eth_maxPriorityFeePerGas", [])], cancel).ConfigureAwait(false);
        UInt256 baseFee = new AnswerReader("eth_getBlockByNumber").Block(answers[0]).BaseFeePerGas;
        UInt256 tip = new AnswerReader("eth_maxPriorityFeePerGas").Quantity(answers[1]);
        return new FeeSuggestion(baseFee * 2UL + tip, tip);
    }

    /// <summary>
    /// Waits until the transaction is in a block; all blocks are final. Also a failed transaction has a receipt. The wait
    /// outlives a restart of the node.
    /// </summary>
    /// <exception cref="ReceiptTimeoutException">It is in no block within <paramref name="timeout"/>.</exception>
    /// <exception cref="NodeUnreachableException">The node is away when the time is over.</exception>
    public async Task<ReceiptInfo> WaitForReceiptAsync(Hash256 hash, TimeSpan timeout, CancellationToken cancel = default)
    {
        long start = Options.Time.GetTimestamp();
        using PeriodicTimer timer = new(Options.PollInterval, Options.Time);
        while (true)
        {
            try
            {
                ReceiptInfo? receipt = await GetReceiptAsync(hash, cancel).ConfigureAwait(false);
                if (receipt is not null) return receipt;
                if (Options.Time.GetElapsedTime(start) > timeout) throw new ReceiptTimeoutException(hash, timeout);
            }
            catch (NodeUnreachableException) when (Options.Time.GetElapsedTime(start) <= timeout)
            {
                // The next look may find it back.
            }
            await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
        }
    }

    private async Task<T> AskAsync<T>(
        string method, JsonArray parameters, Func<AnswerReader, JsonElement, T> read, CancellationToken cancel) =>
        read(new AnswerReader(method), await AskAsync(method, parameters, cancel).ConfigureAwait(false));

    private static bool IsNull(JsonElement value) => value.ValueKind == JsonValueKind.Null;

    private static JsonObject ToJson(CallRequest call)
    {
        JsonObject json = new() { ["data"] = Hex.Encode(call.Data.Span) };
        if (call.To is { } to) json["to"] = to.ToString();
        if (call.From is { } from) json["from"] = from.ToString();
        if (!call.Value.IsZero) json["value"] = call.Value.ToHexQuantity();
        if (call.GasLimit is { } gas) json["gas"] = new UInt256(gas).ToHexQuantity();
        if (!call.AccessList.IsEmpty) json["accessList"] = new JsonArray([.. call.AccessList.Select(ToJson)]);
        if (!call.Authorizations.IsEmpty) json["authorizationList"] = new JsonArray([.. call.Authorizations.Select(ToJson)]);
        return json;
    }

    private static JsonNode ToJson(AccessListEntry entry) => new JsonObject
    {
        ["address"] = entry.Address.ToString(),
        ["storageKeys"] = new JsonArray([.. entry.Slots.Select(s => JsonValue.Create(Hex.Encode(s.ToBigEndian())))]),
    };

    private static JsonNode ToJson(Authorization entry) => new JsonObject
    {
        ["chainId"] = entry.ChainId.ToHexQuantity(),
        ["address"] = entry.Target.ToString(),
        ["nonce"] = new UInt256(entry.Nonce).ToHexQuantity(),
        ["yParity"] = new UInt256(entry.YParity).ToHexQuantity(),
        ["r"] = entry.R.ToHexQuantity(),
        ["s"] = entry.S.ToHexQuantity(),
    };

    private static JsonNode? AlternativesToJson(IReadOnlyList<Hash256>? alternatives) => alternatives switch
    {
        null => null,
        [var only] => JsonValue.Create(only.ToString()),
        _ => new JsonArray([.. alternatives.Select(t => JsonValue.Create(t.ToString()))]),
    };
}
