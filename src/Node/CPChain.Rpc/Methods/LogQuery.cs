using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Ledger.Logs;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>The filter object of eth_getLogs and eth_newFilter.</summary>
internal sealed record LogQuery(
    ImmutableArray<Address> Addresses,
    ImmutableArray<ImmutableArray<Hash256>> Topics,
    BlockSelector? From,
    BlockSelector? To,
    Hash256? BlockHash)
{
    private const int AlternativesMax = 1_000;
    private static readonly LogQuery s_none = new([], [], null, null, null);

    /// <summary>Every log.</summary>
    public static LogQuery Any => s_none;

    /// <summary>The same wishes over a range of blocks, within the server's bounds.</summary>
    public LogFilter Over(ulong from, ulong to, RpcOptions options) => new(from, to, Addresses, Topics)
    {
        BlocksMax = options.LogsBlocksMax,
        LogsMax = options.LogsMax,
    };

    /// <summary>Reads a filter object; a fault stays in the arguments.</summary>
    public static LogQuery Read(RpcArguments a, int index)
    {
        JsonElement json = a.Required(index);
        if (a.Fault is not null) return s_none;
        if (json.ValueKind != JsonValueKind.Object) return Refuse(a, index, "a filter object is expected");

        Hash256? hash = null;
        if (Member(json, "blockHash") is { } hashValue)
        {
            if (!JsonFields.TryHash(hashValue, out Hash256 read)) return Refuse(a, index, "blockHash is no hash");
            if (Member(json, "fromBlock") is not null || Member(json, "toBlock") is not null)
                return Refuse(a, index, "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
            hash = read;
        }
        if (!TryBlock(json, "fromBlock", out BlockSelector? from)) return Refuse(a, index, "fromBlock is no block");
        if (!TryBlock(json, "toBlock", out BlockSelector? to)) return Refuse(a, index, "toBlock is no block");
        if (!TryAddresses(json, out ImmutableArray<Address> addresses))
            return Refuse(a, index, "address is no address or list of them");
        if (!TryTopics(json, out ImmutableArray<ImmutableArray<Hash256>> topics))
            return Refuse(a, index, "topics are no list of hashes");
        return new LogQuery(addresses, topics, from, to, hash);
    }

    private static bool TryBlock(JsonElement json, string name, out BlockSelector? selector)
    {
        selector = null;
        if (Member(json, name) is not { } value) return true;
        if (value.ValueKind != JsonValueKind.String || !BlockSelector.TryRead(value, out BlockSelector read) || read.Hash is not null)
            return false;
        selector = read;
        return true;
    }

    private static bool TryAddresses(JsonElement json, out ImmutableArray<Address> addresses)
    {
        addresses = [];
        if (Member(json, "address") is not { } value) return true;
        if (value.ValueKind != JsonValueKind.Array)
        {
            bool single = JsonFields.TryAddress(value, out Address one);
            addresses = [one];
            return single;
        }
        if (value.GetArrayLength() > AlternativesMax) return false;
        ImmutableArray<Address>.Builder list = ImmutableArray.CreateBuilder<Address>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!JsonFields.TryAddress(item, out Address address)) return false;
            list.Add(address);
        }
        addresses = list.ToImmutable();
        return true;
    }

    private static bool TryTopics(JsonElement json, out ImmutableArray<ImmutableArray<Hash256>> topics)
    {
        topics = [];
        if (Member(json, "topics") is not { } value) return true;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > LogEntry.TopicsMax) return false;
        ImmutableArray<ImmutableArray<Hash256>>.Builder list = ImmutableArray.CreateBuilder<ImmutableArray<Hash256>>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!TryAlternatives(item, out ImmutableArray<Hash256> alternatives)) return false;
            list.Add(alternatives);
        }
        topics = list.ToImmutable();
        return true;
    }

    /// <summary>One place of the topics: null is any, a hash is that, a list is either of it.</summary>
    private static bool TryAlternatives(JsonElement item, out ImmutableArray<Hash256> alternatives)
    {
        alternatives = [];
        if (item.ValueKind == JsonValueKind.Null) return true;
        if (item.ValueKind != JsonValueKind.Array)
        {
            bool single = JsonFields.TryHash(item, out Hash256 one);
            alternatives = [one];
            return single;
        }
        if (item.GetArrayLength() > AlternativesMax) return false;
        ImmutableArray<Hash256>.Builder list = ImmutableArray.CreateBuilder<Hash256>();
        foreach (JsonElement topic in item.EnumerateArray())
        {
            if (topic.ValueKind == JsonValueKind.Null) return true;
            if (!JsonFields.TryHash(topic, out Hash256 hash)) return false;
            list.Add(hash);
        }
        alternatives = list.ToImmutable();
        return true;
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static LogQuery Refuse(RpcArguments a, int index, string reason)
    {
        a.Fail(index, reason);
        return s_none;
    }
}
