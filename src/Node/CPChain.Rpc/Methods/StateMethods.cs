using System.Text.Json;
using CPChain.Execution;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_*: accounts, code and storage.</summary>
internal static class StateMethods
{
    /// <summary>Slots of one eth_getStorageValues.</summary>
    private const int SlotsMax = 1_024;

    public static void Add(MethodTable table, RpcNode node)
    {
        ChainReader chain = node.Chain;
        table.Add("eth_getBalance", a => Read(a, chain, 1, (state, address) =>
            RpcAnswer.Quantity(state.TryGetAccount(address, out Account account) ? account.Balance : UInt256.Zero)));
        table.Add("eth_getCode", a => Read(a, chain, 1, (state, address) =>
            RpcAnswer.Bytes(state.TryGetAccount(address, out Account account) ? state.GetCode(account.CodeHash).Span : [])));
        table.Add("eth_getStorageValues", a => StorageValues(a, chain));
        table.Add("eth_getTransactionCount", a => TransactionCount(a, node));
        table.Add("eth_getStorageAt", a =>
        {
            UInt256 slot = a.Slot(1);
            return Read(a, chain, 2, (state, address) => RpcAnswer.Bytes(state.GetStorage(address, slot).ToBigEndian()));
        });
    }

    private static RpcAnswer Read(
        RpcArguments a, ChainReader chain, int blockIndex, Func<IStateView, Address, RpcAnswer> read)
    {
        Address address = a.Address(0);
        BlockSelector selector = a.Block(blockIndex);
        if (a.Fault is { } fault) return fault;
        using StateLease lease = chain.StateOf(selector);
        return lease.Fault is { } missing ? missing : read(lease.State, address);
    }

    private static RpcAnswer StorageValues(RpcArguments a, ChainReader chain)
    {
        List<(Address Address, List<UInt256> Slots)> wanted = SlotsOf(a, 0);
        BlockSelector selector = a.Block(1);
        if (a.Fault is { } fault) return fault;
        using StateLease lease = chain.StateOf(selector);
        if (lease.Fault is { } missing) return missing;
        List<(Address Address, List<UInt256> Words)> found =
            [.. wanted.Select(one => (one.Address, one.Slots.ConvertAll(slot => lease.State.GetStorage(one.Address, slot))))];
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            foreach ((Address address, List<UInt256> words) in found)
            {
                json.WriteStartArray(address.ToString());
                foreach (UInt256 word in words) json.WriteStringValue(Hex.Encode(word.ToBigEndian()));
                json.WriteEndArray();
            }
            json.WriteEndObject();
        });
    }

    private static List<(Address Address, List<UInt256> Slots)> SlotsOf(RpcArguments a, int index)
    {
        List<(Address, List<UInt256>)> wanted = [];
        JsonElement json = a.Required(index);
        if (a.Fault is not null) return wanted;
        int left = SlotsMax;
        foreach (JsonProperty member in json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default)
        {
            if (!Address.TryParse(member.Name, out Address address) || member.Value.ValueKind != JsonValueKind.Array
                || (left -= member.Value.GetArrayLength()) < 0) break;
            List<UInt256> slots = [];
            foreach (JsonElement key in member.Value.EnumerateArray())
                if (JsonFields.TrySlot(key, out UInt256 slot)) slots.Add(slot);
            if (slots.Count != member.Value.GetArrayLength()) break;
            wanted.Add((address, slots));
        }
        if (wanted.Count == 0 || wanted.Count != json.EnumerateObject().Count())
            a.Fail(index, $"at most {SlotsMax} storage keys of 32 bytes, listed by address, are expected");
        return wanted;
    }

    private static RpcAnswer TransactionCount(RpcArguments a, RpcNode node)
    {
        Address address = a.Address(0);
        BlockSelector selector = a.Block(1);
        if (a.Fault is { } fault) return fault;
        using StateLease lease = node.Chain.StateOf(selector);
        if (lease.Fault is { } missing) return missing;
        ulong count = lease.State.TryGetAccount(address, out Account account) ? account.Nonce : 0;
        return RpcAnswer.Quantity(selector.IsPending ? Math.Max(count, node.Pool.NextNonce(address)) : count);
    }
}
