using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>Reads the lists of a transaction object; a fault stays in the arguments.</summary>
internal static class CallLists
{
    private const int ItemsMax = 1_000;

    /// <summary>Accounts and slots that are announced (EIP-2930).</summary>
    public static ImmutableArray<AccessListEntry> AccessList(ObjectFields fields)
    {
        ImmutableArray<AccessListEntry>.Builder entries = ImmutableArray.CreateBuilder<AccessListEntry>();
        foreach (JsonElement item in Items(fields, "accessList"))
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("address", out JsonElement addressValue)
                || !JsonFields.TryAddress(addressValue, out Address address)
                || !item.TryGetProperty("storageKeys", out JsonElement keys) || !TrySlots(keys, out ImmutableArray<UInt256> slots))
            {
                fields.Fail("accessList is no access list");
                return [];
            }
            entries.Add(new AccessListEntry(address, slots));
        }
        return entries.ToImmutable();
    }

    /// <summary>Code settings (EIP-7702); one whose signature holds for nobody counts and sets nothing.</summary>
    public static ImmutableArray<Authorization> Authorizations(ObjectFields fields)
    {
        ImmutableArray<Authorization>.Builder entries = ImmutableArray.CreateBuilder<Authorization>();
        foreach (JsonElement item in Items(fields, "authorizationList"))
        {
            if (item.ValueKind != JsonValueKind.Object || !TryAuthorization(fields.Within(item), out Authorization? authorization))
            {
                fields.Fail("authorizationList is no list of authorizations");
                return [];
            }
            entries.Add(authorization);
        }
        return entries.ToImmutable();
    }

    /// <summary>Versioned hashes of blobs (EIP-4844).</summary>
    public static ImmutableArray<Hash256> BlobHashes(ObjectFields fields)
    {
        ImmutableArray<Hash256>.Builder hashes = ImmutableArray.CreateBuilder<Hash256>();
        foreach (JsonElement item in Items(fields, "blobVersionedHashes"))
        {
            if (!JsonFields.TryHash(item, out Hash256 hash)) fields.Fail("blobVersionedHashes is no list of hashes");
            hashes.Add(hash);
        }
        return hashes.ToImmutable();
    }

    private static JsonElement.ArrayEnumerator Items(ObjectFields fields, string name)
    {
        if (fields.Array(name) is not { } list) return default;
        if (list.GetArrayLength() <= ItemsMax) return list.EnumerateArray();
        fields.Fail($"{name} has more than {ItemsMax} items");
        return default;
    }

    private static bool TrySlots(JsonElement keys, out ImmutableArray<UInt256> slots)
    {
        slots = [];
        if (keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() > ItemsMax) return false;
        ImmutableArray<UInt256>.Builder all = ImmutableArray.CreateBuilder<UInt256>();
        foreach (JsonElement key in keys.EnumerateArray())
        {
            if (!JsonFields.TrySlot(key, out UInt256 slot)) return false;
            all.Add(slot);
        }
        slots = all.ToImmutable();
        return true;
    }

    private static bool TryAuthorization(ObjectFields fields, [NotNullWhen(true)] out Authorization? entry)
    {
        entry = null;
        if (fields.Address("address") is not { } target || fields.Quantity("chainId") is not { } chainId
            || fields.Ulong("nonce") is not { } nonce || (fields.Ulong("yParity") ?? fields.Ulong("v")) is not { } parity
            || parity > byte.MaxValue || fields.Quantity("r") is not { } r || fields.Quantity("s") is not { } s) return false;
        entry = new Authorization(chainId, target, nonce, (byte)parity, r, s);
        return true;
    }
}
