using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>Names the first account, field or slot in which two states differ.</summary>
internal static class StateComparison
{
    /// <summary>Null where the peer's state is ours after these changes.</summary>
    internal static (Address Where, string What)? FirstDifference(
        IEnumerable<GenesisAccount> before, StateChanges changes, IEnumerable<GenesisAccount> peer)
    {
        Dictionary<Address, GenesisAccount> own = After(before, changes);
        Dictionary<Address, GenesisAccount> theirs = [];
        foreach (GenesisAccount account in peer.Where(static one => !PeerSide.IsEmpty(one))) theirs[account.Address] = account;
        foreach (Address address in own.Keys.Union(theirs.Keys).Order())
        {
            if (!own.TryGetValue(address, out GenesisAccount? ours)) return (address, $"state: {address} is gone, peer has it");
            if (!theirs.TryGetValue(address, out GenesisAccount? other)) return (address, $"state: {address} is there, peer has it not");
            if (Difference(ours, other) is { } difference) return (address, $"state: {address} {difference}");
        }

        return null;
    }

    private static string? Difference(GenesisAccount own, GenesisAccount peer)
    {
        if (own.Nonce != peer.Nonce) return $"nonce {own.Nonce}, peer {peer.Nonce}";
        if (own.Balance != peer.Balance) return $"balance {own.Balance}, peer {peer.Balance}";
        if (!own.Code.Span.SequenceEqual(peer.Code.Span)) return $"code {Hex.Encode(own.Code.Span)}, peer {Hex.Encode(peer.Code.Span)}";
        Dictionary<UInt256, UInt256> slots = own.Storage.ToDictionary(), others = peer.Storage.ToDictionary();
        foreach (UInt256 slot in slots.Keys.Union(others.Keys).Order())
        {
            UInt256 value = slots.GetValueOrDefault(slot), other = others.GetValueOrDefault(slot);
            if (value != other) return $"slot {slot.ToHexQuantity()} {value.ToHexQuantity()}, peer {other.ToHexQuantity()}";
        }

        return null;
    }

    private static Dictionary<Address, GenesisAccount> After(IEnumerable<GenesisAccount> before, StateChanges changes)
    {
        Dictionary<Address, GenesisAccount> state = before.ToDictionary(static account => account.Address);
        Dictionary<Hash256, ReadOnlyMemory<byte>> codes = state.Values.DistinctBy(static account => Keccak256.Hash(account.Code.Span))
            .ToDictionary(static account => Keccak256.Hash(account.Code.Span), static account => account.Code);
        foreach (CodeChange code in changes.Codes) codes[code.CodeHash] = code.Code;
        foreach (Address cleared in changes.ClearedStorage)
        {
            if (state.TryGetValue(cleared, out GenesisAccount? account)) state[cleared] = account with { Storage = [] };
        }

        ILookup<Address, StorageChange> slots = changes.Storage.ToLookup(static slot => slot.Address);
        foreach (AccountChange change in changes.Accounts)
        {
            if (change.After is not { } after)
            {
                state.Remove(change.Address);
                continue;
            }

            ImmutableArray<KeyValuePair<UInt256, UInt256>> storage =
                state.TryGetValue(change.Address, out GenesisAccount? known) ? known.Storage : [];
            state[change.Address] = new GenesisAccount(
                change.Address, after.Balance, after.Nonce, codes.GetValueOrDefault(after.CodeHash), Merge(storage, slots[change.Address]));
        }

        return state;
    }

    private static ImmutableArray<KeyValuePair<UInt256, UInt256>> Merge(
        ImmutableArray<KeyValuePair<UInt256, UInt256>> storage, IEnumerable<StorageChange> changes)
    {
        Dictionary<UInt256, UInt256> merged = storage.ToDictionary();
        foreach (StorageChange change in changes) merged[change.Slot] = change.Value;
        return [.. merged.Where(static slot => !slot.Value.IsZero)];
    }
}
