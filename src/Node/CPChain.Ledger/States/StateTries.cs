using CPChain.Execution;
using CPChain.Ledger.Rows;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>
/// Tries of older blocks (specs/storage L10). In an archive they are read; else the head's trie is set back by what changed since,
/// one at a time and up to a bound, and the last few are kept, since who asks for one proof asks for more.
/// </summary>
internal sealed class StateTries(NodeCache cache, int keysMax, ulong? archiveFrom)
{
    private const int Kept = 4;

    private readonly Lock _working = new();
    private readonly LinkedList<(Hash256 Root, ulong Head, TrieChanges Changes)> _recent = new();

    /// <summary>The nodes of an older state; null when more changed since than is set back.</summary>
    public ITrieNodeSource? Of(LedgerState state)
    {
        if (archiveFrom is { } first && state.Number >= first)
        {
            return new ArchivedNodes(state.Reader.Rows, state.Number, cache);
        }

        LedgerState head = state.AtHead();
        lock (_working)
        {
            foreach ((Hash256 root, ulong over, TrieChanges changes) in _recent)
            {
                if (root == state.StateRoot && over == state.Head)
                {
                    return new RebuiltNodes(head.TrieNodes, changes);
                }
            }

            if (ChangedRows(state.Reader, state.Number, state.Head, keysMax) is not { } rows)
            {
                return null;
            }

            TrieChanges made = Change(head, head.TrieNodes, state, rows);
            _recent.AddFirst((state.StateRoot, state.Head, made));
            if (_recent.Count > Kept)
            {
                _recent.RemoveLast();
            }

            return new RebuiltNodes(head.TrieNodes, made);
        }
    }

    /// <summary>
    /// The flat rows that blocks above <paramref name="low"/> up to <paramref name="high"/> changed, each with the first that did; null
    /// when more than <paramref name="most"/>.
    /// </summary>
    public static Dictionary<byte[], ulong>? ChangedRows(LedgerReader reader, ulong low, ulong high, int most)
    {
        Dictionary<byte[], ulong> rows = new(KeyEquality.Instance);
        for (ulong number = low + 1; number <= high; number++)
        {
            foreach (byte[] key in reader.HistoryKeys(number) ?? [])
            {
                rows.TryAdd(key, number);
            }

            if (rows.Count > most)
            {
                return null;
            }
        }

        return rows;
    }

    /// <summary>The nodes by which the trie of one state differs from <paramref name="nodes"/>, that of another; these rows are all that differs.</summary>
    public static TrieChanges Change(LedgerState from, ITrieNodeSource nodes, LedgerState to, Dictionary<byte[], ulong> rows)
    {
        List<TrieChanges> parts = [];
        List<TrieUpdate> accounts = [];
        foreach (IGrouping<Address, KeyValuePair<byte[], ulong>> group in rows.GroupBy(static row => LedgerKeys.AddressIn(row.Key)))
        {
            Address address = group.Key;
            Hash256 owner = StateTrieKeys.OfAddress(address);
            List<TrieUpdate> slots =
            [
                .. group.Where(static row => !LedgerKeys.IsAccount(row.Key)).Select(row => new TrieUpdate(
                    StateTrieKeys.OfSlot(LedgerKeys.SlotIn(row.Key)).ToArray(),
                    StateTrieKeys.EncodeSlotValue(UInt256.FromBigEndian(Value(to, row.Key, row.Value))))),
            ];
            Account? after = AccountOf(to, group, address);
            if (slots.Count > 0)
            {
                Hash256 before = from.TryGetAccount(address, out Account old) ? old.StorageRoot : Account.EmptyTrieRoot;
                (Hash256 found, TrieChanges storage) = MerkleTrie.Apply(nodes, owner, before, slots);
                if (found != (after?.StorageRoot ?? Account.EmptyTrieRoot))
                {
                    throw to.Reader.Damaged($"the storage of {address} at block {to.Number}");
                }

                parts.Add(storage);
            }

            accounts.Add(new TrieUpdate(owner.ToArray(), after?.Encode()));
        }

        (Hash256 root, TrieChanges changes) = MerkleTrie.Apply(nodes, TrieOwner.Accounts, from.StateRoot, accounts);
        if (root != to.StateRoot)
        {
            throw to.Reader.Damaged($"the state of block {to.Number}");
        }

        parts.Add(changes);
        return TrieChanges.Concat(parts);
    }

    private static Account? AccountOf(LedgerState to, IEnumerable<KeyValuePair<byte[], ulong>> rows, in Address address)
    {
        foreach ((byte[] key, ulong first) in rows)
        {
            if (LedgerKeys.IsAccount(key))
            {
                return to.Reader.TryDecodeAccount(Value(to, key, first), address, out Account changed) ? changed : null;
            }
        }

        return to.TryGetAccount(address, out Account same) ? same : null;
    }

    // The first block that changed a row kept what it had been, so nothing has to be searched.
    private static byte[] Value(LedgerState to, byte[] key, ulong first) =>
        to.Reader.Rows.TryGet(to.IsHead ? key : LedgerKeys.OfHistory(key, first), out byte[] value) ? value : [];
}
