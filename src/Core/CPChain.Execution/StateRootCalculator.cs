using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>A changed state, ready to be stored.</summary>
/// <param name="Root">Root of the account trie.</param>
/// <param name="Changes">The changes, every account with its new storage root.</param>
/// <param name="Tries">The trie nodes to write for them.</param>
public sealed record CommittedState(Hash256 Root, StateChanges Changes, TrieChanges Tries);

/// <summary>Joins what the instructions changed with the tries that commit to it (Yellow Paper 4.1).</summary>
public static class StateRootCalculator
{
    /// <summary>The state that results from applying <paramref name="changes"/> to <paramref name="parent"/>.</summary>
    public static CommittedState Apply(IStateView parent, StateChanges changes)
    {
        ImmutableArray<AccountChange> accounts = changes.Accounts;
        List<TrieChanges> parts = [];
        Hash256[] keys = StateTrieKeys.OfAddresses([.. accounts.Select(static change => change.Address)]);
        AccountChange[] settled = [.. accounts];
        SettleStorage(parent, changes, keys, settled, parts);

        byte[] room = ArrayPool<byte>.Shared.Rent(settled.Length * (Hash256.Length + Account.EncodedBytesMax));
        TrieUpdate[] updates = new TrieUpdate[settled.Length];
        int used = 0;
        for (int i = 0; i < updates.Length; i++)
        {
            Memory<byte> key = room.AsMemory(used, Hash256.Length);
            keys[i].CopyTo(key.Span);
            used += Hash256.Length;
            ReadOnlyMemory<byte>? value = null;
            if (settled[i].After is Account after)
            {
                int bytes = after.Write(room.AsSpan(used));
                value = room.AsMemory(used, bytes);
                used += bytes;
            }
            updates[i] = new TrieUpdate(key, value);
        }
        (Hash256 stateRoot, TrieChanges accountNodes) =
            MerkleTrie.Apply(parent.TrieNodes, TrieOwner.Accounts, parent.StateRoot, updates, Former);
        ArrayPool<byte>.Shared.Return(room);
        parts.Add(accountNodes);
        return new CommittedState(
            stateRoot, changes with { Accounts = ImmutableCollectionsMarshal.AsImmutableArray(settled) }, TrieChanges.Concat(parts));

        int Former(int update, Span<byte> into) => parent.TryGetAccount(accounts[update].Address, out Account old) ? old.Write(into) : 0;
    }

    /// <summary>Gives the accounts whose storage changed, or that are gone, their new storage root, and collects the nodes for it.</summary>
    private static void SettleStorage(
        IStateView parent, StateChanges changes, Hash256[] keys, AccountChange[] settled, List<TrieChanges> parts)
    {
        ILookup<Address, StorageChange> storage = changes.Storage.ToLookup(static change => change.Address);
        HashSet<Address> cleared = [.. changes.ClearedStorage];
        for (int i = 0; i < settled.Length; i++)
        {
            AccountChange change = settled[i];
            bool clears = change.After is null || cleared.Contains(change.Address);
            if (!clears && (storage.Count == 0 || !storage.Contains(change.Address)))
                continue;
            Hash256 before = parent.TryGetAccount(change.Address, out Account old)
                ? old.StorageRoot
                : Account.EmptyTrieRoot;
            (Hash256 root, TrieChanges nodes) = ApplyStorage(parent, keys[i], before, clears, storage[change.Address]);
            if (!nodes.Nodes.IsEmpty)
                parts.Add(nodes);
            if (change.After is Account after)
                settled[i] = change with { After = after with { StorageRoot = root } };
        }
    }

    private static (Hash256 Root, TrieChanges Nodes) ApplyStorage(
        IStateView parent, in Hash256 owner, in Hash256 before, bool clears, IEnumerable<StorageChange> changes)
    {
        TrieUpdate[] updates =
        [
            .. changes.Select(static change => new TrieUpdate(
                StateTrieKeys.OfSlot(change.Slot).ToArray(), StateTrieKeys.EncodeSlotValue(change.Value))),
        ];
        if (!clears || before == Account.EmptyTrieRoot)
        {
            return updates.Length == 0
                ? (before, TrieChanges.None)
                : MerkleTrie.Apply(parent.TrieNodes, owner, before, updates);
        }
        TrieChanges gone = MerkleTrie.Clear(parent.TrieNodes, owner, before);
        (Hash256 root, TrieChanges fresh) =
            MerkleTrie.Apply(EmptyNodeSource.Instance, owner, Account.EmptyTrieRoot, updates);
        return (root, Merge(gone, fresh));
    }

    // A place that held a node of the old trie and holds one of the new trie must be written, not removed.
    private static TrieChanges Merge(TrieChanges gone, TrieChanges fresh)
    {
        SortedDictionary<string, TrieNodeChange> byPath = new(StringComparer.Ordinal);
        foreach (TrieNodeChange change in gone.Nodes.Concat(fresh.Nodes))
            byPath[Convert.ToHexStringLower(change.Path.Span)] = change;
        return new TrieChanges([.. byPath.Values]);
    }
}
