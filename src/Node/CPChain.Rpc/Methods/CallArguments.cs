using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>Reads the transaction object of eth_call and eth_estimateGas.</summary>
internal static class CallArguments
{
    private const int AccessListMax = 1_000;

    /// <summary>The call; a fault stays in the arguments.</summary>
    public static CallRequest Read(RpcArguments a, int index, ChainRules rules, ulong gasMax) =>
        Read(a, index, a.Required(index), rules, gasMax);

    /// <summary>The same of an object that lies within a parameter.</summary>
    public static CallRequest Read(RpcArguments a, int index, JsonElement json, ChainRules rules, ulong gasMax)
    {
        CallRequest request = new();
        if (a.Fault is not null) return request;
        if (json.ValueKind != JsonValueKind.Object)
        {
            a.Fail(index, "a transaction object is expected");
            return request;
        }
        Fields fields = new(a, index, json);
        if (fields.Ulong("chainId") is { } id && id != rules.ChainId)
            a.Fail(index, $"chainId is {id}, this chain has {rules.ChainId}");
        if (rules.TransactionBlobsMax == 0 && json.TryGetProperty("blobVersionedHashes", out _))
            a.Fail(index, "blobs are not accepted on this chain");
        return request with
        {
            From = fields.Address("from") ?? Address.Zero,
            To = fields.Address("to"),
            GasLimit = Math.Min(fields.Ulong("gas") ?? gasMax, gasMax),
            MaxFeePerGas = fields.Quantity("maxFeePerGas") ?? fields.Quantity("gasPrice"),
            MaxPriorityFeePerGas = fields.Quantity("maxPriorityFeePerGas"),
            Value = fields.Quantity("value") ?? UInt256.Zero,
            Data = fields.Bytes("input") ?? fields.Bytes("data") ?? [],
            AccessList = fields.AccessList(),
            Authorizations = fields.Authorizations(),
            MaxFeePerBlobGas = fields.Quantity("maxFeePerBlobGas") ?? UInt256.Zero,
            BlobHashes = fields.BlobHashes(),
        };
    }

    private readonly struct Fields(RpcArguments a, int index, JsonElement json)
    {
        public Address? Address(string name)
        {
            if (Member(name) is not { } value) return null;
            if (JsonFields.TryAddress(value, out Address address)) return address;
            a.Fail(index, $"{name} is no address");
            return null;
        }

        public UInt256? Quantity(string name)
        {
            if (Member(name) is not { } value) return null;
            if (JsonFields.TryQuantity(value, out UInt256 number)) return number;
            a.Fail(index, $"{name} is no hex quantity");
            return null;
        }

        public ulong? Ulong(string name)
        {
            if (Quantity(name) is not { } number) return null;
            if (number.TryToUlong(out ulong small)) return small;
            a.Fail(index, $"{name} is above 64 bits");
            return null;
        }

        public byte[]? Bytes(string name)
        {
            if (Member(name) is not { } value) return null;
            if (JsonFields.TryBytes(value, out byte[] bytes)) return bytes;
            a.Fail(index, $"{name} is no hex");
            return null;
        }

        public ImmutableArray<AccessListEntry> AccessList()
        {
            if (Member("accessList") is not { } list) return [];
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > AccessListMax) return Refuse();
            ImmutableArray<AccessListEntry>.Builder entries = ImmutableArray.CreateBuilder<AccessListEntry>();
            foreach (JsonElement item in list.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("address", out JsonElement addressValue)
                    || !JsonFields.TryAddress(addressValue, out Address address)
                    || !item.TryGetProperty("storageKeys", out JsonElement keys)
                    || keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() > AccessListMax) return Refuse();
                ImmutableArray<UInt256>.Builder slots = ImmutableArray.CreateBuilder<UInt256>();
                foreach (JsonElement key in keys.EnumerateArray())
                {
                    if (!JsonFields.TrySlot(key, out UInt256 slot)) return Refuse();
                    slots.Add(slot);
                }
                entries.Add(new AccessListEntry(address, slots.ToImmutable()));
            }
            return entries.ToImmutable();
        }

        /// <summary>The settings of a type 4 transaction; one whose signature holds for nobody counts and sets nothing.</summary>
        public ImmutableArray<Authorization> Authorizations()
        {
            if (Member("authorizationList") is not { } list) return [];
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > AccessListMax)
            {
                a.Fail(index, "authorizationList is no list of authorizations");
                return [];
            }
            ImmutableArray<Authorization>.Builder entries = ImmutableArray.CreateBuilder<Authorization>();
            foreach (JsonElement item in list.EnumerateArray())
            {
                Fields entry = new(a, index, item);
                if (item.ValueKind != JsonValueKind.Object || entry.Address("address") is not { } target
                    || entry.Quantity("chainId") is not { } chainId || entry.Ulong("nonce") is not { } nonce
                    || (entry.Ulong("yParity") ?? entry.Ulong("v")) is not { } parity || parity > byte.MaxValue
                    || entry.Quantity("r") is not { } r || entry.Quantity("s") is not { } s)
                {
                    a.Fail(index, "authorizationList is no list of authorizations");
                    return [];
                }
                entries.Add(new Authorization(chainId, target, nonce, (byte)parity, r, s));
            }
            return entries.ToImmutable();
        }

        public ImmutableArray<Hash256> BlobHashes()
        {
            if (Member("blobVersionedHashes") is not { } list) return [];
            ImmutableArray<Hash256>.Builder hashes = ImmutableArray.CreateBuilder<Hash256>();
            bool isList = list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= AccessListMax;
            foreach (JsonElement item in isList ? list.EnumerateArray() : default)
            {
                isList &= JsonFields.TryHash(item, out Hash256 hash);
                hashes.Add(hash);
            }
            if (!isList) a.Fail(index, "blobVersionedHashes is no list of hashes");
            return hashes.ToImmutable();
        }

        private ImmutableArray<AccessListEntry> Refuse()
        {
            a.Fail(index, "accessList is no access list");
            return [];
        }

        private JsonElement? Member(string name) =>
            json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
