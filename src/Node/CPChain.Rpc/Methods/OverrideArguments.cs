using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Execution;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>Reads the state overrides of eth_call, eth_estimateGas and eth_createAccessList: accounts by address.</summary>
internal static class OverrideArguments
{
    private const int AccountsMax = 1_000;
    private const int SlotsMax = 10_000;
    private const int CodeBytesMax = 1024 * 1024;

    private static readonly ImmutableDictionary<Address, AccountOverride> s_none = ImmutableDictionary<Address, AccountOverride>.Empty;

    /// <summary>The overrides, none when the parameter is absent; a fault stays in the arguments.</summary>
    public static ImmutableDictionary<Address, AccountOverride> Read(RpcArguments a, int index) =>
        a.Optional(index) is { } json ? Read(a, index, json) : s_none;

    /// <summary>The same of an object that lies within a parameter.</summary>
    public static ImmutableDictionary<Address, AccountOverride> Read(RpcArguments a, int index, JsonElement json)
    {
        ImmutableDictionary<Address, AccountOverride>.Builder overrides = s_none.ToBuilder();
        foreach ((Address address, AccountOverride change) in ReadOrdered(a, index, json))
        {
            if (change.MovePrecompileTo is not null) a.Fail(index, "movePrecompileToAddress is understood by eth_simulateV1 only");
            overrides[address] = change;
        }
        return overrides.ToImmutable();
    }

    /// <summary>The same in the order of the object.</summary>
    public static ImmutableArray<(Address Address, AccountOverride Change)> ReadOrdered(RpcArguments a, int index, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Count() > AccountsMax)
            return Refuse(a, index, $"state overrides are an object of at most {AccountsMax} addresses");
        var overrides = ImmutableArray.CreateBuilder<(Address, AccountOverride)>();
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (!Address.TryParse(member.Name, out Address address)) return Refuse(a, index, "an override is not under an address");
            if (Fault(member.Value, out AccountOverride change) is { } fault) return Refuse(a, index, $"{address}: {fault}");
            overrides.Add((address, change));
        }
        return overrides.ToImmutable();
    }

    private static string? Fault(JsonElement json, out AccountOverride change)
    {
        change = new AccountOverride(null, null, null, ImmutableDictionary<UInt256, UInt256>.Empty, IsWholeStorage: false);
        if (json.ValueKind != JsonValueKind.Object) return "an object is expected";
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            string? fault = member.Name switch
            {
                "balance" => JsonFields.TryQuantity(member.Value, out UInt256 balance)
                    ? Keep(ref change, change with { Balance = balance }) : "balance is no hex quantity",
                "nonce" => JsonFields.TryUlong(member.Value, out ulong nonce)
                    ? Keep(ref change, change with { Nonce = nonce }) : "nonce is no hex quantity of at most 64 bits",
                "code" => JsonFields.TryBytes(member.Value, out byte[] code) && code.Length <= CodeBytesMax
                    ? Keep(ref change, change with { Code = code }) : $"code is no hex of at most {CodeBytesMax} bytes",
                "movePrecompileToAddress" => JsonFields.TryAddress(member.Value, out Address place)
                    ? Keep(ref change, change with { MovePrecompileTo = place }) : "movePrecompileToAddress is no address",
                "state" or "stateDiff" => Storage(ref change, member),
                _ => $"{(member.Name.Length > 40 ? member.Name[..40] : member.Name)} is not something that can be overridden",
            };
            if (fault is not null) return fault;
        }
        return null;
    }

    private static string? Storage(ref AccountOverride change, JsonProperty member)
    {
        if (!change.Storage.IsEmpty || change.IsWholeStorage) return "state and stateDiff exclude each other";
        if (member.Value.ValueKind != JsonValueKind.Object || member.Value.EnumerateObject().Count() > SlotsMax)
            return $"{member.Name} is no object of at most {SlotsMax} slots";
        ImmutableDictionary<UInt256, UInt256>.Builder slots = ImmutableDictionary.CreateBuilder<UInt256, UInt256>();
        foreach (JsonProperty slot in member.Value.EnumerateObject())
        {
            if (!Hash256.TryParse(slot.Name, out _) || !UInt256.TryParse(slot.Name, out UInt256 key)
                || !JsonFields.TryHash(slot.Value, out _) || !JsonFields.TrySlot(slot.Value, out UInt256 word))
                return $"{member.Name} has a slot or a word that is not 32 bytes in hex";
            slots[key] = word;
        }
        change = change with { Storage = slots.ToImmutable(), IsWholeStorage = member.Name == "state" };
        return null;
    }

    private static string? Keep(ref AccountOverride change, AccountOverride next)
    {
        change = next;
        return null;
    }

    private static ImmutableArray<(Address Address, AccountOverride Change)> Refuse(RpcArguments a, int index, string reason)
    {
        a.Fail(index, reason);
        return [];
    }
}
