using System.Collections.Immutable;
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
        ILookup<Address, StorageChange> storage = changes.Storage.ToLookup(static change => change.Address);
        HashSet<Address> cleared = [.. changes.ClearedStorage];
        List<TrieChanges> parts = [];
        ImmutableArray<AccountChange>.Builder accounts =
            ImmutableArray.CreateBuilder<AccountChange>(changes.Accounts.Length);
        List<TrieUpdate> updates = new(changes.Accounts.Length);
        Hash256[] keys = StateTrieKeys.OfAddresses([.. changes.Accounts.Select(static change => change.Address)]);
        for (int i = 0; i < keys.Length; i++)
        {
            AccountChange change = changes.Accounts[i];
            Hash256 key = keys[i];
            Hash256 before = parent.TryGetAccount(change.Address, out Account old)
                ? old.StorageRoot
                : Account.EmptyTrieRoot;
            bool clears = change.After is null || cleared.Contains(change.Address);
            (Hash256 root, TrieChanges nodes) = ApplyStorage(parent, key, before, clears, storage[change.Address]);
            if (!nodes.Nodes.IsEmpty)
                parts.Add(nodes);
            AccountChange settled = change.After is Account after
                ? change with { After = after with { StorageRoot = root } }
                : change;
            accounts.Add(settled);
            updates.Add(new TrieUpdate(key.ToArray(), settled.After?.Encode()));
        }
        (Hash256 stateRoot, TrieChanges accountNodes) =
            MerkleTrie.Apply(parent.TrieNodes, TrieOwner.Accounts, parent.StateRoot, updates);
        parts.Add(accountNodes);
        return new CommittedState(
            stateRoot, changes with { Accounts = accounts.ToImmutable() }, TrieChanges.Concat(parts));
    }

    private static (Hash256 Root, TrieChanges Nodes) ApplyStorage(
        IStateView parent, in Hash256 owner, in Hash256 before, bool clears, IEnumerable<StorageChange> changes)
    {
        List<TrieUpdate> updates =
        [
            .. changes.Select(static change => new TrieUpdate(
                StateTrieKeys.OfSlot(change.Slot).ToArray(), StateTrieKeys.EncodeSlotValue(change.Value))),
        ];
        if (!clears || before == Account.EmptyTrieRoot)
        {
            return updates.Count == 0
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
