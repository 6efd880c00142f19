using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Ledger.Rows;
using CPChain.Ledger.States;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger;

/// <summary>Puts everything that follows from one block into one batch (specs/storage L3), the rows of each kind in the order of
/// their keys, which the tables take fastest.</summary>
internal sealed class BlockWriter(LedgerReader before, AccountCache accounts, bool isArchive, WriteBatch batch)
{
    private readonly WriteBatch _batch = batch;
    private readonly Dictionary<byte[], byte[]> _former = new(KeyEquality.Instance);
    private ulong _number;

    public WriteBatch Write(Block block, ReadOnlySpan<byte> certificate, BlockResult result, (ulong First, ulong Last) pruned)
    {
        _number = block.Header.Number;
        Hash256 hash = block.Hash;
        _batch.Put(LedgerKeys.OfBlock(_number), block.Encode());
        _batch.Put(LedgerKeys.OfHashOfNumber(_number), hash.ToArray());
        _batch.Put(LedgerKeys.OfNumberOfHash(hash), LedgerValues.EncodeNumber(_number));
        if (!certificate.IsEmpty)
        {
            _batch.Put(LedgerKeys.OfCertificate(_number), certificate);
        }

        WriteTransactions(block, result);
        WriteState(result.StateChanges);
        if (_number == 0 || isArchive)
        {
            WriteNodes(result.TrieChanges);
        }

        WriteHistory();
        for (ulong old = pruned.First; old <= pruned.Last; old++)
        {
            Prune(_batch, before, old);
        }

        _batch.Put(LedgerKeys.Head, LedgerValues.EncodeHead(_number, hash));
        return _batch;
    }

    /// <summary>The rows of nodes that came since they were written last, each place once, and the block whose trie they then are.</summary>
    public static WriteBatch WriteNodes(IReadOnlyList<TrieChanges> changes, ulong number)
    {
        WriteBatch batch = new();
        HashSet<byte[]> written = new(KeyEquality.Instance);
        foreach (TrieNodeChange change in changes.Reverse().SelectMany(static one => one.Nodes))
        {
            byte[] key = LedgerKeys.OfNode(change.Owner, change.Path.Span);
            if (written.Add(key))
            {
                Put(batch, key, change);
            }
        }

        batch.Put(LedgerKeys.Nodes, LedgerValues.EncodeNumber(number));
        return batch;
    }

    private void WriteTransactions(Block block, BlockResult result)
    {
        ImmutableArray<Transaction> transactions = block.Transactions;
        if (transactions.IsEmpty)
        {
            return;
        }

        _batch.Put(LedgerKeys.OfReceipts(_number), LedgerValues.EncodeReceipts(result.Receipts));
        (byte[] Key, int Index)[] rows = [.. transactions.Select(static (one, index) => (LedgerKeys.OfTransaction(one.Hash), index))];
        Array.Sort(rows, static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        foreach ((byte[] key, int index) in rows)
        {
            _batch.Put(key, LedgerValues.EncodeLocation(_number, index));
        }
    }

    private void WriteState(StateChanges changes)
    {
        foreach (CodeChange code in changes.Codes)
        {
            _batch.Put(LedgerKeys.OfCode(code.CodeHash), code.Code.Span);
        }

        foreach (Address address in changes.ClearedStorage)
        {
            ClearSlots(address);
        }

        foreach (AccountChange change in changes.Accounts)
        {
            byte[] key = LedgerKeys.OfAccount(change.Address);
            if (change.After is { } account)
            {
                PutFlat(key, FormerOf(change.Address, key), LedgerValues.EncodeAccount(account));
            }
            else
            {
                ClearSlots(change.Address);
                PutFlat(key, FormerOf(change.Address, key), []);
            }
        }

        foreach (StorageChange change in changes.Storage)
        {
            byte[] key = LedgerKeys.OfSlot(change.Address, change.Slot);
            PutFlat(key, before.Rows.TryGet(key, out byte[] former) ? former : [], LedgerValues.EncodeSlot(change.Value));
        }
    }

    private byte[] FormerOf(in Address address, byte[] key)
    {
        if (_number > 0 && accounts.TryGet(address, _number - 1, out Account? known))
        {
            return known is { } account ? LedgerValues.EncodeAccount(account) : [];
        }

        return before.Rows.TryGet(key, out byte[] former) ? former : [];
    }

    private void ClearSlots(in Address address)
    {
        foreach (StoreEntry row in before.Rows.Scan(LedgerKeys.SlotsOf(address)))
        {
            PutFlat(row.Key, row.Value, []);
        }
    }

    /// <summary>Sets a flat row, or removes it for an empty value, and keeps what it was.</summary>
    private void PutFlat(byte[] key, byte[] former, byte[] value)
    {
        bool isFirst = !_former.ContainsKey(key);
        if (isFirst && former.AsSpan().SequenceEqual(value))
        {
            return;
        }

        if (value.Length > 0)
        {
            _batch.Put(key, value);
        }
        else if (former.Length > 0 || !isFirst)
        {
            _batch.Delete(key);
        }

        if (isFirst)
        {
            _former.Add(key, former);
        }
    }

    private void WriteNodes(TrieChanges changes)
    {
        foreach (TrieNodeChange change in changes.Nodes)
        {
            byte[] key = LedgerKeys.OfNode(change.Owner, change.Path.Span);
            if (_number > 0)
            {
                _batch.Put(LedgerKeys.OfNodeHistory(key, _number), before.Rows.TryGet(key, out byte[] former) ? former : []);
            }

            Put(_batch, key, change);
        }

        _batch.Put(LedgerKeys.Nodes, LedgerValues.EncodeNumber(_number));
    }

    private static void Put(WriteBatch batch, byte[] key, in TrieNodeChange change)
    {
        if (change.Node is { } node)
        {
            batch.Put(key, node.Span);
        }
        else
        {
            batch.Delete(key);
        }
    }

    private void WriteHistory()
    {
        if (_number > 0 && _former.Count > 0)
        {
            foreach ((byte[] key, byte[] former) in _former)
            {
                _batch.Put(LedgerKeys.OfHistory(key, _number), former);
            }

            _batch.Put(LedgerKeys.OfHistoryList(_number), LedgerValues.EncodeKeyList([.. _former.Keys]));
        }
    }

    /// <summary>Removes the former values that one block left.</summary>
    public static void Prune(WriteBatch batch, LedgerReader before, ulong number)
    {
        if (before.HistoryKeys(number) is not { } keys)
        {
            return;
        }

        foreach (byte[] key in keys)
        {
            batch.Delete(LedgerKeys.OfHistory(key, number));
        }

        batch.Delete(LedgerKeys.OfHistoryList(number));
    }
}
