using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Trie;
using CPChain.Trie.Proofs;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_getProof (EIP-1186): an account and slots with the trie nodes that prove them under the state root.</summary>
internal static class ProofMethods
{
    private const int SlotsMax = 1_024;

    /// <summary>A proof at an older block may have to set the trie back, so proofs take turns with calls.</summary>
    public static void Add(MethodTable table, RpcNode node, WorkTurns turns) =>
        table.AddAsync("eth_getProof", a => ProveAsync(a, node.Chain, turns));

    private static async ValueTask<RpcAnswer> ProveAsync(RpcArguments a, ChainReader chain, WorkTurns turns)
    {
        Address address = a.Address(0);
        List<UInt256> slots = SlotsOf(a);
        BlockSelector selector = a.Block(2);
        if (a.Fault is { } fault) return fault;
        return await turns.RunAsync(() => Prove(chain, selector, address, slots), a.Cancel).ConfigureAwait(false);
    }

    private static RpcAnswer Prove(ChainReader chain, BlockSelector selector, Address address, List<UInt256> slots)
    {
        using StateLease lease = chain.StateOf(selector);
        if (lease.Fault is { } missing) return missing;
        IStateView state = lease.State;
        if (!lease.TryMakeTrie()) return RpcFault.TrieTooFar(lease.Header.Number);
        ITrieNodeSource nodes = state.TrieNodes;
        if (!state.TryGetAccount(address, out Account account)) account = Account.Empty;
        Hash256 key = StateTrieKeys.OfAddress(address);
        ImmutableArray<ReadOnlyMemory<byte>> accountProof = TrieProof.Of(nodes, TrieOwner.Accounts, state.StateRoot, key.ToArray());
        List<(UInt256 Slot, UInt256 Value, ImmutableArray<ReadOnlyMemory<byte>> Proof)> storage = [.. slots.Select(slot =>
            (slot, state.GetStorage(address, slot),
                TrieProof.Of(nodes, key, account.StorageRoot, StateTrieKeys.OfSlot(slot).ToArray())))];
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.Address("address", address);
            WriteProof(json, "accountProof", accountProof);
            json.Quantity("balance", account.Balance);
            json.Hash("codeHash", account.CodeHash);
            json.Quantity("nonce", account.Nonce);
            json.Hash("storageHash", account.StorageRoot);
            json.WriteStartArray("storageProof");
            foreach ((UInt256 slot, UInt256 value, ImmutableArray<ReadOnlyMemory<byte>> proof) in storage)
            {
                json.WriteStartObject();
                json.Quantity("key", slot);
                json.Quantity("value", value);
                WriteProof(json, "proof", proof);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static List<UInt256> SlotsOf(RpcArguments a)
    {
        List<UInt256> slots = [];
        JsonElement list = a.Required(1);
        if (a.Fault is not null) return slots;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > SlotsMax)
        {
            a.Fail(1, $"at most {SlotsMax} storage keys are expected");
            return slots;
        }
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (JsonFields.TrySlot(item, out UInt256 slot)) slots.Add(slot);
            else a.Fail(1, "a storage key of at most 32 bytes in hex is expected");
        }
        return slots;
    }

    private static void WriteProof(Utf8JsonWriter json, string name, ImmutableArray<ReadOnlyMemory<byte>> proof)
    {
        json.WriteStartArray(name);
        foreach (ReadOnlyMemory<byte> item in proof) json.WriteStringValue(Hex.Encode(item.Span));
        json.WriteEndArray();
    }
}
